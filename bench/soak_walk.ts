// A user who never does the same twice: one step is one thing that people or the engine do to a path. The same
// sequence every time.
import { LogitsSource } from "../lib/worker/logits/logits_source.ts";
import type { LmRunner } from "../lib/runners/types.ts";
import { distOf } from "../lib/sampling/dist.ts";
import { topIds } from "../lib/sampling/order.ts";
import { uniformAt } from "../lib/sampling/rng.ts";
import { finish } from "./model.ts";

/** The most a probability may differ from that of a fresh computation. */
const SAME_PROBABILITY = 1e-4;
/** States of the longest path that the cache has room for: few, so that it always evicts. */
const ROOM_FOR = 5;
const BRANCHES = 12;
/** Weights of what a step does. */
const KINDS = { clicks: 50, undos: 10, jumps: 14, edits: 6, cancels: 10, lookaheads: 9, clears: 1 } as const;
type Kind = keyof typeof KINDS;

export class SoakWalk {
  readonly counts = {
    ...{ checked: 0, wrong: 0, worst: 0, cancelled: 0 },
    ...{ clicks: 0, undos: 0, jumps: 0, edits: 0, cancels: 0, lookaheads: 0, clears: 0 },
  };
  readonly #runner: LmRunner;
  readonly #longest: number;
  readonly #latestCancel: number;
  readonly #source: LogitsSource;
  readonly #branches: number[][];
  #current = 0;
  #drawn = 0;

  /** `longest`: tokens of a path; `latestCancel`: milliseconds after which the last of the cancels come. */
  constructor(runner: LmRunner, longest: number, latestCancel: number) {
    this.#runner = runner;
    this.#longest = longest;
    this.#latestCancel = latestCancel;
    const one = runner.empty(longest);
    this.#source = new LogitsSource(runner, runner.bytes(one) * ROOM_FOR);
    runner.release(one);
    this.#branches = Array.from({ length: BRANCHES }, () => this.#tokens(4));
  }

  get cacheBytes(): number {
    return this.#source.counters.cache.bytes;
  }

  /** One step; `check` holds its logits against those of a state that knew nothing. */
  async step(check: boolean): Promise<void> {
    const kind = this.#kind();
    this.counts[kind]++;
    await this.#before(kind);
    const path = this.#path;
    const { logits } = await finish(this.#source.after(path, new AbortController().signal));
    if (check) await this.#check(path, logits);
  }

  close(): void {
    this.#source.clear();
  }

  async #before(kind: Kind): Promise<void> {
    const path = this.#path;
    switch (kind) {
      case "clicks":
        return this.#replace([...path.slice(0, this.#longest - 1), ...this.#tokens(1)]);
      case "undos":
        return this.#replace(path.slice(0, Math.max(1, path.length - 1 - this.#below(5))));
      case "jumps": {
        const from = this.#branches[this.#below(BRANCHES)]!;
        this.#current = this.#below(BRANCHES);
        return this.#replace([...from.slice(0, 1 + this.#below(this.#longest - 2)), ...this.#tokens(1)]);
      }
      case "edits":
        return this.#replace(path.with(this.#below(path.length), this.#below(this.#runner.vocabSize)));
      case "cancels":
        return await this.#cancel();
      case "lookaheads":
        return await this.#lookahead();
      case "clears":
        return this.#source.clear();
    }
  }

  /** A long text that is given up at once, soon, or never: its beginning is kept and gone on with. */
  async #cancel(): Promise<void> {
    const path = [...this.#path.slice(0, 8), ...this.#tokens(this.#longest - 8)];
    await this.#abortable((signal) => finish(this.#source.after(path, signal)));
    this.#replace(path.slice(0, 1 + this.#below(path.length)));
  }

  async #lookahead(): Promise<void> {
    const path = this.#path.slice(0, this.#longest - 1);
    const { logits } = await finish(this.#source.after(path, new AbortController().signal));
    const likely = [...topIds(logits, 4)];
    await this.#abortable((signal) => this.#source.lookahead(path, likely, signal));
    this.#replace([...path, likely[this.#below(likely.length)]!]);
  }

  async #abortable(work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), this.#below(this.#latestCancel + 1));
    await work(controller.signal).catch((error) => {
      if (!controller.signal.aborted) throw error;
      this.counts.cancelled++;
    });
    clearTimeout(timer);
  }

  async #check(path: readonly number[], logits: Float32Array): Promise<void> {
    const fresh = await this.#runner.run(this.#runner.empty(), path);
    this.#runner.release(fresh.kv);
    const [ours, theirs] = [distOf(logits).probs, distOf(fresh.logits).probs];
    const most = ours.reduce((most, p, id) => Math.max(most, Math.abs(p - theirs[id]!)), 0);
    this.counts.checked++;
    this.counts.worst = Math.max(this.counts.worst, most);
    if (!(most <= SAME_PROBABILITY)) this.counts.wrong++;
  }

  get #path(): number[] {
    return this.#branches[this.#current]!;
  }

  #replace(path: number[]): void {
    this.#branches[this.#current] = path;
  }

  #kind(): Kind {
    let left = this.#below(Object.values(KINDS).reduce((sum, weight) => sum + weight, 0));
    for (const [kind, weight] of Object.entries(KINDS) as [Kind, number][]) {
      if (left < weight) return kind;
      left -= weight;
    }
    throw new Error("The weights do not add up");
  }

  #tokens(count: number): number[] {
    return Array.from({ length: count }, () => this.#below(this.#runner.vocabSize));
  }

  /** A whole number from 0 to `bound` - 1. */
  #below(bound: number): number {
    return Math.floor(uniformAt(2024, this.#drawn++) * bound);
  }
}
