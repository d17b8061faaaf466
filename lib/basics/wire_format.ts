// Records of a serialised protobuf message, found and made without decoding or copying what stays: a model with its
// weights inside is hundreds of megabytes, and decoding and encoding it again costs seconds.
// Wire format: https://protobuf.dev/programming-guides/encoding/

/** One field of a message: where its record begins and ends, and where its value or nested message begins. */
interface WireRecord {
  readonly field: number;
  readonly wireType: number; // 0: a varint, 1: 8 bytes, 2: bytes or a message, 5: 4 bytes
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

/** The records of the message in bytes [start, end), in their order. Throws a RangeError where it is cut off. */
export function* readRecords(bytes: Uint8Array, start: number, end: number): Generator<WireRecord> {
  const cursor = { at: start };
  while (cursor.at < end) {
    const from = cursor.at;
    const tag = readVarint(bytes, cursor);
    const wireType = tag % 8;
    const length = wireType === 2 ? readVarint(bytes, cursor) : 0;
    const body = cursor.at;
    skipValue(bytes, cursor, wireType, length);
    if (cursor.at > end) throw new RangeError("the message ends inside a record");
    yield { field: Math.floor(tag / 8), wireType, start: from, body, end: cursor.at };
  }
}

/** Goes on behind a value, given its wire type and its length where that is written. */
function skipValue(bytes: Uint8Array, cursor: Cursor, wireType: number, length: number): void {
  if (wireType === 0) readVarint(bytes, cursor);
  else if (wireType === 1) cursor.at += 8;
  else if (wireType === 2) cursor.at += length;
  else if (wireType === 5) cursor.at += 4;
  else throw new RangeError(`unknown wire type ${wireType}`);
}

interface Cursor {
  at: number;
}

/** The number here; goes on behind it. Exact up to 2^53; longer values only ever appear as payloads whose end alone
 * matters. */
function readVarint(bytes: Uint8Array, cursor: Cursor): number {
  let value = 0;
  for (let scale = 1; scale < 2 ** 70; scale *= 0x80) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) throw new RangeError("the message ends inside a number");
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
  }
  throw new RangeError("a number is longer than 10 bytes");
}

/** A length-delimited record around these parts. */
export function delimit(field: number, parts: readonly Uint8Array[]): Uint8Array[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return [Uint8Array.from([...encodeVarint(field * 8 + 2), ...encodeVarint(length)]), ...parts];
}

function encodeVarint(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push(value % 0x80 + 0x80);
  return [...bytes, value];
}
