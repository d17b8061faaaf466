/** Work that can be left at each of its yields, so that others get their turn, and gone on with. */
export type Slices<T> = Generator<void, T, void>;

/** Does the work at once. */
export function finishSlices<T>(slices: Slices<T>): T {
  while (true) {
    const { done, value } = slices.next();
    if (done) return value;
  }
}
