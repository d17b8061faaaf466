// How many messages are on their way to a thread, in memory that it shares with the one that sends them: what computes
// there sees that somebody calls without leaving its turn.

/** The messages that one thread has sent to another, and that one has not taken. */
export class Inbox {
  /** For the other thread. */
  readonly shared: Int32Array<SharedArrayBuffer>;
  #whenTaken: (() => void)[] = [];

  constructor(shared = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))) {
    this.shared = shared;
  }

  /** The sender's: a message was sent. */
  add(): void {
    Atomics.add(this.shared, 0, 1);
  }

  /** The receiver's: takes a message that came, and does with it what is to be done at once. */
  take(work: () => void): void {
    Atomics.sub(this.shared, 0, 1);
    try {
      work();
    } finally {
      for (const resolve of this.#whenTaken.splice(0)) resolve();
    }
  }

  /** Whether a message is on its way. One may come before it is counted: it is no longer, then. */
  get calling(): boolean {
    return Atomics.load(this.shared, 0) > 0;
  }

  /** Resolves when the next message has been taken. */
  taken(): Promise<void> {
    return new Promise((resolve) => this.#whenTaken.push(resolve));
  }
}
