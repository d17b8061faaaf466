// JSON as UTF-8, written part by part, so that an answer of a hundred megabytes is never one string and others get
// their turn between.
import type { KnownTexts } from "../decode/distribution_cache.ts";
import type { Sliced } from "../decode/types.ts";
import type { EncodedJson } from "../protocol/jobs.ts";
import type { FromWorker } from "../protocol/messages.ts";

/** Values that one part holds: about half a megabyte. */
const PART_VALUES = 2 ** 15;
/** Bytes that one slice writes, at least. */
const SLICE_BYTES = 2 ** 19;
/** Bytes that one slice puts together: their pages are new. */
const JOINED_BYTES = 2 ** 21;
/** How deep values are counted: the tokens of a distribution of one token of a step. */
const DEPTH = 4;
/** How deep known texts are looked for, and in how long lists: the distribution of one token of a step. */
const KNOWN_DEPTH = 3;
const KNOWN_ITEMS = 8;
/** Bytes of a known text that count as one value. */
const BYTES_A_VALUE = 16;

const encoder = new TextEncoder();

/** As `slices`, its value as JSON. Bytes are JSON already. What `texts` names is written once: its text is kept there
 * and stands wherever it occurs. */
export async function* encodeInSlices(
  slices: Sliced<unknown>,
  texts: KnownTexts = new WeakMap(),
): Sliced<EncodedJson> {
  const value = yield* slices;
  if (value instanceof Uint8Array) return value as EncodedJson;
  const parts: Uint8Array[] = [];
  let [length, rested] = [0, 0]; // bytes, and those at the last rest
  for (const text of writeParts(value, texts)) {
    const part = typeof text === "string" ? encoder.encode(text) : text;
    parts.push(part);
    length += part.length;
    if (length - rested < SLICE_BYTES) continue;
    rested = length;
    yield { done: parts.length, total: parts.length + 1 };
  }
  return yield* join(parts, length);
}

/** The parts as one array of its own: what is known stays ours when an answer is handed over. */
async function* join(parts: readonly Uint8Array[], length: number): Sliced<EncodedJson> {
  const all = new Uint8Array(length);
  let [at, rested] = [0, 0];
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
    if (at - rested < JOINED_BYTES) continue;
    rested = at;
    yield { done: at, total: length };
  }
  return all as EncodedJson;
}

/** Bytes from which a message hands its memory over: copying 100 MB holds both threads up for a tenth of a second. */
const HANDED_OVER = 2 ** 16;

/** The memory that a message to another thread hands over: a long answer's, which this thread needs no more. */
export function transfersOf(message: FromWorker): ArrayBuffer[] {
  const value = message.type === "done" ? message.value : null;
  if (!(value instanceof Uint8Array) || value.length < HANDED_OVER) return [];
  const { buffer, byteLength } = value as EncodedJson;
  return buffer.byteLength === byteLength ? [buffer] : [];
}

/** The parts of the JSON of plain data, of about `PART_VALUES` each; what is known as it is kept. */
function* writeParts(value: unknown, texts: KnownTexts): Generator<string | Uint8Array> {
  if (countValues(value, texts) <= PART_VALUES) {
    const written: Written = { text: "", parts: [] };
    write(value, texts, written);
    yield* written.parts;
    return yield written.text;
  }
  if (Array.isArray(value)) return yield* writeList(value, texts);
  let before = "{";
  for (const [key, item] of Object.entries(value as object)) {
    if (item === undefined) continue;
    yield `${before}${JSON.stringify(key)}:`;
    yield* writeParts(item, texts);
    before = ",";
  }
  yield "}";
}

function* writeList(list: readonly unknown[], texts: KnownTexts): Generator<string | Uint8Array> {
  yield "[";
  for (let start = 0, end = 0; start < list.length; start = end) {
    if (start > 0) yield ",";
    let values = 0;
    do values += countValues(list[end++], texts); while (end < list.length && values < PART_VALUES);
    if (end === start + 1) yield* writeParts(list[start], texts);
    else yield JSON.stringify(list.slice(start, end)).slice(1, -1);
  }
  yield "]";
}

/** Parts that are done, and the text behind them. */
interface Written {
  text: string;
  readonly parts: (string | Uint8Array)[];
}

/** As JSON.stringify, with the texts that are known. */
function write(value: unknown, texts: KnownTexts, to: Written, depth = KNOWN_DEPTH): void {
  if (typeof value !== "object" || value === null) return void (to.text += JSON.stringify(value) ?? "null");
  const known = texts.get(value);
  if (known !== undefined) {
    to.parts.push(to.text, typeof known === "number" ? remember(value, texts) : known);
    to.text = "";
    return;
  }
  const isList = Array.isArray(value);
  if (depth === 0 || isList && value.length > KNOWN_ITEMS) return void (to.text += JSON.stringify(value));
  let before = isList ? "[" : "{";
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined && !isList) continue;
    to.text += isList ? before : `${before}${JSON.stringify(key)}:`;
    write(item, texts, to, depth - 1);
    before = ",";
  }
  to.text += `${before === "," ? "" : before}${isList ? "]" : "}"}`;
}

function remember(value: object, texts: KnownTexts): Uint8Array {
  const text = encoder.encode(JSON.stringify(value));
  texts.set(value, text);
  return text;
}

/** How many values there are in a value; lists of very many, or deep down, count by their length alone. */
function countValues(value: unknown, texts: KnownTexts, depth = DEPTH): number {
  if (typeof value !== "object" || value === null) return 1;
  const known = texts.get(value);
  if (known !== undefined) {
    return typeof known === "number" ? known : Math.ceil(known.length / BYTES_A_VALUE);
  }
  if (!Array.isArray(value)) return countFields(value as Readonly<Record<string, unknown>>, texts, depth);
  if (depth === 0 || value.length > PART_VALUES) return value.length;
  let sum = 1 + value.length;
  for (const item of value) {
    if (typeof item === "object" && item !== null) sum += countValues(item, texts, depth - 1) - 1;
  }
  return sum;
}

function countFields(value: Readonly<Record<string, unknown>>, texts: KnownTexts, depth: number): number {
  let sum = 1;
  for (const key in value) { // makes no list, and there are fifty candidates
    const item = value[key];
    const isDeep = depth > 0 && typeof item === "object" && item !== null;
    sum += isDeep ? countValues(item, texts, depth - 1) : 1;
  }
  return sum;
}
