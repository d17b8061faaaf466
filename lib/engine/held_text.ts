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

/** What is part of the text besides the tokens that are no special ones. */
interface Shown {
  readonly special: boolean; // special tokens
  readonly stop: boolean; // the stop sequence that ends it
}

/** Holds text back while it may be the beginning of a character or of a stop sequence. Special tokens are looked at for
 * stop sequences (`<|im_end|>` is one for many clients), shown or not. */
export class HeldText {
  readonly #stops: readonly string[];
  readonly #shows: Shown;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #parts: Part[] = [];
  #passed = 0; // UTF-16 units of what is held in which no stop sequence may end

  constructor(stops: readonly string[], shows: Shown) {
    this.#stops = stops.filter((stop) => stop !== "");
    this.#shows = shows;
  }

  /** Takes the bytes of the next token. `mayStop`: a stop sequence may end in it. */
  add(bytes: readonly number[], special: boolean, mayStop: boolean): Released {
    const text = this.#decoder.decode(Uint8Array.from(bytes), { stream: true });
    if (text !== "") this.#parts.push({ text, shown: this.#shows.special || !special });
    const all = this.#parts.map((part) => part.text).join("");
    if (!mayStop) this.#passed = all.length;
    const found = this.#firstStop(all);
    if (found === null) return { text: this.#take(all.length - this.#heldLength(all)), stop: null };
    const { at, stop } = found;
    return { text: this.#take(this.#shows.stop ? at + stop.length : at), stop };
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
      const at = all.indexOf(stop, Math.max(0, this.#passed - stop.length + 1));
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
    this.#passed = Math.max(0, this.#passed - length);
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
