// A language model over any Graph whose tensors live in JavaScript memory (onnxruntime-node). Cache tensors are
// never written after a run made them, so states share them: a fork costs nothing, a failed run harms nothing.
import { concat } from "../../basics/concat.ts";
import {
  countPastBytes,
  createEmptyPast,
  createFeeds,
  cutPast,
  type Past,
  presentOf,
  readLogits,
} from "./past.ts";
import type { Device } from "../../wire/device.ts";
import type { Graph } from "../../ort/types.ts";
import { growsWithTokens } from "../slots.ts";
import { takesPieces, wrapStepwise } from "../stepwise.ts";
import { type Kv, type LmLayout, type LmRunner, PIECE_TOKENS } from "../types.ts";

/** A runner over `graph`, which it disposes of; `layout` from {@link findLayout}. `device` is only reported. */
export function createAddonRunner(graph: Graph, layout: LmLayout, device: Device): LmRunner {
  const { hold, pastOf, drop } = createStates();
  const runner: LmRunner = {
    runtime: "addon",
    device,
    vocabSize: layout.vocabSize,
    cuts: growsWithTokens(layout.slots),
    atOnce: 1,
    pieceTokens: () => PIECE_TOKENS,
    empty: () => hold(createEmptyPast(layout)),
    async run(kv, ids, { logitsToKeep = 1, signal } = {}) {
      const { logits, past } = await append(graph, layout, pastOf(kv), ids, logitsToKeep, signal);
      drop(kv);
      return { logits, kv: hold(past) };
    },
    lookahead: async (kv, ids, { signal } = {}) => await runEach(graph, layout, pastOf(kv), ids, signal),
    fork: (kv) => hold(pastOf(kv)),
    truncate(kv, length) {
      const past = cutPast(layout, pastOf(kv), length);
      drop(kv);
      return hold(past);
    },
    bytes: (kv) => countPastBytes(pastOf(kv)),
    release: drop,
    dispose: () => graph.dispose(),
  };
  return wrapStepwise(runner, layout);
}

/** Which past each handle means; a handle that was dropped means none, and using it throws. */
function createStates() {
  const live = new WeakMap<Kv, Past>();
  const pastOf = (kv: Kv): Past => {
    const past = live.get(kv);
    if (past !== undefined) return past;
    throw new Error("This state was released, or a run or truncation has replaced it.");
  };
  const hold = (past: Past): Kv => {
    const kv = { length: past.length };
    live.set(kv, past);
    return kv;
  };
  const drop = (kv: Kv): void => {
    pastOf(kv);
    live.delete(kv);
  };
  return { hold, pastOf, drop };
}

/** The logits after each of `ids`, every one appended alone to `past`. */
async function runEach(
  graph: Graph,
  layout: LmLayout,
  past: Past,
  ids: readonly number[],
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  checkIds(ids, layout.vocabSize);
  const rows: Float32Array[] = [];
  for (const id of ids) {
    signal?.throwIfAborted();
    const feeds = createFeeds(layout, past, [id], 1);
    const results = await graph.run(feeds, [layout.logits.name], { signal });
    rows.push(readLogits(results, layout, 1));
  }
  return rows;
}

/** Appends `ids` piece by piece; the logits of the last `logitsToKeep` of them (0 = all), row-major. */
async function append(
  graph: Graph,
  layout: LmLayout,
  before: Past,
  ids: readonly number[],
  logitsToKeep: number,
  signal: AbortSignal | undefined,
): Promise<{ logits: Float32Array; past: Past }> {
  if (ids.length === 0) throw new RangeError("Expected at least one token id but found none.");
  checkIds(ids, layout.vocabSize);
  const wanted = logitsToKeep === 0 ? ids.length : logitsToKeep;
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > ids.length) {
    throw new RangeError(`Expected to keep 0 to ${ids.length} positions but found ${logitsToKeep}.`);
  }
  const rows: Float32Array[] = [];
  let past = before;
  // A run cannot be stopped, so a long prompt goes in pieces, between which an abort is heard; no slower (measured).
  // Without a cache every piece would compute the whole prefix again.
  const piece = layout.slots.length === 0 || !takesPieces(layout) ? ids.length : PIECE_TOKENS;
  for (let start = 0; start < ids.length; start += piece) {
    signal?.throwIfAborted();
    const part = ids.slice(start, start + piece);
    const kept = Math.max(0, start + part.length - Math.max(start, ids.length - wanted));
    const outputs = layout.slots.map((slot) => slot.output);
    const want = kept > 0 ? [layout.logits.name, ...outputs] : outputs;
    const results = await graph.run(createFeeds(layout, past, part, kept || 1), want, { signal });
    if (kept > 0) rows.push(readLogits(results, layout, kept));
    past = presentOf(layout, past, part, results);
  }
  return { logits: rows.length === 1 ? rows[0]! : concat(Float32Array, rows), past };
}

function checkIds(ids: readonly number[], vocabSize: number): void {
  const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabSize);
  if (wrong !== undefined) {
    throw new RangeError(`Expected token ids from 0 to ${vocabSize - 1} but found ${wrong}.`);
  }
}
