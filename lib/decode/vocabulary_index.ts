// All tokens of a vocabulary as text, and which of them a search means. The texts are made once and the answer to
// the last search is kept, so that turning a page costs nothing.
import { fault, faultOf } from "../fault.ts";
import type { TextCodec } from "../text/types.ts";
import { waitFor } from "./waiting.ts";
import type { RegexSearch, Sliced, VocabularyQuery, VocabularySearch } from "./types.ts";

/** Tokens whose texts are made between two chances to serve another job. */
const SLICE_TOKENS = 16384;

export class VocabularyIndex implements VocabularySearch {
  readonly #codec: TextCodec;
  readonly #size: number;
  readonly #searchRegex: RegexSearch;
  readonly #texts: string[] = [];
  readonly #displays: string[] = [];
  #last: { readonly key: string; readonly found: Uint8Array } | null = null;

  /** `size`: ids with a logit. */
  constructor(codec: TextCodec, size: number, searchRegex: RegexSearch) {
    this.#codec = codec;
    this.#size = size;
    this.#searchRegex = searchRegex;
  }

  /** One byte an id, 1 where the token matches; null: all do. Text is matched without regard to case, in the token
   * or in how it is shown; bytes are hexadecimal; ids are separated by commas. Throws the fault invalid_request. */
  async *find({ query, mode }: VocabularyQuery, signal: AbortSignal): Sliced<Uint8Array | null> {
    if (query === "") return null;
    const key = `${mode} ${query}`;
    if (this.#last?.key === key) return this.#last.found;
    yield* this.#readTexts();
    const found = yield* waitFor(this.#search(query, mode, signal));
    this.#last = { key, found };
    return found;
  }

  async #search(query: string, mode: VocabularyQuery["mode"], signal: AbortSignal): Promise<Uint8Array> {
    switch (mode) {
      case "text":
        return this.#where(createTextMatcher(query, this.#texts, this.#displays));
      case "bytes":
        return this.#where(createBytesMatcher(query, this.#codec));
      case "id":
        return this.#where(createIdMatcher(query));
      case "regex": {
        const ids = new Set(await this.#regexMatches(query, signal));
        return this.#where((id) => ids.has(id));
      }
    }
  }

  async #regexMatches(pattern: string, signal: AbortSignal): Promise<readonly number[]> {
    try {
      return await this.#searchRegex(pattern, this.#texts, signal);
    } catch (error) {
      if (faultOf(error)?.code !== "unsupported") throw error;
      throw fault("invalid_request", (error as Error).message, "query"); // it took too long: another one may not
    }
  }

  #where(matches: (id: number) => boolean): Uint8Array {
    const found = new Uint8Array(this.#size);
    for (let id = 0; id < this.#size; id++) if (matches(id)) found[id] = 1;
    return found;
  }

  async *#readTexts(): Sliced<void> {
    while (this.#texts.length < this.#size) {
      const end = Math.min(this.#size, this.#texts.length + SLICE_TOKENS);
      for (let id = this.#texts.length; id < end; id++) {
        const { text, display } = this.#codec.single(id);
        this.#texts.push(text);
        this.#displays.push(display);
      }
      if (end < this.#size) yield { done: end, total: this.#size };
    }
  }
}

function createTextMatcher(query: string, texts: readonly string[], displays: readonly string[]) {
  const wanted = query.toLowerCase();
  return (id: number) =>
    texts[id]!.toLowerCase().includes(wanted) || displays[id]!.toLowerCase().includes(wanted);
}

function createBytesMatcher(query: string, codec: TextCodec): (id: number) => boolean {
  const digits = query.replace(/\s|0x/gi, "");
  if (!/^([0-9a-f]{2})+$/i.test(digits)) {
    const message = "Write bytes as pairs of hexadecimal digits, such as 20 50 61.";
    throw fault("invalid_request", message, "query");
  }
  const wanted = Uint8Array.from(digits.match(/../g)!, (pair) => parseInt(pair, 16));
  return (id) => includesBytes(codec.bytes(id), wanted);
}

function includesBytes(bytes: Uint8Array, wanted: Uint8Array): boolean {
  for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (wanted.every((byte, offset) => bytes[at + offset] === byte)) return true;
  }
  return false;
}

function createIdMatcher(query: string): (id: number) => boolean {
  if (!/^\s*\d+(\s*,\s*\d+)*\s*$/.test(query)) {
    throw fault("invalid_request", "Write token ids as whole numbers, separated by commas.", "query");
  }
  const ids = new Set(query.split(",").map(Number));
  return (id) => ids.has(id);
}
