// GPT-2's stand-ins: every byte as one printable character.

/** Printable Latin-1 characters are their own byte, the other bytes are U+0100 and following. */
const STAND_INS: readonly string[] = makeStandIns();
const BYTES: ReadonlyMap<string, number> = new Map(STAND_INS.map((character, byte) => [character, byte]));
const encoder = new TextEncoder();

function makeStandIns(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = byte > 0x20 && byte < 0x7f || byte > 0xa0 && byte !== 0xad;
    return String.fromCharCode(printable ? byte : next++);
  });
}

/** A text's UTF-8, each byte as its stand-in. */
export function toStandIns(text: string): string {
  return text.replace(/[^!-~]/gu, standInsOf);
}

function standInsOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x80) return STAND_INS[code] ?? "";
  let written = "";
  for (const byte of encoder.encode(character)) written += STAND_INS[byte];
  return written;
}

/** The bytes that stand-ins stand for; null where a character is none. */
export function fromStandIns(text: string): Uint8Array | null {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const byte = BYTES.get(text.charAt(i));
    if (byte === undefined) return null;
    bytes[i] = byte;
  }
  return bytes;
}
