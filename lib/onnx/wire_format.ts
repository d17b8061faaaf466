// Splices records of a serialised protobuf message without decoding or copying what stays: a model with its
// weights inside is hundreds of megabytes, and decoding and encoding it again costs seconds.
// Wire format: https://protobuf.dev/programming-guides/encoding/

/** One field of a message: where its record begins and ends, and where the payload of a nested message begins. */
interface WireRecord {
  readonly field: number;
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

/** The records of the message in bytes [start, end), in their order. Throws a RangeError where it is cut off. */
export function* readRecords(bytes: Uint8Array, start: number, end: number): Generator<WireRecord> {
  let at = start;
  while (at < end) {
    const [tag, afterTag] = readVarint(bytes, at);
    const [body, next] = findPayload(bytes, tag % 8, afterTag);
    if (next > end) throw new RangeError("the message ends inside a record");
    yield { field: Math.floor(tag / 8), start: at, body, end: next };
    at = next;
  }
}

/** Where a value begins and ends, given its wire type. */
function findPayload(bytes: Uint8Array, wireType: number, at: number): [body: number, end: number] {
  switch (wireType) {
    case 0:
      return [at, readVarint(bytes, at)[1]];
    case 1:
      return [at, at + 8];
    case 2: {
      const [length, body] = readVarint(bytes, at);
      return [body, body + length];
    }
    case 5:
      return [at, at + 4];
    default:
      throw new RangeError(`unknown wire type ${wireType}`);
  }
}

/** Exact up to 2^53; longer values only ever appear as payloads whose end alone matters. */
function readVarint(bytes: Uint8Array, at: number): [value: number, end: number] {
  let value = 0;
  for (let index = 0; index < 10; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) throw new RangeError("the message ends inside a number");
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return [value, at + index + 1];
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
