// The tokens of a path as JSON in UTF-8. Most tokens of a long text come again: what is the same each time (all but the
// place) is written once and copied, so that a million tokens make no million objects.
import type { Slices } from "../basics/slices.ts";
import { EntryFinder, type Views } from "./entry_finder.ts";
import { Entries } from "./entries.ts";

/** What is written before the list and after it. */
export interface Around {
  readonly before: string;
  readonly after: string;
}

/** Tokens that one slice looks up or writes. */
const TOKENS_A_SLICE = 4096;
/** How many such tokens one takes as long as that was not seen before. */
const NEW_TOKEN = 16;
const encoder = new TextEncoder();

/** The JSON of the tokens of a path, in slices where it can be cut. */
export function* writeTokens(
  ids: ArrayLike<number>,
  views: Views,
  { before, after }: Around,
): Slices<Uint8Array<ArrayBuffer>> {
  const entries = new Entries();
  const finder = new EntryFinder(views, entries);
  const places = new Int32Array(ids.length); // each token's entry
  const size = new Size();
  for (let start = 0, end = 0, rested = 0; start < ids.length; start = end) {
    end = finder.find(ids, start, places);
    for (let at = start; at < end; at++) size.add(entries.bytesOf(places[at]!), entries.unitsOf(places[at]!));
    const done = end + NEW_TOKEN * entries.count;
    if (done - rested < TOKENS_A_SLICE) continue;
    rested = done;
    yield;
  }
  const [first, last] = [encoder.encode(`${before}[`), encoder.encode(`]${after}`)];
  const commas = Math.max(0, ids.length - 1);
  const json = new Uint8Array(first.length + last.length + size.bytes + commas);
  json.set(first);
  yield* writeEntries(json, first.length, places, entries);
  json.set(last, json.length - last.length);
  return json;
}

/** Bytes of tokens without the commas between them. */
class Size {
  bytes = 0;
  #offset = 0;
  #digits = 1; // of the offset

  add(bytes: number, units: number): void {
    while (this.#offset >= 10 ** this.#digits) this.#digits++;
    this.bytes += bytes + this.#digits + 1;
    this.#offset += units;
  }
}

function* writeEntries(
  json: Uint8Array<ArrayBuffer>,
  start: number,
  places: Int32Array,
  entries: Entries,
): Slices<void> {
  const words = new DataView(json.buffer);
  let to = start;
  let offset = 0;
  for (let at = 0, digits = 1; at < places.length; at++) {
    if (at > 0) json[to++] = 0x2c; // ,
    to = entries.copy(places[at]!, words, to);
    while (offset >= 10 ** digits) digits++;
    for (let k = digits - 1, rest = offset; k >= 0; k--) {
      const tenth = rest / 10 | 0;
      json[to + k] = 0x30 + rest - 10 * tenth;
      rest = tenth;
    }
    to += digits;
    json[to++] = 0x7d; // }
    offset += entries.unitsOf(places[at]!);
    if ((at + 1) % TOKENS_A_SLICE === 0) yield;
  }
}
