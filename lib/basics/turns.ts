import type { Slices } from "./slices.ts";

/** Milliseconds that work goes on before the thread's other tasks get their turn: a request of another client waits for
 * several turns, those of the thread that answers and those of the one that sends. */
const TURN_MS = 4;
/** The same where nothing else is under way and no message waits: what begins then waits no longer than that. */
const ALONE_MS = 20;
/** The same where a message waits, however many come. */
const INTERRUPTED_MS = 1;

/** Who else wants a thread. */
export interface Others {
  /** Whether other work is under way that goes on between two turns. */
  readonly present: boolean;
  /** Whether a message waits that is taken between two turns. */
  readonly calling: boolean;
  /** Resolves when such a message has been taken. */
  taken(): Promise<void>;
}

/** Somebody may be there, and cannot call. */
const UNKNOWN: Others = { present: true, calling: false, taken: () => Promise.resolve() };

/** Long works of one thread: between two tasks of others one of them goes on, however many there are. */
export class Turns {
  readonly #others: Others;
  readonly #waiting: (() => void)[] = [];

  constructor(others: Others = UNKNOWN) {
    this.#others = others;
  }

  /** Does the work; one that is short is done at once. Rejects with the signal's reason, and with what the work
   * throws. */
  async finish<T>(slices: Slices<T>, signal?: AbortSignal): Promise<T> {
    while (true) {
      signal?.throwIfAborted();
      const begun = performance.now();
      do {
        const { done, value } = slices.next();
        if (done) return value;
      } while (performance.now() - begun < this.#turnMs());
      await this.rest();
    }
  }

  /** Resolves when others have had their turn: between two works of one request that take long without a cut. */
  rest(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) === 1) this.#pass();
    });
  }

  /** How long a turn is, as things stand. */
  #turnMs(): number {
    const { calling, present } = this.#others;
    if (calling) return INTERRUPTED_MS;
    return present || this.#waiting.length > 0 ? TURN_MS : ALONE_MS;
  }

  /** Leaves the thread to others. A timer rests for a millisecond; without it messages of other threads hardly come in
   * (Deno 2.9.6), but of one that waits it is known when it has. */
  #pass(): void {
    const goOn = () => {
      this.#waiting.shift()!();
      if (this.#waiting.length > 0) this.#pass();
    };
    if (this.#others.calling) this.#others.taken().then(() => setImmediate(goOn));
    else setTimeout(goOn);
  }
}
