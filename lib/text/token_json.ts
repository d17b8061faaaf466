// The tokens of a path as JSON in UTF-8. Most tokens of a long text come again: what is the same each time (all but the
// place) is written once and copied, so that a million tokens make no million objects.
import type { Slices } from "../basics/slices.ts";
import type { Token } from "../wire/token.ts";
import { PairTable } from "./models/pair_table.ts";

/** What is written before the list and after it. */
export interface Around {
  readonly before: string;
  readonly after: string;
}

/** What is asked about one path. */
export interface Views {
  /** Ids that may be tokens are below it. */
  readonly ends: number;
  /** Where the part of the path ends that begins at a place: no token of the rest changes its texts. */
  partEnd(start: number): number;
  /** Tokens of such a part. */
  tokensOf(start: number, end: number): readonly Token[];
}

/** Tokens that one slice looks up or writes. */
const TOKENS_A_SLICE = 4096;
/** How many such tokens one takes as long as that was not seen before. */
const NEW_TOKEN = 8;
/** Tokens that are one text together (bytes of a character) are looked up by their ids; longer runs hardly come
 * again. */
const KEPT_RUN = 8;

const encoder = new TextEncoder();

/** The JSON of the tokens of a path, in slices where it can be cut. */
export function* writeTokens(
  ids: ArrayLike<number>,
  views: Views,
  { before, after }: Around,
): Slices<Uint8Array<ArrayBuffer>> {
  const entries = new Entries(views);
  const places = new Int32Array(ids.length); // each token's entry
  const size = new Size();
  for (let start = 0, end = 0, rested = 0; start < ids.length; start = end) {
    end = views.partEnd(start);
    entries.find(ids, start, end, places);
    for (let at = start; at < end; at++) size.add(entries.heads[places[at]!]!, entries.units[places[at]!]!);
    const done = end + NEW_TOKEN * entries.heads.length;
    if (done - rested < TOKENS_A_SLICE) continue;
    rested = done;
    yield;
  }
  const [first, last] = [encoder.encode(`${before}[`), encoder.encode(`]${after}`)];
  const commas = Math.max(0, ids.length - 1);
  const json = new Uint8Array(first.length + last.length + size.bytes + commas);
  json.set(first);
  json.set(last, json.length - last.length);
  yield* writeEntries(json, first.length, places, entries);
  return json;
}

/** Bytes of tokens without the commas between them. */
class Size {
  bytes = 0;
  #offset = 0;
  #digits = 1; // of the offset

  add(head: Uint8Array, units: number): void {
    while (this.#offset >= 10 ** this.#digits) this.#digits++;
    this.bytes += head.length + this.#digits + 1;
    this.#offset += units;
  }
}

function* writeEntries(
  json: Uint8Array,
  start: number,
  places: Int32Array,
  { heads, units }: Entries,
): Slices<void> {
  let to = start;
  let offset = 0;
  for (let at = 0, digits = 1; at < places.length; at++) {
    if (at > 0) json[to++] = 0x2c; // ,
    const head = heads[places[at]!]!;
    json.set(head, to);
    to += head.length;
    while (offset >= 10 ** digits) digits++;
    for (let k = digits - 1, rest = offset; k >= 0; k--) {
      const tenth = rest / 10 | 0;
      json[to + k] = 0x30 + rest - 10 * tenth;
      rest = tenth;
    }
    to += digits;
    json[to++] = 0x7d; // }
    offset += units[places[at]!]!;
    if ((at + 1) % TOKENS_A_SLICE === 0) yield;
  }
}

/** What is written of tokens, each text of an id once. */
class Entries {
  /** JSON up to the offset's digits. */
  readonly heads: Uint8Array[] = [];
  /** UTF-16 units of the text. */
  readonly units: number[] = [];
  readonly #views: Views;
  readonly #alone: Int32Array; // by id, 1 and the entry of a token that is a text by itself
  readonly #runs = new PairTable(2048); // a tree of ids: from a node and an id to a node
  readonly #found: (Int32Array | null)[] = [null]; // of each node, the entries of the run that ends there
  readonly #last = new Map<number, { readonly token: Token; readonly entry: number }>(); // by id

  constructor(views: Views) {
    this.#views = views;
    this.#alone = new Int32Array(views.ends);
  }

  /** Writes the entries of the tokens [start, end), which are a text by themselves, into `places`. */
  find(ids: ArrayLike<number>, start: number, end: number, places: Int32Array): void {
    const id = ids[start]!;
    const alone = end === start + 1 && id < this.#alone.length;
    if (alone && this.#alone[id] !== 0) {
      places[start] = this.#alone[id]! - 1;
      return;
    }
    const node = !alone && end - start <= KEPT_RUN ? this.#nodeOf(ids, start, end) : null;
    const known = node === null ? null : this.#found[node]!;
    if (known !== null) {
      for (let at = start; at < end; at++) places[at] = known[at - start]!;
      return;
    }
    this.#views.tokensOf(start, end).forEach((token, at) => places[start + at] = this.#entryOf(token));
    if (alone) this.#alone[id] = places[start]! + 1;
    if (node !== null) this.#found[node] = places.slice(start, end);
  }

  #nodeOf(ids: ArrayLike<number>, start: number, end: number): number {
    let node = 0;
    for (let at = start; at < end; at++) {
      let next = this.#runs.get(node, ids[at]!);
      if (next < 0) {
        next = this.#found.push(null) - 1;
        this.#runs.set(node, ids[at]!, next);
      }
      node = next;
    }
    return node;
  }

  #entryOf(token: Token): number {
    const last = this.#last.get(token.id);
    if (last?.token.text === token.text && last.token.display === token.display) return last.entry;
    const { offset: _, ...rest } = token;
    const entry = this.heads.push(encoder.encode(`${JSON.stringify(rest).slice(0, -1)},"offset":`)) - 1;
    this.units.push(token.text.length);
    this.#last.set(token.id, { token, entry });
    return entry;
  }
}
