// Which files besides itself an .onnx file names for its weights, found by walking over its records: what lies between
// them, weights too, is not read, so the bytes are not in memory as lib/basics/wire_format.ts needs them. A start
// waits for it, so it is one loop without objects: 20,000 records of a small model take 5 ms, a quarter of what a
// generator of records takes before it is compiled.

const WINDOW_BYTES = 64 * 1024;
const LONGEST_NAME = 4096;
const LOCATION = "location";
const DECODER = new TextDecoder();

/** What is looked into of a message: its fields by their numbers in onnx.proto3, or what reads it. */
interface Fields {
  [field: number]: Fields | ((file: Cursor, end: number, found: Set<string>) => void);
}

const TENSOR: Fields = { 13: readLocation }; // external_data
const SPARSE: Fields = { 1: TENSOR, 2: TENSOR }; // values, indices
const ATTRIBUTE: Fields = { 5: TENSOR, 10: TENSOR, 22: SPARSE, 23: SPARSE }; // t, tensors, their sparse kinds
const NODE: Fields = { 5: ATTRIBUTE };
const GRAPH: Fields = { 1: NODE, 5: TENSOR, 15: SPARSE }; // node, initializer, sparse_initializer
Object.assign(ATTRIBUTE, { 6: GRAPH, 11: GRAPH }); // g, graphs
const MODEL: Fields = { 7: GRAPH, 25: { 7: NODE } }; // graph, functions

/** The locations of external data that the graph at `path` names, in their order, as they are written there: relative
 * to its folder, and not to be trusted. What is no ONNX file names none. */
export function listDataLocations(path: string): string[] {
  using file = Deno.openSync(path);
  const { size } = file.statSync();
  const found = new Set<string>();
  try {
    visit(new Cursor(file, size), size, MODEL, found);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // cut off or damaged: opening it says so
  }
  return [...found];
}

/** Whether a location leads out of the folder of its graph. */
export function leadsOut(location: string): boolean {
  return location === "" || /^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(location);
}

/** A place in a file whose bytes are read a window at a time. */
class Cursor {
  at = 0;
  readonly #file: Deno.FsFile;
  readonly #window: Uint8Array;
  #start = 0;
  #end = 0;

  constructor(file: Deno.FsFile, size: number) {
    this.#file = file;
    this.#window = new Uint8Array(Math.min(size, WINDOW_BYTES));
  }

  /** The byte here; goes on behind it. Throws a RangeError behind the last one. */
  byte(): number {
    if (this.at < this.#start || this.at >= this.#end) this.#read();
    return this.#window[this.at++ - this.#start]!;
  }

  /** A varint; goes on behind it. Exact up to 2^53: longer values only ever appear where their end alone matters. */
  varint(): number {
    let byte = this.byte();
    let value = byte & 0x7f;
    for (let scale = 0x80; byte >= 0x80; scale *= 0x80) {
      if (scale > 2 ** 63) throw new RangeError("a number is longer than 10 bytes");
      byte = this.byte();
      value += (byte & 0x7f) * scale;
    }
    return value;
  }

  /** The text up to `end`, which is not behind the file's. */
  text(end: number): string {
    const [from, to] = [this.at - this.#start, end - this.#start];
    const within = from >= 0 && end <= this.#end;
    const bytes = within
      ? this.#window.subarray(from, to)
      : Uint8Array.from({ length: to - from }, () => this.byte());
    return DECODER.decode(bytes);
  }

  #read(): void {
    this.#file.seekSync(this.at, Deno.SeekMode.Start);
    this.#start = this.at;
    this.#end = this.at + (this.#file.readSync(this.#window) ?? 0);
    if (this.#end === this.#start) throw new RangeError("the file ends inside a message");
  }
}

/** Walks over the message that begins here and ends at `end`. Throws a RangeError where it is cut off. */
function visit(file: Cursor, end: number, fields: Fields, found: Set<string>): void {
  while (file.at < end) {
    const tag = file.varint();
    const inner = tag % 8 === 2 ? fields[Math.floor(tag / 8)] : undefined;
    const next = findPayloadEnd(file, tag % 8);
    if (next > end) throw new RangeError("the message ends inside a record");
    if (typeof inner === "function") inner(file, next, found);
    else if (inner !== undefined) visit(file, next, inner, found);
    file.at = next;
  }
}

/** Where the value here ends, given its wire type (https://protobuf.dev/programming-guides/encoding/); that of a nested
 * message begins here afterwards. */
function findPayloadEnd(file: Cursor, wireType: number): number {
  switch (wireType) {
    case 0:
      file.varint();
      return file.at;
    case 1:
      return file.at + 8;
    case 2: {
      const length = file.varint();
      return file.at + length;
    }
    case 5:
      return file.at + 4;
    default:
      throw new RangeError(`unknown wire type ${wireType}`);
  }
}

/** Reads one pair of key (1) and value (2), and notes the value of a location. */
function readLocation(file: Cursor, end: number, found: Set<string>): void {
  let isLocation = false;
  const key = (file: Cursor, end: number) => {
    isLocation = end - file.at === LOCATION.length && file.text(end) === LOCATION;
  };
  const value = (file: Cursor, end: number) => {
    if (isLocation && end - file.at <= LONGEST_NAME) found.add(file.text(end));
  };
  visit(file, end, { 1: key, 2: value }, found);
}
