// The `pre_tokenizer` of tokenizer.json (tokenizers/src/pre_tokenizers).
import { findOwn } from "../../basics/find_own.ts";
import { byteLevelOptions } from "../file/byte_level.ts";
import {
  characterOption,
  type Component,
  componentsOf,
  countOption,
  fileError,
  flagOption,
  nameOption,
  unsupportedError,
} from "../file/component.ts";
import type { Slices } from "../../basics/slices.ts";
import { rewriteInParts } from "../file/in_parts.ts";
import { type Cutter, mapPiece, type Piece, prefixPiece } from "../file/piece.ts";
import { createCharacterClass, createCharacterReader } from "../unicode/characters.ts";
import { NUMBER, PUNCTUATION_MARK, WHITE_SPACE, WORD } from "../unicode/classes.ts";
import { createSectionReader, literalPattern, patternOption } from "../unicode/pattern.ts";
import { toStandIns } from "../unicode/stand_ins.ts";
import { createGpt2Cutter } from "./gpt2_words.ts";
import { metaspacePreTokenizer } from "./metaspace.ts";
import { createScriptCutter } from "./scripts.ts";
import { type Behavior, BEHAVIORS, createSplit } from "./split.ts";
import { createWhole } from "./whole.ts";

export interface PreTokenizer {
  /** For one text at a time: it is at a place of it. */
  createCutter(): Cutter;
  /** What each part becomes in the end, whatever is beside it. It is apart, because parts come again. */
  readonly rewrite: ((text: string) => string) | null;
}

const kinds: Readonly<Record<string, (component: Component) => PreTokenizer>> = {
  Sequence: sequence,
  BertPreTokenizer: () =>
    chainAll([splitByCharacters(WHITE_SPACE, "Removed"), splitByCharacters(PUNCTUATION_MARK, "Isolated")]),
  ByteLevel: byteLevel,
  CharDelimiterSplit: charDelimiterSplit,
  Metaspace: (component) => preTokenizerOf(metaspacePreTokenizer(component)),
  Whitespace: whitespace,
  WhitespaceSplit: () => splitByCharacters(WHITE_SPACE, "Removed"),
  Punctuation: (component) =>
    splitByCharacters(PUNCTUATION_MARK, nameOption(component, "behavior", BEHAVIORS, "Isolated")),
  Split: splitPreTokenizer,
  Digits: (component) =>
    splitByCharacters(NUMBER, flagOption(component, "individual_digits") ? "Isolated" : "Contiguous"),
  UnicodeScripts: () => preTokenizerOf(createScriptCutter),
  FixedLength: fixedLength,
};

/** Reads the pre-tokenizer; without one a text is one piece. Throws faults (model_failed, unsupported). */
export function createPreTokenizer(component: Component | null): PreTokenizer {
  if (component === null) return preTokenizerOf(createWhole);
  const kind = findOwn(kinds, component.type);
  if (kind === undefined) throw unsupportedError(`a pre-tokenizer of type ${component.type}`);
  return kind(component);
}

function preTokenizerOf(createCutter: () => Cutter): PreTokenizer {
  return { createCutter, rewrite: null };
}

function splitBy(pattern: RegExp, behavior: Behavior, invert = false): PreTokenizer {
  return preTokenizerOf(() => createSplit(createSectionReader(pattern), behavior, invert));
}

function splitByCharacters(characters: string, behavior: Behavior): PreTokenizer {
  const found = createCharacterClass(characters);
  return preTokenizerOf(() => createSplit(createCharacterReader(found), behavior));
}

function sequence(component: Component): PreTokenizer {
  return chainAll(componentsOf(component, "pretokenizers").map(createPreTokenizer));
}

function chainAll(steps: readonly PreTokenizer[]): PreTokenizer {
  return steps.reduce(chainTwo, preTokenizerOf(createWhole));
}

function chainTwo(first: PreTokenizer, second: PreTokenizer): PreTokenizer {
  const { createCutter, rewrite } = first;
  return {
    createCutter: () => createChain(createCutter(), rewrite, second.createCutter()),
    rewrite: second.rewrite,
  };
}

/** UTF-16 units of a part from which it is rewritten with rests. */
const LONG_PART = 2 ** 15;

/** Cuts each part that the first cutter makes by the second one. */
function createChain(first: Cutter, rewrite: PreTokenizer["rewrite"], second: Cutter): Cutter {
  let inside = false;
  let rewriting: Slices<Piece> | null = null; // of a long part, before the second one begins it
  const enter = (piece: Piece) => {
    second.begin(piece);
    inside = true;
  };
  return {
    begin(piece) {
      first.begin(piece);
      inside = false;
      rewriting = null;
    },
    next() {
      while (true) {
        if (rewriting !== null) {
          const { done, value } = rewriting.next();
          if (!done) return null;
          rewriting = null;
          enter(value);
        }
        const part = inside ? second.next() : undefined;
        if (part !== undefined) return part;
        inside = false;
        const piece = first.next();
        if (!piece) return piece;
        if (rewrite === null) enter(piece);
        else if (piece.text.length <= LONG_PART) enter(mapPiece(piece, rewrite));
        else rewriting = mapInParts(piece, rewrite);
      }
    },
  };
}

function* mapInParts({ text, origin }: Piece, rewrite: (text: string) => string): Slices<Piece> {
  const begin = mapPiece({ text: text.slice(0, origin), origin }, rewrite);
  return { text: yield* rewriteInParts(text, rewrite, true), origin: begin.origin };
}

function byteLevel(component: Component): PreTokenizer {
  const { prefixed, words: cuts } = byteLevelOptions(component);
  const createCutter = (): Cutter => {
    const { begin, next } = cuts ? createGpt2Cutter() : createWhole();
    const spaced = (piece: Piece) => piece.text.startsWith(" ") ? piece : prefixPiece(piece, " ");
    return { begin: prefixed ? (piece) => begin(spaced(piece)) : begin, next };
  };
  return { createCutter, rewrite: toStandIns };
}

function charDelimiterSplit(component: Component): PreTokenizer {
  return splitBy(literalPattern(characterOption(component, "delimiter")), "Removed");
}

function whitespace(): PreTokenizer {
  return splitBy(new RegExp(`[${WORD}]+|[^${WORD}${WHITE_SPACE}]+`, "gu"), "Removed", true);
}

function splitPreTokenizer(component: Component): PreTokenizer {
  const pattern = patternOption(component);
  const behavior = nameOption(component, "behavior", BEHAVIORS);
  return splitBy(pattern, behavior, flagOption(component, "invert"));
}

function fixedLength(component: Component): PreTokenizer {
  const length = countOption(component, "length", 5);
  if (length === 0) throw fileError("tokenizer.json", 'its FixedLength needs a "length" above 0');
  return splitBy(new RegExp(`[^]{1,${length}}`, "gu"), "Isolated");
}
