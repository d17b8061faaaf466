// GPT-2's stand-ins: every byte as one printable character.

/** Of each byte. Printable Latin-1 characters are their own byte, the other bytes are U+0100 and following. */
export const STAND_INS: readonly string[] = makeStandIns();
const encoder = new TextEncoder();

function makeStandIns(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = byte > 0x20 && byte < 0x7f || byte > 0xa0 && byte !== 0xad;
    return String.fromCharCode(printable ? byte : next++);
  });
}

/** UTF-16 units from which a text is written as a whole: a call for each character takes long then. */
const LONG = 256;
const CODES = Uint16Array.from(STAND_INS, (character) => character.charCodeAt(0));
/** By character, 1 and the byte that it stands for; 0: none. */
const BYTES = new Uint16Array(1 + Math.max(...CODES));
CODES.forEach((code, byte) => BYTES[code] = 1 + byte);
const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });

/** A text's UTF-8, each byte as its stand-in. */
export function toStandIns(text: string): string {
  return text.length < LONG ? text.replace(/[^!-~]/gu, standInsOf) : standInsOfAll(text);
}

function standInsOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x80) return STAND_INS[code] ?? "";
  let written = "";
  for (const byte of encoder.encode(character)) written += STAND_INS[byte];
  return written;
}

function standInsOfAll(text: string): string {
  const bytes = encoder.encode(text);
  const codes = new Uint16Array(bytes.length);
  for (let at = 0; at < bytes.length; at++) codes[at] = CODES[bytes[at]!]!;
  return utf16.decode(codes);
}

/** The bytes that stand-ins stand for; null where a character is none. */
export function readStandIns(text: string): Uint8Array | null {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const found = BYTES[text.charCodeAt(i)];
    if (!found) return null;
    bytes[i] = found - 1;
  }
  return bytes;
}
