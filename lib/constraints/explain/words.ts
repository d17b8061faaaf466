// Sets of bytes in words, as a person reads them.
import { hasByte, listBytes } from "../ir/byte_set.ts";
import type { ByteSet } from "../ir/byte_set.ts";

/** "a digit", "a–z, _", "any character but \"", …: the characters that can begin with one of the bytes. */
export function describeBytes(set: ByteSet): string {
  const parts: string[] = [];
  const plain = listBytes(set).filter((byte) => byte < 0x80);
  const printable = plain.filter((byte) => byte >= 0x20 && byte < 0x7f);
  const beyond = listBytes(set).some((byte) => byte >= 0xc0);
  const controls = plain.filter((byte) => byte < 0x20 || byte === 0x7f);
  const mostControls = printable.length > 60 && controls.length > 6;
  const left = mostControls ? listMissing(set, 0, 0x7f) : listMissing(set, 0x20, 0x7e);
  if (printable.length > 60) {
    const but = left.length === 0 ? "" : ` but ${left.map(spell).join(" ")}`;
    parts.push(beyond ? `any character${but}` : `any character of ASCII${but}`);
  } else {
    if (printable.length > 0) parts.push(describeAscii(printable));
    if (beyond) parts.push(printable.length > 0 ? "a character beyond ASCII" : describeLeads(set));
  }
  if (controls.length > 0 && !mostControls) {
    parts.push(controls.length > 6 ? "a control character" : controls.map(spell).join(" "));
  }
  if (listBytes(set).some((byte) => byte >= 0x80 && byte < 0xc0)) parts.push("the next byte of a character");
  return parts.join(" or ");
}

function listMissing(set: ByteSet, from: number, to: number): number[] {
  return listRange(from, to).filter((byte) => !hasByte(set, byte));
}

const NAMED = new Map([
  ["0–9", "a digit"],
  ["a–z", "a small letter"],
  ["A–Z", "a capital letter"],
  ["A–Z a–z", "a letter"],
  ["0–9 A–Z a–z", "a letter or digit"],
  ["0–9 A–Z _ a–z", "a letter, digit or _"],
]);

function describeAscii(bytes: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const byte of bytes) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === byte - 1) last[1] = byte;
    else runs.push([byte, byte]);
  }
  const text = runs.flatMap(([from, to]) => {
    return to - from < 2 ? listRange(from, to).map(spell) : [`${spell(from)}–${spell(to)}`];
  }).join(" ");
  return NAMED.get(text) ?? text;
}

function listRange(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function spell(byte: number): string {
  const names: Readonly<Record<number, string>> = {
    0x09: "tab",
    0x0a: "line break",
    0x0d: "carriage return",
    0x20: "space",
  };
  if (names[byte] !== undefined) return names[byte];
  return byte < 0x20 || byte === 0x7f ? `U+${byte.toString(16).padStart(4, "0")}` : String.fromCharCode(byte);
}

/** Characters beyond ASCII by the lengths that their first bytes announce. */
function describeLeads(set: ByteSet): string {
  const blocks =
    ([[0xc2, 0xdf, "U+0080–07FF"], [0xe0, 0xef, "U+0800–FFFF"], [0xf0, 0xf4, "U+10000–10FFFF"]] as const)
      .filter(([from, to]) => listBytes(set).some((byte) => byte >= from && byte <= to));
  return `a character of ${blocks.map(([, , name]) => name).join(", ")}`;
}
