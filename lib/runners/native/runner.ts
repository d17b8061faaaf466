// A language model over native tensors: the LmRunner contract on top of forward passes (forward.ts) and
// states (kv.ts). Runs leave the event loop free and end soon after an abort.
//
// OWNERSHIP: the runner owns its graph, its small inputs and, through the store, every state's tensors.
import { copyLogits, createForward, type Pass } from "./forward.ts";
import type { NativeGraph } from "../../ort/native_graph.ts";
import { KvStore, type NativeKv } from "./kv.ts";
import { createLookahead, type NativeParts } from "./lookahead.ts";
import { cancelledError } from "../../ort/session.ts";
import { growsWithTokens } from "../slots.ts";
import { inSteps } from "../stepwise.ts";
import { type Kv, type LmLayout, type LmRunner, PIECE_TOKENS } from "../types.ts";
import type { Pointer } from "../../ort/memory.ts";
import type { RowScorer } from "./row_scorer.ts";

/** A runner over `graph`, which it disposes of. `layout` as `findLayout` gives it, with `sharedBuffers` only where
 * the graph's attention takes one buffer as past and present; `contextLength`: the most tokens of a state.
 *
 * `run` and `lookahead` throw RangeErrors for ids that are not in the vocabulary, and the faults `context_too_long`
 * and `inference_failed`. */
export function createNativeRunner(
  graph: NativeGraph,
  layout: LmLayout,
  options: { readonly contextLength: number },
): LmRunner {
  const { session } = graph;
  const store = new KvStore(session.ort, layout, options.contextLength);
  const forward = createForward(session, layout);
  const base: NativeParts = { graph, layout, store, forward, copy: copyLogits(session, layout) };
  const scored = createScoredRun(base);
  const lookahead = createLookahead(base);
  const runner: LmRunner = {
    runtime: "native",
    device: "cpu",
    vocabSize: layout.vocabSize,
    cuts: growsWithTokens(layout.slots),
    pieceTokens: () => PIECE_TOKENS,
    empty: (capacity) => store.empty(capacity),
    run: createCopiedRun(base),
    runScored: scored.run,
    lookahead: async (kv, ids, { signal } = {}) =>
      ids.length === 0
        ? []
        : await exclusively(base, kv, ids, 1, signal, (state) => lookahead(state, ids, signal)),
    fork: (kv) => store.fork(kv),
    truncate: (kv, length) => store.truncate(kv, length),
    bytes: (kv) => store.bytes(kv),
    release: (kv) => store.release(kv),
    async dispose() {
      await graph.dispose(); // ends the run in progress, so that nothing uses what goes now
      await scored.close();
      store.close();
      forward.free();
    },
  };
  return inSteps(runner, layout);
}

/** Checks what can be checked before native code sees it, and keeps `kv` from being released meanwhile. */
async function exclusively<T>(
  { layout, store }: NativeParts,
  kv: Kv,
  ids: readonly number[],
  added: number,
  signal: AbortSignal | undefined,
  use: (state: NativeKv) => Promise<T>,
): Promise<T> {
  const state = store.use(kv);
  checkIds(ids, layout.vocabSize);
  store.checkRoom(kv, added);
  if (signal?.aborted) throw cancelledError();
  store.begin(state);
  try {
    return await use(state);
  } finally {
    store.end(state);
  }
}

async function append<T>(
  { store, forward }: NativeParts,
  state: NativeKv,
  { ids, rows, signal }: {
    readonly ids: readonly number[];
    readonly rows: number; // positions at the end whose logits are read
    readonly signal: AbortSignal | undefined;
  },
  reader: (logits: Pointer, pass: Pass) => T | Promise<T>,
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
function createCopiedRun(base: NativeParts): LmRunner["run"] {
  return (kv, ids, { logitsToKeep = 1, signal } = {}) => {
    const wanted = { ids, rows: logitsToKeep === 0 ? ids.length : logitsToKeep, signal };
    return exclusively(base, kv, ids, ids.length, signal, (state) => append(base, state, wanted, base.copy));
  };
}

/** Runs whose rows are scored. The scorer, which most runners never need, is opened by the first. */
function createScoredRun(base: NativeParts): {
  readonly run: NonNullable<LmRunner["runScored"]>;
  close(): Promise<void>;
} {
  const { session } = base.graph;
  let opened: Promise<RowScorer> | null = null;
  const open = async () => (await import("./row_scorer.ts")).openRowScorer(session, base.layout);
  return {
    run: (kv, ids, questions, { signal } = {}) =>
      exclusively(base, kv, ids, ids.length, signal, async (state) => {
        const { score } = await (opened ??= open());
        const read = (logits: Pointer) => score(logits, questions, signal);
        const rows = questions.targets.length;
        const scored = await append(base, state, { ids, rows, signal }, read);
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
