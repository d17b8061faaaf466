// The logits after each of several tokens: in one batch where the graph gives the same logits that way, else one by
// one.
//
// OWNERSHIP: the copies of the past that a batch needs belong to the call and are freed when its pass settles.
import { countTextBytes, KvBuffers } from "./buffers.ts";
import { measureLargestGap } from "../check.ts";
import { growsWithTokens } from "../slots.ts";
import type { copyLogits, Forward } from "./forward.ts";
import type { NativeGraph } from "../../ort/native_graph.ts";
import type { KvStore, NativeKv } from "./kv.ts";
import type { LmLayout } from "../types.ts";

// A batch needs a copy of the past for each entry; from about this size on the copies cost what the batch saves
// (measured with 46 kB a token: 1.8 times faster at 128 tokens, equal at 1,024).
const BATCH_PAST_BYTES = 32 << 20;
const BATCH_ROWS = 8;
// A difference of this much moves a probability by at most 1e-4. Another order of additions stays below it in float32
// (7e-5 on the bundled model), a scale taken over the whole batch (dynamic int8) does not.
const BATCH_LOGIT_TOLERANCE = 2e-4;

/** What the parts of one runner share. */
export interface NativeParts {
  readonly graph: NativeGraph;
  readonly layout: LmLayout;
  readonly store: KvStore;
  readonly forward: Forward;
  readonly copy: ReturnType<typeof copyLogits>;
}

/** The logits after each of `ids`, appended alone to a state that stays as it is. */
type Lookahead = (
  state: NativeKv,
  ids: readonly number[],
  signal: AbortSignal | undefined,
) => Promise<Float32Array[]>;

/** A lookahead over one runner. Whether a batch may be trusted is found out at the first chance, by computing one
 * both ways: a fixed batch fails, dynamic int8 mixes the rows. */
export function createLookahead(base: NativeParts): Lookahead {
  let trusted = isBatchOpen(base) ? null : false;
  const one: Lookahead = async (state, ids, signal) => {
    const rows: Float32Array[] = [];
    for (const id of ids) rows.push(await runSingle(base, state, id, signal));
    return rows;
  };
  return async (state, ids, signal) => {
    const small = countTextBytes(base.layout.slots, state.length) <= BATCH_PAST_BYTES;
    if (ids.length === 1 || !small || trusted === false) return await one(state, ids, signal);
    if (trusted === null) {
      const rows = await one(state, ids, signal);
      trusted = await agrees(base, state, ids.slice(0, 2), rows, signal);
      return rows;
    }
    const rows: Float32Array[] = [];
    for (let start = 0; start < ids.length; start += BATCH_ROWS) {
      rows.push(...await runBatch(base, state, ids.slice(start, start + BATCH_ROWS), signal));
    }
    return rows;
  };
}

/** Whether every input with a batch leaves its size open, and rounding is fine enough for another order of additions
 * (the last bit of a float16 logit is more than {@link BATCH_LOGIT_TOLERANCE}). States of fixed size go one by one. */
function isBatchOpen({ graph, layout }: NativeParts): boolean {
  const { slots, integers, logits } = layout;
  if (logits.type === "float16" || slots.some((slot) => slot.type === "float16")) return false;
  if (!growsWithTokens(slots) || slots.some((slot) => slot.batchAxis !== 0)) return false;
  const batched = new Set(
    [...integers.filter((input) => input.rank === 2), ...slots.map((slot) => ({ name: slot.input }))]
      .map((input) => input.name),
  );
  return graph.inputs.every((input) => !batched.has(input.name) || typeof input.shape[0] === "string");
}

/** Whether a batch of `ids` gives the rows that single runs gave. A graph that refuses it does not. */
async function agrees(
  base: NativeParts,
  state: NativeKv,
  ids: readonly number[],
  rows: readonly Float32Array[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const together = await runBatch(base, state, ids, signal).catch((error: unknown) => {
    if (signal?.aborted) throw error; // nothing was found out
    return [];
  });
  return ids.every((_, row) => {
    const [alone, other] = [rows[row], together[row]];
    return alone !== undefined && other?.length === alone.length &&
      measureLargestGap(alone, other) <= BATCH_LOGIT_TOLERANCE;
  });
}

/** The logits after one more token; where the graph writes in place, the place behind the state is scratch. */
async function runSingle(
  base: NativeParts,
  state: NativeKv,
  id: number,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  base.store.claim(state, 1);
  const { logits } = await base.forward.run({
    past: state.buffers,
    length: state.length - state.ids.length,
    ids: [...state.ids, id],
    logitsToKeep: 1,
    wantPresent: false,
    signal,
  }, base.copy);
  return logits;
}

/** The logits after each of `ids` in one pass. */
async function runBatch(
  { layout, graph, forward, copy }: NativeParts,
  state: NativeKv,
  ids: readonly number[],
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  const past = state.length - state.ids.length;
  const capacity = layout.sharedBuffers ? past + 1 : past;
  const scratch = KvBuffers.allocate(graph.session.ort, layout.slots, ids.length, capacity);
  try {
    ids.forEach((_, row) => scratch.copyPrefix(state.buffers, past, row));
    const { logits } = await forward.run({
      past: scratch,
      length: past,
      ids: ids.flatMap((id) => [...state.ids, id]),
      logitsToKeep: 1,
      wantPresent: false,
      signal,
    }, copy);
    return ids.map((_, row) => logits.slice(row * layout.vocabSize, (row + 1) * layout.vocabSize));
  } finally {
    scratch.free();
  }
}
