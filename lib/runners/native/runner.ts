// A language model over native tensors: the LmRunner contract on top of forward passes (forward.ts) and
// states (kv.ts). Runs leave the event loop free and end soon after an abort.
//
// OWNERSHIP: the runner owns its graph, its small inputs and, through the store, every state's tensors.
import { copyLogits, createForward, type Forward, type Pass } from "./forward.ts";
import type { NativeGraph } from "../../ort/native_graph.ts";
import { KvStore, type NativeKv } from "./kv.ts";
import { Lanes, type LanesOptions, type Place } from "./lanes.ts";
import { createLookahead, type NativeParts } from "./lookahead.ts";
import { cancelledError, type OrtSession } from "../../ort/session.ts";
import { chooseSessionThreads } from "../../ort/threads.ts";
import { growsWithTokens } from "../slots.ts";
import { takesPieces, wrapStepwise } from "../stepwise.ts";
import { type Kv, type LmLayout, type LmRunner, PIECE_TOKENS } from "../types.ts";
import type { NativeLogits } from "./logits_output.ts";
import { countTensorElements } from "../../ort/tensor.ts";
import { returnFreedMemory } from "../../ort/trim_memory.ts";
import { checkLogitsSize } from "../finite.ts";
import type { RowScorer } from "./row_scorer.ts";

/** Runs of so many tokens take long enough for all threads: others are served beside them meanwhile. */
const WIDE_TOKENS = 128;

export interface NativeRunnerOptions {
  /** The most tokens of a state. */
  readonly contextLength: number;
  /** Opens the same graph with one thread, for runs side by side; absent: runs take turns. */
  readonly openBeside?: () => Promise<OrtSession>;
}

/** A runner over `graph`, which it disposes of. `layout` as `findLayout` gives it, with `sharedBuffers` only where
 * the graph's attention takes one buffer as past and present.
 *
 * `run` and `lookahead` throw RangeErrors for ids that are not in the vocabulary, and the faults `context_too_long`
 * and `inference_failed`. */
export function createNativeRunner(
  graph: NativeGraph,
  layout: LmLayout,
  options: NativeRunnerOptions,
): LmRunner {
  const base = createParts(graph, layout, options);
  const { store, lanes, forward } = base;
  const scored = createScoredRun(base);
  const lookahead = createLookahead(base);
  const runner: LmRunner = {
    runtime: "native",
    device: "cpu",
    vocabSize: layout.vocabSize,
    cuts: growsWithTokens(layout.slots),
    // One more than can compute: while an answer is made of it, the processors go on.
    atOnce: options.openBeside !== undefined && takesPieces(layout) ? chooseSessionThreads() + 1 : 1,
    pieceTokens: () => PIECE_TOKENS,
    empty: (capacity) => store.empty(capacity),
    run: createCopiedRun(base),
    runScored: scored.run,
    lookahead: async (kv, ids, { signal } = {}) => {
      if (ids.length === 0) return [];
      const turn = { kv, ids, added: 1, place: "main", signal } as const;
      return await runInLane(base, turn, (state) => lookahead(state, ids, signal));
    },
    fork: (kv) => store.fork(kv),
    truncate: (kv, length) => store.truncate(kv, length),
    bytes: (kv) => store.bytes(kv),
    release: (kv) => store.release(kv),
    async dispose() {
      await graph.dispose(); // ends the run in progress
      await Promise.all([lanes.close(), scored.close()]); // and its scoring: nothing uses what goes now
      store.close();
      forward.free();
    },
  };
  return wrapStepwise(runner, layout);
}

function createParts(
  graph: NativeGraph,
  layout: LmLayout,
  { contextLength, openBeside }: NativeRunnerOptions,
): NativeBase {
  const { session } = graph;
  const store = new KvStore(session.ort, layout, contextLength);
  const forward = createForward(session, layout);
  const lanes = new Lanes(forward, {
    threads: chooseSessionThreads(),
    openBeside: createOpener(layout, openBeside),
  });
  return { graph, layout, store, forward, lanes, copy: copyLogits(layout) };
}

/** Passes over the second session, where one can be had. */
function createOpener(
  layout: LmLayout,
  openBeside: NativeRunnerOptions["openBeside"],
): LanesOptions["openBeside"] {
  return openBeside && (async () => {
    const session = await openBeside();
    return {
      createForward: () => createForward(session, layout),
      async close() {
        await session.close();
        returnFreedMemory();
      },
    };
  });
}

interface NativeBase extends NativeParts {
  readonly lanes: Lanes;
}

interface Turn {
  readonly kv: Kv;
  readonly ids: readonly number[];
  /** Tokens that the state grows by. */
  readonly added: number;
  readonly place: Place;
  readonly signal: AbortSignal | undefined;
}

/** Checks what can be checked before native code sees it, keeps `kv` from being released meanwhile, and waits for a
 * place to compute. */
async function runInLane<T>(
  { layout, store, lanes }: NativeBase,
  { kv, ids, added, place, signal }: Turn,
  use: (state: NativeKv, forward: Forward) => Promise<T>,
): Promise<T> {
  const state = store.use(kv);
  checkIds(ids, layout.vocabSize);
  store.checkRoom(kv, added);
  if (signal?.aborted) throw cancelledError();
  store.begin(state);
  try {
    return await lanes.take(place, signal, (forward) => use(state, forward));
  } finally {
    store.end(state);
  }
}

async function append<T>(
  { store }: NativeParts,
  forward: Forward,
  state: NativeKv,
  { ids, rows, signal }: {
    readonly ids: readonly number[];
    readonly rows: number; // positions at the end whose logits are read
    readonly signal: AbortSignal | undefined;
  },
  reader: (logits: NativeLogits, pass: Pass) => T | Promise<T>,
): Promise<{ logits: T; kv: Kv }> {
  if (!Number.isInteger(rows) || rows < 1 || rows > ids.length) {
    throw new RangeError(`Expected to keep 0 to ${ids.length} positions but found ${rows}.`);
  }
  store.claim(state, ids.length);
  const { logits, present } = await forward.run({
    past: state.buffers,
    length: state.length - state.ids.length,
    ids: [...state.ids, ...ids],
    logitsToKeep: rows,
    wantPresent: true,
    signal,
  }, reader);
  return { logits, kv: store.advance(state, ids, present) };
}

/** Runs whose rows are copied out. */
function createCopiedRun(base: NativeBase): LmRunner["run"] {
  return (kv, ids, { logitsToKeep = 1, signal } = {}) => {
    const wanted = { ids, rows: logitsToKeep === 0 ? ids.length : logitsToKeep, signal };
    const place: Place = ids.length < WIDE_TOKENS ? "anywhere" : "wide";
    const turn = { kv, ids, added: ids.length, place, signal };
    return runInLane(base, turn, (state, forward) => append(base, forward, state, wanted, base.copy));
  };
}

/** Runs whose rows are scored. The scorer, which most runners never need, is opened by the first. */
function createScoredRun(base: NativeBase): {
  readonly run: NonNullable<LmRunner["runScored"]>;
  close(): Promise<void>;
} {
  const { session } = base.graph;
  let opened: Promise<RowScorer> | null = null;
  const open = async () => (await import("./row_scorer.ts")).openRowScorer(session, base.layout);
  return {
    run: (kv, ids, questions, { signal } = {}) =>
      runInLane(base, { kv, ids, added: ids.length, place: "main", signal }, async (state, forward) => {
        const { score } = await (opened ??= open());
        const rows = questions.targets.length;
        const read = ({ value }: NativeLogits) => {
          checkLogitsSize(countTensorElements(session.ort, value), rows, base.layout.vocabSize);
          return score(value, questions, signal);
        };
        const scored = await append(base, forward, state, { ids, rows, signal }, read);
        return { rows: scored.logits, kv: scored.kv };
      }),
    close: async () => await (await opened?.catch(() => null))?.close(),
  };
}

function checkIds(ids: readonly number[], vocabSize: number): void {
  if (ids.length === 0) throw new RangeError("Expected at least one token id but found none.");
  const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabSize);
  if (wrong === undefined) return;
  throw new RangeError(`Expected token ids from 0 to ${vocabSize - 1} but found ${wrong}.`);
}
