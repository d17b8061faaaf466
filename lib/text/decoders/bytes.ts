// The steps of decoders that make bytes text: tokens of stand-ins, and tokens that name a byte.
import { concat } from "../../basics/concat.ts";
import { readStandIns } from "../unicode/stand_ins.ts";
import { bracketBytes, decodeTogether, isText, showWhitespace } from "../unicode/utf8.ts";
import { type Chunk, type Span, textOf } from "./chunk.ts";

const encoder = new TextEncoder();

/** Bytes of a token of stand-ins; a token with other characters, an added one say, is text as it stands. */
export function bytesOfStandIns(token: string): Uint8Array {
  return readStandIns(token) ?? encoder.encode(token);
}

/** ByteLevel: all tokens' bytes together are one text, with U+FFFD for each maximal part that is none. */
export function byteLevel(chunks: readonly Chunk[]): Chunk[] {
  const owners: number[] = [];
  const bytes: Uint8Array[] = [];
  for (const chunk of chunks) {
    const standIns = readStandIns(textOf(chunk)) !== null;
    for (const { owner, text } of chunk) {
      owners.push(owner);
      bytes.push(standIns ? bytesOfStandIns(text) : encoder.encode(text));
    }
  }
  return [spansOf(owners, bytes)];
}

function spansOf(owners: readonly number[], bytes: readonly Uint8Array[]): Span[] {
  return decodeTogether(bytes).texts.map(({ text, display }, at) => {
    const owner = owners[at] ?? 0;
    return display === showWhitespace(text) ? { owner, text } : { owner, text, display };
  });
}

/** The byte that a token `<0xNN>` names. */
export function parseByteToken(token: string): number | null {
  return /^<0x[0-9A-Fa-f]{2}>$/.test(token) ? Number.parseInt(token.slice(3, 5), 16) : null;
}

/** ByteFallback: a run of named bytes is text, or one U+FFFD for every byte where it is none as a whole. */
export function byteFallback(chunks: readonly Chunk[]): Chunk[] {
  const made: Chunk[] = [];
  const owners: number[] = [];
  const run: Uint8Array[] = [];
  const flush = () => {
    if (isText(concat(Uint8Array, run))) {
      if (run.length > 0) made.push(spansOf(owners, run));
    } else {
      run.forEach((bytes, at) => {
        made.push([{ owner: owners[at] ?? 0, text: "\uFFFD", display: bracketBytes(bytes) }]);
      });
    }
    owners.length = run.length = 0;
  };
  for (const chunk of chunks) {
    const byte = parseByteToken(textOf(chunk));
    if (byte === null) {
      flush();
      made.push(chunk);
    } else {
      owners.push(chunk[0]?.owner ?? 0);
      run.push(Uint8Array.of(byte));
    }
  }
  flush();
  return made;
}
