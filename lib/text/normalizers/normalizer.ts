// The `normalizer` of tokenizer.json (tokenizers/src/normalizers).
import { findOwn } from "../../basics/find_own.ts";
import { isRecord } from "../../basics/is_record.ts";
import { LongText } from "../../basics/long_text.ts";
import type { Slices } from "../../basics/slices.ts";
import { type Component, componentsOf, flagOption, textOption, unsupportedError } from "../file/component.ts";
import { rewriteInParts } from "../file/in_parts.ts";
import { cut, type Piece, pieceOf, prefixPiece, STEPS_A_REST } from "../file/piece.ts";
import { anyOf, COMBINING_MARK, WHITE_SPACE } from "../unicode/classes.ts";
import { lowerCase, type NormalForm, toNormalForm, toNormalFormInSlices } from "../unicode/forms.ts";
import { createSectionReader, patternOption } from "../unicode/pattern.ts";
import { toStandIns } from "../unicode/stand_ins.ts";
import { listBertSteps } from "./bert.ts";
import { createPrecompiledNormalizer } from "./precompiled.ts";

/** In slices where a text is long. */
export type Normalizer = (piece: Piece) => Slices<Piece>;

const kinds: Readonly<Record<string, (component: Component) => Normalizer>> = {
  Sequence: sequence,
  BertNormalizer: (component) =>
    sequenceOf(
      listBertSteps(component).map((step) =>
        typeof step === "string" ? normalFormOf(step) : normalizerOf(step, true)
      ),
    ),
  Strip: strip,
  StripAccents: stripAccents,
  NFC: () => normalFormOf("NFC"),
  NFD: () => normalFormOf("NFD"),
  NFKC: () => normalFormOf("NFKC"),
  NFKD: () => normalFormOf("NFKD"),
  Lowercase: () => normalizerOf(lowerCase, true),
  Nmt: () => normalizerOf(nmt, true),
  Precompiled: createPrecompiled,
  Replace: replace,
  Prepend: prepend,
  ByteLevel: () => normalizerOf(toStandIns, true),
};

/** Reads the normalizer; without one a text stays as it is. Throws faults (model_failed, unsupported). */
export function createNormalizer(component: Component | null): Normalizer {
  if (component === null) return sequenceOf([]);
  const kind = findOwn(kinds, component.type);
  if (kind === undefined) throw unsupportedError(`a normalizer of type ${component.type}`);
  return kind(component);
}

function normalFormOf(form: NormalForm): Normalizer {
  return normalizerOf(
    (text) => toNormalForm(text, form),
    false,
    (text) => toNormalFormInSlices(text, form),
  );
}

function stripAccents(): Normalizer {
  const marks = anyOf(COMBINING_MARK);
  return normalizerOf((text) => text.replace(marks, ""), true);
}

/** `apart`: each character is rewritten by itself. `inSlices`: how a text is rewritten that cannot be cut. */
function normalizerOf(
  rewrite: (text: string) => string,
  apart = false,
  inSlices: ((text: string) => Slices<string>) | null = null,
): Normalizer {
  return function* ({ text, origin }) {
    return {
      text: yield* rewriteInParts(text, rewrite, apart, inSlices),
      origin: origin === 0 ? 0 : rewrite(text.slice(0, origin)).length,
    };
  };
}

function createPrecompiled(component: Component): Normalizer {
  const normalize = normalizerOf(createPrecompiledNormalizer(component));
  return function* (piece) {
    const made = yield* normalize(piece);
    // The reference forgets what the map removes before the first character that it keeps.
    return piece.origin > 0 && made.origin === 0 ? pieceOf(made.text) : made;
  };
}

function sequence(component: Component): Normalizer {
  return sequenceOf(componentsOf(component, "normalizers").map(createNormalizer));
}

function sequenceOf(steps: readonly Normalizer[]): Normalizer {
  return function* (piece) {
    for (const step of steps) piece = yield* step(piece);
    return piece;
  };
}

function strip(component: Component): Normalizer {
  const left = flagOption(component, "strip_left");
  const right = flagOption(component, "strip_right");
  const leading = new RegExp(`^[${WHITE_SPACE}]+`, "u");
  const trailing = new RegExp(`[${WHITE_SPACE}]`, "u");
  return function* (piece) {
    const { text } = piece;
    const start = left ? leading.exec(text)?.[0].length ?? 0 : 0;
    let end = text.length;
    while (right && end > start && trailing.test(text.charAt(end - 1))) {
      if (--end % STEPS_A_REST === 0) yield;
    }
    return cut(piece, start, end);
  };
}

/** SentencePiece's cleaning: control characters go, other white space becomes a space. */
function nmt(text: string): string {
  return text
    // deno-lint-ignore no-control-regex -- they are what is removed
    .replace(/[\u0001-\u0008\u000B\u000E-\u001F\u007F\u008F\u009F]/g, "")
    .replace(/[\t\n\f\r\u1680\u200B-\u200F\u2028\u2029\u2581\uFEFF\uFFFD]/g, " ");
}

function replace(component: Component): Normalizer {
  const pattern = patternOption(component);
  const content = textOption(component, "content");
  if (isEmpty(component.pattern)) throw unsupportedError("a Replace of an empty text"); // the reference panics
  return function* ({ text, origin }) {
    const sections = createSectionReader(pattern);
    sections.begin(text);
    const written = new LongText();
    let newOrigin = 0;
    for (let start = 0, steps = 1; sections.next(); steps++) {
      const { end, matched } = sections;
      // what is written in place of a match comes from the match's last character
      const fromFirst = matched ? (end <= origin ? content.length : 0) : Math.min(end, origin) - start;
      newOrigin += Math.max(0, fromFirst);
      written.add(matched ? content : text.slice(start, end));
      start = end;
      if (steps % STEPS_A_REST === 0) yield;
    }
    return { text: written.end(), origin: newOrigin };
  };
}

function isEmpty(pattern: unknown): boolean {
  return isRecord(pattern) && pattern.String === "";
}

function prepend(component: Component): Normalizer {
  const mark = textOption(component, "prepend");
  // deno-lint-ignore require-yield -- it is one step
  return function* (piece) {
    return piece.text === "" ? piece : prefixPiece(piece, mark);
  };
}
