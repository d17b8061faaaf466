// Where a run computes. A run that is alone takes all threads; where as many want to compute as there are threads, each
// takes one thread on a second session of the same graph, side by side: a run of one token takes 19 ms of a processor
// so, and 2 × 13.5 ms with two threads, which wait for each other at every node. The numbers are the same, bit by bit.
//
// The second session costs as much memory as the first one. It is opened when many have been at once for a while, and
// closed after a minute in which it was not needed.
//
// OWNERSHIP: the second session and its passes are owned here and released by `close`.
import type { Forward } from "./forward.ts";
import { cancelledError } from "../../ort/session.ts";

/** Runs in a row that began beside others before the second session is opened: a page that looks ahead while it asks
 * is no crowd. */
const CROWD = 16;
const REST_MS = 60_000;

/** Where a run may compute. "wide": anywhere, but it takes long, and gains by all threads. */
export type Place = "anywhere" | "wide" | "main";

/** Passes over a second session. */
export interface BesideSession {
  /** Passes of their own, which the caller frees. */
  createForward(): Forward;
  close(): Promise<void>;
}

export interface LanesOptions {
  /** Threads of the main session. */
  readonly threads: number;
  /** Opens the same graph with one thread; absent: runs take turns. Rejects where that cannot be. */
  readonly openBeside?: (() => Promise<BesideSession>) | undefined;
  /** Milliseconds without use after which the second session is closed. */
  readonly restMs?: number;
}

interface Waiter {
  readonly place: Place;
  begin(forward: Forward, end: () => void): void;
}

/** The second session: its passes that are free, and how many are used. */
interface Beside {
  readonly session: BesideSession;
  readonly free: Forward[];
  used: number;
  rest: ReturnType<typeof setTimeout> | undefined;
}

export class Lanes {
  readonly #main: Forward;
  readonly #options: LanesOptions;
  readonly #waiting: Waiter[] = [];
  #mainUsed = false;
  #beside: Beside | null = null;
  #opening: Promise<void> | null = null;
  #ending: Promise<void> = Promise.resolve(); // of a second session that rested
  readonly #turns = new Set<Promise<unknown>>();
  #inARow = 0;
  #closed = false;

  /** `main`: passes over the main session, the caller's. */
  constructor(main: Forward, options: LanesOptions) {
    this.#main = main;
    this.#options = options;
  }

  /** Runs that compute or wait. */
  get #wanted(): number {
    return this.#waiting.length + (this.#mainUsed ? 1 : 0) + (this.#beside?.used ?? 0);
  }

  /** Calls `use` with passes that are its own until it settles. Rejects with an AbortError where `signal` aborts before
   * its turn. */
  async take<T>(
    place: Place,
    signal: AbortSignal | undefined,
    use: (forward: Forward) => Promise<T>,
  ): Promise<T> {
    if (this.#closed || signal?.aborted) throw cancelledError();
    this.#inARow = this.#wanted > 0 ? this.#inARow + 1 : 0;
    if (this.#inARow >= CROWD) this.#openBeside();
    const { forward, end } = await this.#turn(place, signal);
    try {
      if (this.#closed || signal?.aborted) throw cancelledError();
      return await this.#follow(use(forward));
    } finally {
      end();
      this.#pump();
    }
  }

  /** Ends what waits and what computes on the second session, and resolves when nobody uses passes any more: those of
   * the main session are the caller's to end. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#pump();
    await this.#opening;
    await this.#endBeside();
    await this.#ending;
    await Promise.allSettled(this.#turns);
  }

  async #follow<T>(turn: Promise<T>): Promise<T> {
    this.#turns.add(turn);
    try {
      return await turn;
    } finally {
      this.#turns.delete(turn);
    }
  }

  #turn(place: Place, signal: AbortSignal | undefined): Promise<{ forward: Forward; end: () => void }> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(cancelledError());
      };
      const waiter: Waiter = {
        place,
        begin(forward, end) {
          signal?.removeEventListener("abort", leave);
          resolve({ forward, end });
        },
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiter);
      this.#pump();
    });
  }

  /** Gives turns to those that wait, in their order, as long as there is a place for one. */
  #pump(): void {
    while (true) {
      const at = this.#waiting.findIndex((waiter) => this.#freeFor(waiter) !== null);
      if (at < 0) return;
      const place = this.#freeFor(this.#waiting[at]!);
      const [waiter] = this.#waiting.splice(at, 1);
      if (place === "main") this.#beginMain(waiter!);
      else this.#beginBeside(waiter!, this.#beside!);
    }
  }

  /** Where a run can begin now; null: it waits. */
  #freeFor({ place }: Waiter): "main" | "beside" | null {
    const mainFree = !this.#mainUsed || this.#closed;
    const crowded = this.#wanted > 1 && this.#wanted >= this.#options.threads;
    const beside = crowded && this.#beside !== null && place !== "main";
    if (beside && (place === "anywhere" || !mainFree)) return "beside";
    return mainFree ? "main" : null;
  }

  #beginMain(waiter: Waiter): void {
    this.#mainUsed = true;
    waiter.begin(this.#main, () => this.#mainUsed = false);
  }

  #beginBeside(waiter: Waiter, beside: Beside): void {
    const forward = beside.free.pop() ?? beside.session.createForward();
    clearTimeout(beside.rest);
    beside.used++;
    waiter.begin(forward, () => {
      if (this.#beside !== beside) return forward.free(); // the session was closed under it
      beside.free.push(forward);
      beside.used--;
      this.#letRest(beside);
    });
  }

  /** Closes the second session when it has not been used for a while. */
  #letRest(beside: Beside): void {
    if (beside.used > 0 || this.#closed) return;
    const end = () => void (this.#ending = this.#endBeside());
    beside.rest = setTimeout(end, this.#options.restMs ?? REST_MS);
  }

  /** Once; where it fails, runs go on taking turns. */
  #openBeside(): void {
    const { openBeside } = this.#options;
    if (openBeside === undefined || this.#beside !== null) return;
    this.#opening ??= openBeside().then((session) => {
      const beside = this.#beside = { session, free: [], used: 0, rest: undefined };
      this.#letRest(beside); // the crowd may be gone by now
      this.#pump();
    }).catch(() => {});
  }

  /** Cancels what runs on the second session, and releases it. */
  async #endBeside(): Promise<void> {
    const beside = this.#beside;
    if (beside === null) return;
    this.#beside = null;
    this.#opening = null;
    this.#inARow = 0;
    clearTimeout(beside.rest);
    await beside.session.close();
    for (const forward of beside.free) forward.free();
  }
}
