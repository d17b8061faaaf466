// Which entry a token of a path is: those that were written before are found by their ids.
import { IdList } from "./models/id_list.ts";
import { PairTable } from "./models/pair_table.ts";
import type { Entries } from "./entries.ts";
import type { ChunkText } from "./unicode/utf8.ts";

/** What is asked about one path. */
export interface Views {
  /** Ids that may be tokens are below it. */
  readonly ends: number;
  /** Where the part of the path ends that begins at a place: no token of the rest changes its texts. Asked from part to
   * part. */
  partEnd(start: number): number;
  /** Texts of the tokens of such a part, or of several in a row. */
  textsOf(start: number, end: number): readonly ChunkText[];
  /** What is the same of a token wherever it stands. */
  factsOf(id: number): { readonly special: boolean; readonly bytes: readonly number[] };
}

/** Tokens, at least, that are described together where their parts were not seen before. */
const DESCRIBED_AT_ONCE = 128;
/** Tokens that are one text together (bytes of a character) are looked up by their ids; longer runs hardly come
 * again. */
const KEPT_RUN = 8;
/** Nodes of such runs that are kept: more would be moved in one go as their table grows. */
const MOST_NODES = 2 ** 16;

/** An entry, and the texts that it was written of. */
interface Last extends ChunkText {
  readonly entry: number;
}

/** Finds and adds the entries of one path, part by part. */
export class EntryFinder {
  readonly #views: Views;
  readonly #entries: Entries;
  readonly #alone: Int32Array; // by id, 1 and the entry of a token that is a text by itself
  #runs = new PairTable(2048); // a tree of ids: from a node and an id to a node
  #ofNode = new IdList(2048); // 1 and the place in #kept of the entries of the run that ends there, or 0
  #kept = new IdList(2048);
  readonly #last = new Map<number, Last>(); // by id, twice: a token that ends no character has no text
  readonly #tails = new Map<number, string>(); // by id, what stands behind the texts

  constructor(views: Views, entries: Entries) {
    this.#views = views;
    this.#entries = entries;
    this.#alone = new Int32Array(views.ends);
    this.#forgetRuns();
  }

  /** Writes the entries of the tokens from `start` on into `places`, of one part or of several that are new; says where
   * they end. */
  find(ids: ArrayLike<number>, start: number, places: Int32Array): number {
    let end = this.#views.partEnd(start);
    if (this.#findKnown(ids, start, end, places)) return end;
    const ends = [end];
    while (end < ids.length && end - start < DESCRIBED_AT_ONCE) {
      const next = this.#views.partEnd(end);
      if (this.#findKnown(ids, end, next, places)) {
        this.#describe(ids, start, ends, places);
        return next;
      }
      ends.push(end = next);
    }
    this.#describe(ids, start, ends, places);
    return end;
  }

  /** Whether the tokens [start, end), which are a text by themselves, are known; their entries go into `places`. */
  #findKnown(ids: ArrayLike<number>, start: number, end: number, places: Int32Array): boolean {
    if (end === start + 1 && ids[start]! < this.#alone.length) {
      const entry = this.#alone[ids[start]!]! - 1;
      places[start] = entry;
      return entry >= 0;
    }
    if (end - start > KEPT_RUN) return false;
    let node = 0;
    for (let at = start; at < end && node >= 0; at++) node = this.#runs.get(node, ids[at]!);
    const kept = node < 0 ? 0 : this.#ofNode.values[node]!;
    if (kept === 0) return false;
    for (let at = start; at < end; at++) places[at] = this.#kept.values[kept - 1 + at - start]!;
    return true;
  }

  /** The same of parts that end at `ends` and are not known: they are described. */
  #describe(ids: ArrayLike<number>, start: number, ends: readonly number[], places: Int32Array): void {
    const texts = this.#views.textsOf(start, ends.at(-1)!);
    for (let at = 0; at < texts.length; at++) {
      places[start + at] = this.#entryOf(ids[start + at]!, texts[at]!);
    }
    let from = start;
    for (const end of ends) {
      this.#keep(ids, from, end, places);
      from = end;
    }
  }

  #keep(ids: ArrayLike<number>, start: number, end: number, places: Int32Array): void {
    if (end === start + 1 && ids[start]! < this.#alone.length) this.#alone[ids[start]!] = places[start]! + 1;
    else if (end - start <= KEPT_RUN) {
      const node = this.#makeNode(ids, start, end);
      this.#ofNode.values[node] = this.#kept.count + 1;
      this.#kept.add(places.subarray(start, end));
    }
  }

  #makeNode(ids: ArrayLike<number>, start: number, end: number): number {
    if (this.#ofNode.count > MOST_NODES) this.#forgetRuns();
    let node = 0;
    for (let at = start; at < end; at++) {
      let next = this.#runs.get(node, ids[at]!);
      if (next < 0) {
        next = this.#ofNode.count;
        this.#ofNode.push(0);
        this.#runs.set(node, ids[at]!, next);
      }
      node = next;
    }
    return node;
  }

  #forgetRuns(): void {
    this.#runs = new PairTable(2048);
    this.#ofNode = new IdList(2048);
    this.#ofNode.push(0); // where all runs begin
    this.#kept = new IdList(2048);
  }

  #entryOf(id: number, { text, display }: ChunkText): number {
    const key = 2 * id + (text === "" ? 1 : 0);
    const last = this.#last.get(key);
    if (last !== undefined && last.text === text && last.display === display) return last.entry;
    const texts = `{"id":${id},"text":${JSON.stringify(text)},"display":${JSON.stringify(display)}`;
    const entry = this.#entries.add(texts + this.#tailOf(id), text.length);
    this.#last.set(key, { text, display, entry });
    return entry;
  }

  #tailOf(id: number): string {
    let tail = this.#tails.get(id);
    if (tail === undefined) {
      const { special, bytes } = this.#views.factsOf(id);
      this.#tails.set(id, tail = `,"special":${special},"bytes":[${bytes}],"offset":`);
    }
    return tail;
  }
}
