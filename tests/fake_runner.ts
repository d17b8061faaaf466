// A language model runner without weights: a state is its list of ids, the logits are a hash of them. It keeps the
// ownership contract of LmRunner strictly, so that a cache that confuses states fails a test, not a user.
import { type Kv, type LmRunner, PIECE_TOKENS } from "../lib/runners/types.ts";

interface FakeKv extends Kv {
  readonly ids: readonly number[];
}

export interface FakeRunner extends LmRunner {
  /** Token counts of all runs, in order. */
  readonly runs: number[];
  /** States that nobody has released. */
  readonly live: number;
  /** Called in the middle of every run; a test can wait or abort there. */
  onRun: (ids: readonly number[]) => Promise<void> | void;
}

export const BYTES_PER_TOKEN = 10;

/** The logits after `ids`: any difference in the path gives other numbers. */
export function fakeLogitsOf(ids: readonly number[], vocabSize: number): Float32Array {
  let hash = 2166136261;
  for (const id of ids) hash = Math.imul(hash ^ (id + 1), 16777619);
  return Float32Array.from(
    { length: vocabSize },
    (_, id) => (Math.imul(hash ^ id, 2246822519) >>> 8) / 2 ** 22,
  );
}

/** `cuts`: as LmRunner has it. */
export function createFakeRunner(vocabSize = 32, cuts = true): FakeRunner {
  const alive = new Set<Kv>();
  const make = (ids: readonly number[]): FakeKv => {
    const kv = { ids, length: ids.length };
    alive.add(kv);
    return kv;
  };
  const check = (kv: Kv): FakeKv => {
    if (!alive.has(kv)) throw new Error("This state is released, consumed or of another runner.");
    return kv as FakeKv;
  };
  const consume = (kv: Kv, ids: readonly number[]): FakeKv => {
    alive.delete(check(kv));
    return make(ids);
  };
  const stopped = () => new DOMException("The run was stopped.", "AbortError");
  const runner: FakeRunner = {
    runtime: "native",
    device: "cpu",
    vocabSize,
    cuts,
    atOnce: 1,
    pieceTokens: () => PIECE_TOKENS,
    runs: [],
    onRun: () => {},
    get live() {
      return alive.size;
    },
    empty: () => make([]),
    async run(kv, ids, { logitsToKeep = 1, signal } = {}) {
      const past = check(kv).ids;
      const all = [...past, ...ids];
      if (signal?.aborted) throw stopped();
      await runner.onRun(all);
      if (signal?.aborted) throw stopped();
      runner.runs.push(ids.length);
      const rows = logitsToKeep === 0 ? ids.length : Math.min(logitsToKeep, ids.length);
      const logits = new Float32Array(rows * vocabSize);
      for (let row = 0; row < rows; row++) {
        const before = all.slice(0, all.length - rows + row + 1);
        logits.set(fakeLogitsOf(before, vocabSize), row * vocabSize);
      }
      return { logits, kv: consume(kv, all) };
    },
    async lookahead(kv, ids, { signal } = {}) {
      const past = check(kv).ids;
      await runner.onRun(past);
      if (signal?.aborted) throw stopped();
      runner.runs.push(ids.length);
      return ids.map((id) => fakeLogitsOf([...past, id], vocabSize));
    },
    fork: (kv) => make(check(kv).ids),
    truncate(kv, length) {
      if (!cuts && length < kv.length) throw new RangeError("This state cannot be cut.");
      return consume(kv, check(kv).ids.slice(0, length));
    },
    bytes: (kv) => check(kv).length * BYTES_PER_TOKEN,
    release: (kv) => void alive.delete(check(kv)),
    dispose: () => Promise.resolve(),
  };
  return runner;
}
