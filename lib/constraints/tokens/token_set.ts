// Sets of token ids, one bit an id: what a mask is.

export type TokenSet = Uint32Array<ArrayBuffer>;

/** The empty set of ids below `size`. */
export function createTokenSet(size: number): TokenSet {
  return new Uint32Array((size + 31) >> 5);
}

/** Adds a token id to the set, in place. */
export function addToken(set: TokenSet, id: number): void {
  set[id >> 5]! |= 1 << (id & 31);
}

/** Takes a token id out of the set, in place. */
export function removeToken(set: TokenSet, id: number): void {
  set[id >> 5]! &= ~(1 << (id & 31));
}

/** Whether the set has the token id. */
export function hasToken(set: TokenSet, id: number): boolean {
  return (set[id >> 5]! >>> (id & 31) & 1) === 1;
}

/** Adds all of `more`. */
export function addTokens(set: TokenSet, more: TokenSet): void {
  for (let i = 0; i < set.length; i++) set[i]! |= more[i]!;
}

/** Those that are in both; a new set. */
export function intersectTokens(a: TokenSet, b: TokenSet): TokenSet {
  return a.map((word, i) => word & b[i]!);
}

/** How many token ids the set has. */
export function countTokens(set: TokenSet): number {
  let count = 0;
  for (let word of set) for (; word !== 0; word &= word - 1) count++;
  return count;
}

/** The ids, rising. */
export function idsOf(set: TokenSet): number[] {
  const ids: number[] = [];
  set.forEach((word, i) => {
    for (let rest = word; rest !== 0; rest &= rest - 1) ids.push(i * 32 + 31 - Math.clz32(rest & -rest));
  });
  return ids;
}
