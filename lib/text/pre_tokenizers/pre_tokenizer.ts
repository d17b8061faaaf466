// The `pre_tokenizer` of tokenizer.json (tokenizers/src/pre_tokenizers).
import { byteLevelOptions } from "../file/byte_level.ts";
import {
  characterOption,
  type Component,
  componentsOf,
  countOption,
  flagOption,
  nameOption,
  unsupportedError,
  unusable,
} from "../file/component.ts";
import { cut, mapPiece, type Piece, type Pieces, prefixPiece } from "../file/piece.ts";
import { anyOf, NUMBER, PUNCTUATION_MARK, WHITE_SPACE, WORD } from "../unicode/classes.ts";
import { literalPattern, patternOption } from "../unicode/pattern.ts";
import { toStandIns } from "../unicode/stand_ins.ts";
import { metaspacePreTokenizer } from "./metaspace.ts";
import { splitAtScripts } from "./scripts.ts";
import { type Behavior, BEHAVIORS, split } from "./split.ts";

/** The pieces are made when they are asked for. */
export type PreTokenizer = (piece: Piece) => Pieces;

const kinds: Readonly<Record<string, (component: Component) => PreTokenizer>> = {
  Sequence: sequence,
  BertPreTokenizer: () =>
    inTurn([splitting(WHITE_SPACE, "Removed"), splitting(PUNCTUATION_MARK, "Isolated")]),
  ByteLevel: byteLevel,
  CharDelimiterSplit: charDelimiterSplit,
  Metaspace: metaspacePreTokenizer,
  Whitespace: whitespace,
  WhitespaceSplit: () => splitting(WHITE_SPACE, "Removed"),
  Punctuation: (component) =>
    splitting(PUNCTUATION_MARK, nameOption(component, "behavior", BEHAVIORS, "Isolated")),
  Split: splitPreTokenizer,
  Digits: (component) =>
    splitting(NUMBER, flagOption(component, "individual_digits") ? "Isolated" : "Contiguous"),
  UnicodeScripts: () => splitAtScripts,
  FixedLength: fixedLength,
};

/** Reads the pre-tokenizer; without one a text is one piece. Throws faults (model_failed, unsupported). */
export function createPreTokenizer(component: Component | null): PreTokenizer {
  if (component === null) return (piece) => [piece];
  const kind = Object.hasOwn(kinds, component.type) ? kinds[component.type] : undefined;
  if (kind === undefined) throw unsupportedError(`a pre-tokenizer of type ${component.type}`);
  return kind(component);
}

function inTurn(steps: readonly PreTokenizer[]): PreTokenizer {
  return (piece) => steps.reduce<Pieces>(thenBy, [piece]);
}

function* thenBy(pieces: Pieces, step: PreTokenizer): Pieces {
  for (const piece of pieces) {
    if (piece === null) yield null;
    else yield* step(piece);
  }
}

function sequence(component: Component): PreTokenizer {
  return inTurn(componentsOf(component, "pretokenizers").map(createPreTokenizer));
}

function splitting(characters: string, behavior: Behavior): PreTokenizer {
  const pattern = anyOf(characters);
  return (piece) => split(piece, pattern, behavior);
}

// GPT-2's pattern: `\s` there is White_Space.
const gpt2 =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/u;

function byteLevel(component: Component): PreTokenizer {
  const { prefixed, words: cuts } = byteLevelOptions(component);
  const words = cuts ? new RegExp(gpt2, "gu") : null;
  return (piece) => {
    const spaced = prefixed && !piece.text.startsWith(" ") ? prefixPiece(piece, " ") : piece;
    return asStandIns(words === null ? [spaced] : split(spaced, words, "Isolated"));
  };
}

function* asStandIns(pieces: Pieces): Pieces {
  for (const piece of pieces) yield piece === null ? null : mapPiece(piece, toStandIns);
}

function charDelimiterSplit(component: Component): PreTokenizer {
  const pattern = literalPattern(characterOption(component, "delimiter"));
  return (piece) => split(piece, pattern, "Removed");
}

function whitespace(): PreTokenizer {
  const pattern = new RegExp(`[${WORD}]+|[^${WORD}${WHITE_SPACE}]+`, "gu");
  return (piece) => split(piece, pattern, "Removed", true);
}

function splitPreTokenizer(component: Component): PreTokenizer {
  const pattern = patternOption(component);
  const behavior = nameOption(component, "behavior", BEHAVIORS);
  const invert = flagOption(component, "invert");
  return (piece) => split(piece, pattern, behavior, invert);
}

function fixedLength(component: Component): PreTokenizer {
  const length = countOption(component, "length", 5);
  if (length === 0) throw unusable("tokenizer.json", 'its FixedLength needs a "length" above 0');
  const pattern = new RegExp(`[^]{1,${length}}`, "gu");
  return function* (piece): Pieces {
    let start = 0;
    for (const [part] of piece.text.matchAll(pattern)) {
      const end = start + part.length;
      yield cut(piece, start, end);
      start = end;
    }
  };
}
