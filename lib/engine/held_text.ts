// Text as it comes out of tokens: characters when they are whole, and nothing of a stop sequence.

/** What a token made certain. */
export interface Released {
  readonly text: string;
  /** The stop sequence that ends the text, if one does; it is not part of it. */
  readonly stop: string | null;
}

interface Part {
  readonly text: string;
  readonly shown: boolean;
}

/** Holds text back while it may be the beginning of a character or of a stop sequence. Special tokens are looked at for
 * stop sequences (`<|im_end|>` is one for many clients) and shown only where `showSpecial` says so. */
export class HeldText {
  readonly #stops: readonly string[];
  readonly #showSpecial: boolean;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #parts: Part[] = [];

  constructor(stops: readonly string[], showSpecial: boolean) {
    this.#stops = stops.filter((stop) => stop !== "");
    this.#showSpecial = showSpecial;
  }

  /** Takes the bytes of the next token. */
  add(bytes: readonly number[], special: boolean): Released {
    const text = this.#decoder.decode(Uint8Array.from(bytes), { stream: true });
    if (text !== "") this.#parts.push({ text, shown: this.#showSpecial || !special });
    const all = this.#parts.map((part) => part.text).join("");
    const found = this.#firstStop(all);
    if (found !== null) return { text: this.#take(found.at), stop: found.stop };
    return { text: this.#take(all.length - this.#heldLength(all)), stop: null };
  }

  /** Everything that is still held: the text is over. An unfinished character is U+FFFD. */
  end(): string {
    const rest = this.#decoder.decode();
    if (rest !== "") this.#parts.push({ text: rest, shown: true });
    return this.#take(Infinity);
  }

  #firstStop(all: string): { at: number; stop: string } | null {
    let first: { at: number; stop: string } | null = null;
    for (const stop of this.#stops) {
      const at = all.indexOf(stop);
      if (at >= 0 && (first === null || at < first.at)) first = { at, stop };
    }
    return first;
  }

  /** Length of the longest end of `all` with which a stop sequence begins. */
  #heldLength(all: string): number {
    let held = 0;
    for (const stop of this.#stops) {
      const most = Math.min(stop.length - 1, all.length);
      for (let length = most; length > held; length--) {
        if (all.endsWith(stop.slice(0, length))) held = length;
      }
    }
    return held;
  }

  /** The first `length` UTF-16 units of what is held, as far as it is shown. */
  #take(length: number): string {
    let left = length;
    let taken = "";
    while (left > 0 && this.#parts.length > 0) {
      const { text, shown } = this.#parts[0]!;
      if (shown) taken += text.slice(0, left);
      if (text.length > left) this.#parts[0] = { text: text.slice(left), shown };
      else this.#parts.shift();
      left -= text.length;
    }
    return taken;
  }
}
