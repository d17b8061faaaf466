// How long a task still takes: what was expected before it ran, corrected by how far it has come in the time that it
// had.
/** The share done at which what is measured counts as much as what was expected. */
const TRUSTED_SHARE = 0.1;
/** A step that takes longer than expected and tells nothing is thought to take this much longer. */
const OVERRUN = 1.25;

/** What a task's time is spent on. */
export type Phase = "opening" | "computing";

/** One task's time left. Times are milliseconds of one clock. */
export class Countdown {
  readonly #expected: Readonly<Record<Phase, number>>;
  readonly #spent: Record<Phase, number> = { opening: 0, computing: 0 };
  #since: number | null = null; // null until its turn comes
  phase: Phase;
  /** Done of what is computed, from 0 to 1. */
  share = 0;

  /** `phase`: what it begins with. */
  constructor(expected: Readonly<Record<Phase, number>>, phase: Phase) {
    this.#expected = expected;
    this.phase = phase;
  }

  /** Begins, where it has not begun. */
  begin(now: number): void {
    this.#since ??= now;
  }

  /** What the time is spent on from now on. */
  enter(phase: Phase, now: number): void {
    this.#spent[this.phase] += now - (this.#since ?? now);
    this.#since = now;
    this.phase = phase;
  }

  left(now: number): number {
    if (this.#since !== null) this.enter(this.phase, now);
    const { opening, computing } = this.#spent;
    const trust = this.share / (this.share + TRUSTED_SHARE);
    const measured = this.share === 0 ? 0 : computing / this.share;
    const total = trust * measured + (1 - trust) * Math.max(this.#expected.computing, OVERRUN * computing);
    const open = Math.max(
      this.#expected.opening - opening,
      this.phase === "opening" ? (OVERRUN - 1) * opening : 0,
    );
    return (this.share === 1 ? 0 : total - computing) + open;
  }
}
