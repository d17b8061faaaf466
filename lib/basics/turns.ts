import type { Slices } from "./slices.ts";

/** Milliseconds that work goes on before the thread's other tasks get their turn: a request of another client waits for
 * several turns, those of the thread that answers and those of the one that sends. */
const TURN_MS = 4;

/** Long works of one thread: between two tasks of others one of them goes on, however many there are. */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  /** Does the work; one that is short is done at once. Rejects with the signal's reason, and with what the work
   * throws. */
  async finish<T>(slices: Slices<T>, signal?: AbortSignal): Promise<T> {
    while (true) {
      signal?.throwIfAborted();
      const end = performance.now() + TURN_MS;
      do {
        const { done, value } = slices.next();
        if (done) return value;
      } while (performance.now() < end);
      await new Promise<void>((resolve) => {
        if (this.#waiting.push(resolve) === 1) this.#goOn();
      });
    }
  }

  #goOn(): void {
    setTimeout(() => { // messages of other threads come in between timers, and hardly between immediates (Deno 2.9.6)
      this.#waiting.shift()!();
      if (this.#waiting.length > 0) this.#goOn();
    });
  }
}
