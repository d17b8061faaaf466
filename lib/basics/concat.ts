interface Numbers {
  readonly length: number;
  set(part: ArrayLike<number>, at: number): void;
}

/** The parts end to end in one new array: `concat(Uint8Array, chunks)`. */
export function concat<T extends Numbers>(
  type: new (length: number) => T,
  parts: readonly ArrayLike<number>[],
): T {
  const all = new type(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
