// 20,000 mixed steps through the caches on the native runner, and some on the addon: what people, cancels and the
// garbage collector do to paths, in any order. Every answer is held against that of a state that knew nothing,
// computed once for each path: the paths are those of a small tree.
import assert from "node:assert/strict";
import { LogitsSource } from "../../lib/worker/logits/logits_source.ts";
import type { LmRunner } from "../../lib/runners/types.ts";
import { uniformAt } from "../../lib/sampling/rng.ts";
import { goldenFiles, largestDifference } from "../runners/goldens.ts";
import { collector, openAddon, openNative } from "../runners/native_fixture.ts";
import { finish } from "../finish.ts";

const SAME_LOGIT = 2e-4; // moves a probability by at most 1e-4
const TOKENS = [3, 11, 29]; // what a path may go on with
const DEPTH = 6; // tokens after a root
const BRANCHES = 9;
/** Native: shared buffers in place, and growing tensors. The addon: tensors in JavaScript. */
const SOAKS = [
  { model: "tiny-llama-gqa", runner: "native", open: openNative, steps: 17_000 },
  { model: "tiny-gpt2", runner: "native", open: openNative, steps: 3_000 },
  { model: "tiny-llama-gqa", runner: "addon", open: openAddon, steps: 2_000 },
];
const ROUNDS = 5; // memory is printed after each

type Kind = "click" | "undo" | "jump" | "cancel" | "lookahead" | "score" | "clear" | "collect";
/** Of a thousand steps. */
const WEIGHTS: Record<Kind, number> = {
  ...{ click: 450, undo: 100, jump: 200, cancel: 120, lookahead: 90, score: 30, clear: 8, collect: 2 },
};

for (const { model, runner: name, open, steps } of SOAKS) {
  Deno.test(`soak: ${steps} mixed steps, ${model}, ${name}: no wrong logit, no memory left`, async () => {
    const { path, config } = goldenFiles().find((file) =>
      file.model === model && file.file === "model.onnx"
    )!;
    const runner = await open(path, config);
    const soak = new Soak(runner);
    const memory: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      for (let step = 0; step < steps / ROUNDS; step++) await soak.step();
      soak.collect();
      memory.push(Math.round(Deno.memoryUsage().rss / 2 ** 20));
    }
    soak.checkCounts();
    const worst = soak.worst.toExponential(1);
    console.log(`RSS in MiB: ${memory.join(" ")}; ${JSON.stringify(soak.counts)}; logits differ by ${worst}`);
    soak.close();
    await runner.dispose();
    assert.ok(memory.at(-1)! - memory[1]! < 24, "memory is flat");
  });
}

class Soak {
  readonly counts: Record<Kind | "stopped" | "hits", number> = {
    ...{
      click: 0,
      undo: 0,
      jump: 0,
      cancel: 0,
      lookahead: 0,
      score: 0,
      clear: 0,
      collect: 0,
      stopped: 0,
      hits: 0,
    },
  };
  worst = 0;
  readonly collect = collector();
  readonly #runner: LmRunner;
  readonly #source: LogitsSource;
  readonly #budget: number;
  readonly #fresh = new Map<string, Float32Array>();
  readonly #roots: readonly (readonly number[])[];
  readonly #branches: { root: number; tail: number[] }[];
  #current = 0;
  #drawn = 0;

  constructor(runner: LmRunner) {
    this.#runner = runner;
    const long = Array.from({ length: 80 }, (_, i) => (i * 37 + 5) % runner.vocabSize);
    this.#roots = [[7], long, long.with(40, 1)];
    const one = runner.empty(80);
    this.#budget = Math.max(runner.bytes(one), 400_000) * 3; // a few states: the cache always evicts
    runner.release(one);
    this.#source = new LogitsSource(runner, this.#budget, 40 * 4 * runner.vocabSize);
    this.#branches = Array.from({ length: BRANCHES }, (_, i) => ({ root: i % 3, tail: [] }));
  }

  async step(): Promise<void> {
    const kind = this.#kind();
    this.counts[kind]++;
    await this.#before(kind);
    const { logits } = await finish(this.#source.after(this.#path(), NEVER));
    await this.#check(this.#path(), logits);
    assert.ok(this.#source.counters.cache.bytes <= this.#budget);
  }

  /** A soak that never cancelled or never hit has tested nothing. */
  checkCounts(): void {
    this.counts.hits = this.#source.counters.prefetch.hits;
    assert.ok(this.counts.stopped > 20 && this.counts.hits > 20 && this.counts.collect > 0);
  }

  close(): void {
    this.#source.clear();
    assert.equal(this.#source.counters.cache.bytes, 0);
  }

  async #before(kind: Kind): Promise<void> {
    const branch = this.#branches[this.#current]!;
    switch (kind) {
      case "click":
        return this.#click(branch);
      case "undo":
        return void branch.tail.splice(Math.max(0, branch.tail.length - 1 - this.#below(3)));
      case "jump":
        this.#current = this.#below(BRANCHES);
        return this.#click(this.#branches[this.#current]!);
      case "cancel":
        this.#click(branch);
        return await this.#abortable((signal) => finish(this.#source.after(this.#path(), signal)));
      case "lookahead":
        return await this.#abortable((signal) => this.#source.lookahead(this.#path(), TOKENS, signal));
      case "score":
        return void await finish(this.#source.scores(this.#path(), NEVER));
      case "clear":
        return this.#source.clear();
      case "collect":
        return this.collect();
    }
  }

  #click(branch: { root: number; tail: number[] }): void {
    if (branch.tail.length === DEPTH) branch.tail.splice(this.#below(DEPTH));
    branch.tail.push(TOKENS[this.#below(TOKENS.length)]!);
  }

  /** Stops `work` before it begins, in the middle of its first run, in the next task, or not: what a busy machine makes
   * of the third does not matter. */
  async #abortable(work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const controller = new AbortController();
    const when = this.#below(5);
    if (when === 0) controller.abort();
    const running = work(controller.signal);
    if (when === 1) controller.abort();
    const timer = when === 2 ? setTimeout(() => controller.abort(), 0) : undefined;
    await running.catch((error) => {
      if (!controller.signal.aborted) throw error;
      this.counts.stopped++;
    });
    clearTimeout(timer);
  }

  async #check(path: readonly number[], logits: Float32Array): Promise<void> {
    const key = path.join();
    let expected = this.#fresh.get(key);
    if (expected === undefined) {
      const { logits, kv } = await this.#runner.run(this.#runner.empty(), path);
      this.#runner.release(kv);
      this.#fresh.set(key, expected = logits);
    }
    const difference = largestDifference(logits, expected);
    this.worst = Math.max(this.worst, difference);
    assert.ok(difference <= SAME_LOGIT, `${path} differs by ${difference}`);
  }

  #path(): number[] {
    const { root, tail } = this.#branches[this.#current]!;
    return [...this.#roots[root]!, ...tail];
  }

  #kind(): Kind {
    let left = this.#below(1000);
    for (const [kind, weight] of Object.entries(WEIGHTS) as [Kind, number][]) {
      if ((left -= weight) < 0) return kind;
    }
    throw new Error("The weights are less than a thousand");
  }

  /** A whole number from 0 to `bound` - 1, the same ones at every run. */
  #below(bound: number): number {
    return Math.floor(uniformAt(4, this.#drawn++) * bound);
  }
}

const NEVER = new AbortController().signal;
