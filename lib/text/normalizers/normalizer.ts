// The `normalizer` of tokenizer.json (tokenizers/src/normalizers).
import { isRecord } from "../../basics/is_record.ts";
import { type Component, componentsOf, flagOption, textOption, unsupportedError } from "../file/component.ts";
import { cut, mapPiece, type Piece, pieceOf, prefixPiece } from "../file/piece.ts";
import { anyOf, COMBINING_MARK, WHITE_SPACE } from "../unicode/classes.ts";
import { lowerCase, normalForm } from "../unicode/forms.ts";
import { findSections, patternOption } from "../unicode/pattern.ts";
import { toStandIns } from "../unicode/stand_ins.ts";
import { bertNormalizer } from "./bert.ts";
import { createPrecompiledNormalizer } from "./precompiled.ts";

export type Normalizer = (piece: Piece) => Piece;

const kinds: Readonly<Record<string, (component: Component) => Normalizer>> = {
  Sequence: sequence,
  BertNormalizer: (component) => normalizerBy(bertNormalizer(component)),
  Strip: strip,
  StripAccents: () => normalizerBy((text) => text.replace(anyOf(COMBINING_MARK), "")),
  NFC: () => normalizerBy((text) => normalForm(text, "NFC")),
  NFD: () => normalizerBy((text) => normalForm(text, "NFD")),
  NFKC: () => normalizerBy((text) => normalForm(text, "NFKC")),
  NFKD: () => normalizerBy((text) => normalForm(text, "NFKD")),
  Lowercase: () => normalizerBy(lowerCase),
  Nmt: () => normalizerBy(nmt),
  Precompiled: createPrecompiled,
  Replace: replace,
  Prepend: prepend,
  ByteLevel: () => normalizerBy(toStandIns),
};

/** Reads the normalizer; without one a text stays as it is. Throws faults (model_failed, unsupported). */
export function createNormalizer(component: Component | null): Normalizer {
  if (component === null) return (piece) => piece;
  const kind = Object.hasOwn(kinds, component.type) ? kinds[component.type] : undefined;
  if (kind === undefined) throw unsupportedError(`a normalizer of type ${component.type}`);
  return kind(component);
}

function normalizerBy(rewrite: (text: string) => string): Normalizer {
  return (piece) => mapPiece(piece, rewrite);
}

function createPrecompiled(component: Component): Normalizer {
  const rewrite = createPrecompiledNormalizer(component);
  return (piece) => {
    const made = mapPiece(piece, rewrite);
    // The reference forgets what the map removes before the first character that it keeps.
    return piece.origin > 0 && made.origin === 0 ? pieceOf(made.text) : made;
  };
}

function sequence(component: Component): Normalizer {
  const steps = componentsOf(component, "normalizers").map(createNormalizer);
  return (piece) => steps.reduce((current, step) => step(current), piece);
}

function strip(component: Component): Normalizer {
  const left = flagOption(component, "strip_left");
  const right = flagOption(component, "strip_right");
  const leading = new RegExp(`^[${WHITE_SPACE}]+`, "u");
  const trailing = new RegExp(`[${WHITE_SPACE}]`, "u");
  return (piece) => {
    const { text } = piece;
    const start = left ? leading.exec(text)?.[0].length ?? 0 : 0;
    let end = text.length;
    while (right && end > start && trailing.test(text.charAt(end - 1))) end--;
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
  return ({ text, origin }) => {
    const { ends, matched } = findSections(text, pattern);
    if (!matched.includes(true)) return { text, origin };
    let written = "";
    let newOrigin = 0;
    ends.forEach((end, at) => {
      const start = ends[at - 1] ?? 0;
      // what is written in place of a match comes from the match's last character
      const fromFirst = matched[at] ? (end <= origin ? content.length : 0) : Math.min(end, origin) - start;
      newOrigin += Math.max(0, fromFirst);
      written += matched[at] ? content : text.slice(start, end);
    });
    return { text: written, origin: newOrigin };
  };
}

function isEmpty(pattern: unknown): boolean {
  return isRecord(pattern) && pattern.String === "";
}

function prepend(component: Component): Normalizer {
  const mark = textOption(component, "prepend");
  return (piece) => piece.text === "" ? piece : prefixPiece(piece, mark);
}
