// Metaspace: spaces as a visible mark, and a split before each (tokenizers/src/pre_tokenizers/metaspace.rs).
import { characterOption, type Component, fileError, flagOption, nameOption } from "../file/component.ts";
import { type Cutter, mapPiece, prefixPiece } from "../file/piece.ts";
import { createSectionReader, literalPattern } from "../unicode/pattern.ts";
import { createSplit } from "./split.ts";
import { createWhole } from "./whole.ts";

/** Where the mark is written before a text: never, always, or before the first piece of a text only. */
type PrependScheme = "first" | "never" | "always";

interface MetaspaceOptions {
  readonly mark: string;
  readonly scheme: PrependScheme;
  readonly splits: boolean;
}

/** The options that the pre-tokenizer and the decoder share. Throws a fault where they contradict each other. */
export function metaspaceOptions(component: Component): MetaspaceOptions {
  const scheme = nameOption(component, "prepend_scheme", ["first", "never", "always"], "always");
  if (component.add_prefix_space === false && scheme !== "never") {
    throw fileError(
      "tokenizer.json",
      'its Metaspace has "add_prefix_space": false with another prepend_scheme',
    );
  }
  // null is as good as nothing here
  const splits = (component.split ?? null) === null ? true : flagOption(component, "split");
  return { mark: characterOption(component, "replacement"), scheme, splits };
}

/** Spaces become the mark, and the text is cut before each mark. */
export function metaspacePreTokenizer(component: Component): () => Cutter {
  const { mark, scheme, splits } = metaspaceOptions(component);
  const pattern = literalPattern(mark);
  return () => {
    const { begin, next } = splits
      ? createSplit(createSectionReader(pattern), "MergedWithNext")
      : createWhole();
    return {
      begin(piece) {
        const marked = mapPiece(piece, (text) => text.replaceAll(" ", mark));
        const wanted = scheme === "always" || scheme === "first" && piece.origin > 0;
        begin(wanted && !marked.text.startsWith(mark) ? prefixPiece(marked, mark) : marked);
      },
      next,
    };
  };
}
