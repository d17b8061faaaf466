// The `normalizer` of tokenizer.json (tokenizers/src/normalizers).
import { isRecord } from "../../basics/is_record.ts";
import { type Component, componentsOf, flagOption, textOption, unsupported } from "../file/component.ts";
import { cut, mapped, type Piece, pieceOf, prefixed } from "../file/piece.ts";
import { anyOf, COMBINING_MARK, WHITE_SPACE } from "../unicode/classes.ts";
import { lowerCase, normalForm } from "../unicode/forms.ts";
import { findSections, patternOption } from "../unicode/pattern.ts";
import { toStandIns } from "../unicode/stand_ins.ts";
import { bertNormalizer } from "./bert.ts";
import { precompiledNormalizer } from "./precompiled.ts";

export type Normalizer = (piece: Piece) => Piece;

const kinds: Readonly<Record<string, (component: Component) => Normalizer>> = {
  Sequence: sequence,
  BertNormalizer: (component) => rewriting(bertNormalizer(component)),
  Strip: strip,
  StripAccents: () => rewriting((text) => text.replace(anyOf(COMBINING_MARK), "")),
  NFC: () => rewriting((text) => normalForm(text, "NFC")),
  NFD: () => rewriting((text) => normalForm(text, "NFD")),
  NFKC: () => rewriting((text) => normalForm(text, "NFKC")),
  NFKD: () => rewriting((text) => normalForm(text, "NFKD")),
  Lowercase: () => rewriting(lowerCase),
  Nmt: () => rewriting(nmt),
  Precompiled: precompiled,
  Replace: replace,
  Prepend: prepend,
  ByteLevel: () => rewriting(toStandIns),
};

/** Reads the normalizer; without one a text stays as it is. Throws faults (model_failed, unsupported). */
export function createNormalizer(component: Component | null): Normalizer {
  if (component === null) return (piece) => piece;
  const kind = Object.hasOwn(kinds, component.type) ? kinds[component.type] : undefined;
  if (kind === undefined) throw unsupported(`a normalizer of type ${component.type}`);
  return kind(component);
}

function rewriting(rewrite: (text: string) => string): Normalizer {
  return (piece) => mapped(piece, rewrite);
}

function precompiled(component: Component): Normalizer {
  const rewrite = precompiledNormalizer(component);
  return (piece) => {
    const made = mapped(piece, rewrite);
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
  if (isEmpty(component.pattern)) throw unsupported("a Replace of an empty text"); // the reference panics
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
  return (piece) => piece.text === "" ? piece : prefixed(piece, mark);
}
