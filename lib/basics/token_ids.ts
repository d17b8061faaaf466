// From tokens to ids. A Map of a vocabulary takes 20 ms to make, and a BPE asks for its bytes and added tokens only.

/** Ids by tokens. */
export interface TokenIds extends Iterable<readonly [string, number]> {
  readonly size: number;
  get(token: string): number | undefined;
  has(token: string): boolean;
}

/** Searches until the Map pays. */
const MOST_SEARCHES = 2000;

/** Tokens whose order is known: the first ones asked for are searched, a Map is made when many are. A class, because
 * nothing in a JSON file is one. */
export class KnownTokens implements TokenIds {
  readonly #tokens: readonly string[];
  readonly #ids: Int32Array;
  readonly #order: Int32Array;
  #searches = 0;
  #map: Map<string, number> | null = null;

  /** `tokens`: each once; `ids`: theirs; `order`: their places as `orderOf` gives them. */
  constructor(tokens: readonly string[], ids: Int32Array, order: Int32Array) {
    this.#tokens = tokens;
    this.#ids = ids;
    this.#order = order;
  }

  get size(): number {
    return this.#tokens.length;
  }

  get(token: string): number | undefined {
    if (this.#map !== null) return this.#map.get(token);
    if (this.#searches++ === MOST_SEARCHES) return (this.#map = new Map(this)).get(token);
    const place = this.#find(token);
    return place === undefined ? undefined : this.#ids[place];
  }

  has(token: string): boolean {
    return this.get(token) !== undefined;
  }

  *[Symbol.iterator](): Generator<[string, number]> {
    for (let place = 0; place < this.#tokens.length; place++) yield [this.#tokens[place]!, this.#ids[place]!];
  }

  /** The token of each id, with holes. */
  list(): string[] {
    const listed: string[] = [];
    for (let place = 0; place < this.#tokens.length; place++) {
      listed[this.#ids[place]!] = this.#tokens[place]!;
    }
    return listed;
  }

  #find(token: string): number | undefined {
    let [from, to] = [0, this.#order.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#tokens[this.#order[middle]!]! < token) from = middle + 1;
      else to = middle;
    }
    const place = this.#order[from];
    return place !== undefined && this.#tokens[place] === token ? place : undefined;
  }
}

/** The places of tokens in the order that `KnownTokens` wants. */
export function orderOf(tokens: readonly string[]): Int32Array<ArrayBuffer> {
  return Int32Array.from(tokens.keys()).sort((a, b) => tokens[a]! < tokens[b]! ? -1 : 1);
}
