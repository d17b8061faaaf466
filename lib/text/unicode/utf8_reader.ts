/** Bytes that are decoded at once. */
const AT_ONCE = 2 ** 13;

/** Bytes that are read one after the other: whether they are whole, valid UTF-8. */
export class Utf8Reader {
  readonly #bytes = new Uint8Array(AT_ONCE);
  #decoder = new TextDecoder("utf-8", { fatal: true });
  #count = 0;
  #isValid = true;

  /** Reads one more. */
  add(byte: number): void {
    this.#bytes[this.#count++] = byte;
    if (this.#count === AT_ONCE) this.#read(true);
  }

  /** Whether they are; the next byte is the first of others. */
  end(): boolean {
    this.#read(false);
    const isValid = this.#isValid;
    if (!isValid) this.#decoder = new TextDecoder("utf-8", { fatal: true });
    this.#isValid = true;
    return isValid;
  }

  #read(stream: boolean): void {
    try {
      if (this.#isValid) this.#decoder.decode(this.#bytes.subarray(0, this.#count), { stream });
    } catch {
      this.#isValid = false;
    }
    this.#count = 0;
  }
}
