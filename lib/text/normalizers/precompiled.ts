// Precompiled: SentencePiece's normalisation rules as a map from strings to strings, stored as a double-array trie
// (Darts) and the texts that it points to (crate spm_precompiled; tokenizers/src/normalizers/precompiled.rs).
import { type Component, fileError, textOption } from "../file/component.ts";

/** What a text becomes by the map in `precompiled_charsmap`. Throws a fault where that is none. */
export function createPrecompiledNormalizer(component: Component): (text: string) => string {
  const lookUp = readMap(textOption(component, "precompiled_charsmap"));
  const known = new Map<string, string | null>(); // of single characters
  const ofCharacter = (character: string): string => {
    let found = known.get(character);
    if (found === undefined) known.set(character, found = lookUp(character));
    return found ?? character;
  };
  const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
  const ofGrapheme = (grapheme: string): string => {
    // The reference looks up graphemes below 6 bytes as a whole first, and the shortest entry that they begin with.
    const whole = grapheme.length > 1 && countUtf8(grapheme) < 6 ? lookUp(grapheme) : null;
    return whole ?? Array.from(grapheme, ofCharacter).join("");
  };
  return (text) => {
    // deno-lint-ignore no-control-regex -- below U+0300 only CR LF makes a grapheme of two
    if (!/[^\u0000-\u02FF]|\r\n/.test(text)) return text.replace(/[^]/g, ofCharacter);
    let written = "";
    for (const { segment } of graphemes.segment(text)) written += ofGrapheme(segment);
    return written;
  };
}

const encoder = new TextEncoder();

function countUtf8(text: string): number {
  return encoder.encode(text).length;
}

/** Units of Darts: 31 bits, of which leaves hold a value, and others a label, an offset and whether a leaf follows. */
const labelOf = (unit: number) => (unit & 0x800000ff) >>> 0;
const offsetOf = (unit: number) => (unit >>> 10) << ((unit & 0x200) >>> 6);
const hasLeaf = (unit: number) => (unit & 0x100) !== 0;

/** The map's entry for the shortest prefix of a text that has one; null where none has. */
function readMap(base64: string): (text: string) => string | null {
  const { units, texts } = openMap(base64);
  const decoder = new TextDecoder();
  return (text) => {
    let at = offsetOf(units[0] ?? 0);
    for (const byte of encoder.encode(text)) {
      if (byte === 0) return null;
      at ^= byte;
      const unit = units[at] ?? 0;
      if (labelOf(unit) !== byte) return null;
      at ^= offsetOf(unit);
      if (!hasLeaf(unit)) continue;
      const start = (units[at] ?? 0) & 0x7fffffff;
      const end = texts.indexOf(0, start);
      return decoder.decode(texts.subarray(start, end < 0 ? texts.length : end));
    }
    return null;
  };
}

/** The map's two parts: 4 bytes that say how many the trie has, the trie, and the texts, each ended by a zero byte. */
function openMap(base64: string): { units: Uint32Array; texts: Uint8Array } {
  const bad = (why: string) => fileError("tokenizer.json", `its Precompiled map ${why}`);
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    throw bad("is no base64");
  }
  if (bytes.length < 8) throw bad("is empty");
  const view = new DataView(bytes.buffer);
  const size = view.getUint32(0, true);
  if (size === 0 || size % 4 !== 0 || 4 + size > bytes.length) throw bad("is cut off");
  const units = Uint32Array.from({ length: size / 4 }, (_, at) => view.getUint32(4 + 4 * at, true));
  return { units, texts: bytes.subarray(4 + size) };
}
