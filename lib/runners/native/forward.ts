// One forward pass of a language model over native tensors: it feeds, runs and reads, and knows no states.
import type { KvBuffers } from "./buffers.ts";
import { createSmallInputs } from "./inputs.ts";
import { allocatePointers, type Pointer, readPointer } from "../../ort/memory.ts";
import { nameTable } from "../../ort/call.ts";
import type { Ort } from "../../ort/api.ts";
import type { OrtSession } from "../../ort/session.ts";
import { countTensorElements, readNative } from "../../ort/tensor.ts";
import { checkLogitsSize } from "../finite.ts";
import { checkCacheSize } from "../slots.ts";
import type { LmLayout } from "../types.ts";

/** What a pass reads. */
export interface Pass {
  /** Tensors of `length` tokens in each batch entry. */
  readonly past: KvBuffers;
  readonly length: number;
  /** The tokens to append, batch entry by batch entry. */
  readonly ids: readonly number[];
  /** Positions at the end whose logits are wanted, at least 1. */
  readonly logitsToKeep: number;
  /** False where the new keys and values are of no use. */
  readonly wantPresent: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Reads a pass's logits, [batch, logitsToKeep, vocabSize]: they are released when it settles. */
type ReadLogits<T> = (logits: Pointer, pass: Pass) => T | Promise<T>;

/** What a pass gives. `present`: tensors of the exact new length, the caller's to release; null where the pass wrote
 * into `past` or they were not asked for. */
interface PassResult<T> {
  readonly logits: T; // as they were read
  readonly present: readonly Pointer[] | null;
}

/** Passes over one session. They never overlap, since the small inputs are used again. */
export interface Forward {
  run<T>(pass: Pass, read: ReadLogits<T>): Promise<PassResult<T>>;
  /** Releases the small inputs; no pass may be pending. */
  free(): void;
}

/** Prepares names and inputs for `layout`. */
export function createForward(session: OrtSession, layout: LmLayout): Forward {
  const small = createSmallInputs(session.ort, layout);
  const inputNames = nameTable([...small.names, ...layout.slots.map((slot) => slot.input)]);
  const outputNames = nameTable([layout.logits.name, ...layout.slots.map((slot) => slot.output)]);
  const inPlace = layout.sharedBuffers;
  return {
    free: () => small.free(),
    async run(pass, read) {
      const { past: { batch, table }, length, ids, logitsToKeep } = pass;
      const values = joinPointers(small.fill({ batch, past: length, ids, logitsToKeep }), table);
      // In place: the same tensor as past and present, so the graph must be asked for it. Else null: it allocates.
      const results = allocatePointers(inPlace || pass.wantPresent ? 1 + layout.slots.length : 1);
      if (inPlace) results.set(pass.past.table, 1);
      let keepPresent = inPlace; // what is in place was never ours
      try {
        await session.run(inputNames, values, outputNames, results, { signal: pass.signal });
        const logits = await read(readPointer(results, 0), pass);
        const present = inPlace || !pass.wantPresent ? null : takeCaches(session.ort, layout, results, pass);
        keepPresent = true;
        return { logits, present };
      } finally {
        results.forEach((address, i) => {
          const ours = i === 0 || !keepPresent;
          if (ours && address !== 0n) session.ort.call.ReleaseValue(Deno.UnsafePointer.create(address));
        });
      }
    },
  };
}

function joinPointers(
  first: readonly Pointer[],
  rest: BigUint64Array<ArrayBuffer>,
): BigUint64Array<ArrayBuffer> {
  const table = allocatePointers(first.length + rest.length);
  first.forEach((value, i) => table[i] = Deno.UnsafePointer.value(value));
  table.set(rest, first.length);
  return table;
}

/** The caches that a run made. Throws an `inference_failed` fault for one of another size than its tokens need: a
 * sliding window drops the first ones, and what is read later would lie beyond its end. */
function takeCaches(ort: Ort, layout: LmLayout, results: BigUint64Array<ArrayBuffer>, pass: Pass): Pointer[] {
  const { past: { batch }, length, ids } = pass;
  const tokens = length + ids.length / batch;
  return layout.slots.map((slot, i) => {
    const value = readPointer(results, i + 1);
    checkCacheSize(slot, tokens, countTensorElements(ort, value), batch);
    return value;
  });
}

/** Reads a float32 copy of the logits, [batch, logitsToKeep, vocabSize]; other rows than were asked for are a fault. */
export function copyLogits({ ort }: OrtSession, layout: LmLayout): ReadLogits<Float32Array> {
  return (value, pass) => copyRows(ort, layout, value, pass);
}

function copyRows(ort: Ort, layout: LmLayout, value: Pointer, pass: Pass): Float32Array {
  const { data } = readNative(ort, value);
  const rows = pass.past.batch * pass.logitsToKeep;
  checkLogitsSize(data.length, rows, layout.vocabSize);
  if (data instanceof Float32Array) return data;
  return Float32Array.from(new Float16Array(data.buffer, data.byteOffset, data.length));
}
