// UTF-8 cut at token borders: which characters a run of byte chunks completes, and which bytes are no text.
// It knows nothing of tokenizers.

import { concat } from "../../basics/concat.ts";
import { toHexadecimal } from "../../basics/hexadecimal.ts";

/** Text of one chunk, and the same for the eye: whitespace visible, bytes that are no text in hexadecimal. */
export interface ChunkText {
  readonly text: string;
  readonly display: string;
}

/** Texts of the last chunks of some. */
export interface PathTexts {
  /** UTF-16 units of the text before them. */
  readonly offset: number;
  readonly texts: readonly ChunkText[];
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** UTF-8 to text; one U+FFFD for each maximal invalid part, a byte order mark is kept. */
export function lossyText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Length of the character that begins at `at`; negative: of the maximal invalid part there (Unicode, table 3-7). */
function measureCharacter(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return -1;
  const more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  let low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  let high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  for (let k = 1; k <= more; k++) {
    const next = bytes[at + k];
    if (next === undefined || next < low || next > high) return -k;
    low = 0x80;
    high = 0xbf;
  }
  return more + 1;
}

/** Whether the bytes are whole, valid UTF-8. */
export function isText(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length;) {
    const length = measureCharacter(bytes, at);
    if (length < 0) return false;
    at += length;
  }
  return true;
}

/** Each chunk's share of the text of all chunks together, from the chunk of index `first` on: a character (or a maximal
 * invalid part, U+FFFD) belongs to the chunk that holds its last byte, so the texts of all joined are `lossyText` of
 * the chunks joined. */
export function decodeTogether(chunks: readonly Uint8Array[], first = 0): PathTexts {
  const bytes = concat(Uint8Array, chunks);
  const texts: ChunkText[] = [];
  let offset = 0;
  let start = 0; // of the chunk
  let from = 0; // of the first character that no chunk has yet; never after `start`
  for (const [at, chunk] of chunks.entries()) {
    const end = start + chunk.length;
    const { to, units } = scanCharacters(bytes, from, end);
    if (at < first) offset += units;
    else {
      const text = readText(bytes, from, to);
      const plain = to === end && !text.includes("\uFFFD");
      texts.push({
        text,
        display: plain ? showWhitespace(text) : displayOfBytes(bytes, from, to, start, end),
      });
    }
    start = end;
    from = to;
  }
  return { offset, texts };
}

/** Bytes up to which a text is read character by character: a decoder's call takes longer. */
const SHORT_TEXT = 16;

/** `lossyText` of the bytes [from, to). */
function readText(bytes: Uint8Array, from: number, to: number): string {
  if (to - from > SHORT_TEXT) return lossyText(bytes.subarray(from, to));
  let text = "";
  for (let at = from; at < to;) {
    const length = measureCharacter(bytes, at);
    text += length < 0 ? "\uFFFD" : readCharacter(bytes, at, length);
    at += Math.abs(length);
  }
  return text;
}

function readCharacter(bytes: Uint8Array, at: number, length: number): string {
  let code = length === 1 ? bytes[at]! : bytes[at]! & 0x7f >> length;
  for (let k = 1; k < length; k++) code = code << 6 | bytes[at + k]! & 0x3f;
  return String.fromCodePoint(code);
}

/** Where the last character from `from` on ends that is complete at `end`, and the UTF-16 units of them all. */
function scanCharacters(bytes: Uint8Array, from: number, end: number): { to: number; units: number } {
  let to = from;
  let units = 0;
  while (to < end) {
    const length = measureCharacter(bytes, to);
    const next = to + Math.abs(length);
    if (next > end) break;
    units += length === 4 ? 2 : 1;
    to = next;
  }
  return { to, units };
}

/** Characters of [from, to) and the hexadecimal of what is no text; bytes before `start` belong to others. */
function displayOfBytes(bytes: Uint8Array, from: number, to: number, start: number, end: number): string {
  if (from === to && start < end) return bracketBytes(bytes.subarray(start, end)); // a part of a character
  let shown = "";
  let stray: number[] = [];
  const flush = () => {
    if (stray.length > 0) shown += bracketBytes(stray);
    stray = [];
  };
  for (let at = from; at < to;) {
    const length = measureCharacter(bytes, at);
    const next = at + Math.abs(length);
    if (length > 0) {
      flush();
      shown += readCharacter(bytes, at, length);
    } else {
      stray.push(...bytes.subarray(Math.max(at, start), next));
    }
    at = next;
  }
  stray.push(...bytes.subarray(Math.max(to, start), end));
  flush();
  return showWhitespace(shown);
}

/** ⟨F0 9F⟩ */
export function bracketBytes(bytes: Iterable<number>): string {
  return `⟨${toHexadecimal(bytes)}⟩`;
}

const shownOtherwise = /^ |[\n\t]/;

/** Whitespace made visible: ␠ for each leading space, ⏎ newline, ⇥ tab, ∅ for nothing. */
export function showWhitespace(text: string): string {
  if (text === "") return "∅";
  if (!shownOtherwise.test(text)) return text;
  return text.replace(/^ +/, (spaces) => "␠".repeat(spaces.length)).replaceAll("\n", "⏎").replaceAll(
    "\t",
    "⇥",
  );
}
