// One forward pass of a language model over native tensors: it feeds, runs and reads, and knows no states.
import type { KvBuffers } from "./buffers.ts";
import { createSmallInputs } from "./inputs.ts";
import { LogitsOutput, type NativeLogits } from "./logits_output.ts";
import { type Pointer, readPointer } from "../../ort/memory.ts";
import type { Ort } from "../../ort/api.ts";
import type { OrtSession } from "../../ort/session.ts";
import { countTensorElements } from "../../ort/tensor.ts";
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

/** Reads a pass's logits, [batch, logitsToKeep, vocabSize]: they are gone when it settles. */
type ReadLogits<T> = (logits: NativeLogits, pass: Pass) => T | Promise<T>;

/** What a pass gives. `present`: tensors of the exact new length, the caller's to release; null where the pass wrote
 * into `past` or they were not asked for. */
interface PassResult<T> {
  readonly logits: T; // as they were read
  readonly present: readonly Pointer[] | null;
}

/** Passes over one session. They never overlap, since what they are given and the small inputs are used again. */
export interface Forward {
  run<T>(pass: Pass, read: ReadLogits<T>): Promise<PassResult<T>>;
  /** Releases what is used again; no pass may be pending. */
  free(): void;
}

/** Prepares names and inputs for `layout`. */
export function createForward(session: OrtSession, layout: LmLayout): Forward {
  const { ort } = session;
  const { slots } = layout;
  const small = createSmallInputs(ort, layout);
  const runs = session.prepare(
    [...small.names, ...slots.map((slot) => slot.input)],
    [layout.logits.name, ...slots.map((slot) => slot.output)],
  );
  const logits = new LogitsOutput(ort);
  const inPlace = layout.sharedBuffers;
  return {
    async run(pass, read) {
      const { past: { batch, table }, ids, logitsToKeep, wantPresent } = pass;
      const { values, results } = runs;
      small.fill({ batch, past: pass.length, ids, logitsToKeep }, values);
      values.set(table, small.names.length);
      const isSingle = ids.length === 1 && logitsToKeep === 1;
      // In place: the same tensor as past and present, so the graph must be asked for it. Else null: it allocates.
      results[0] = logits.addressFor(isSingle);
      if (inPlace) results.set(table, 1);
      else results.fill(0n, 1);
      let keepPresent = inPlace; // what is in place was never ours
      try {
        await runs.run({ signal: pass.signal, outputs: inPlace || wantPresent ? results.length : 1 });
        const rows = await read(logits.at(results[0], isSingle), pass);
        const present = inPlace || !wantPresent ? null : takeCaches(ort, layout, results, pass);
        keepPresent = true;
        return { logits: rows, present };
      } finally {
        logits.release(results[0]);
        if (!keepPresent) releaseAll(ort, results.subarray(1));
      }
    },
    free() {
      runs.free();
      small.free();
      logits.free();
    },
  };
}

function releaseAll({ call }: Ort, addresses: BigUint64Array): void {
  for (const address of addresses) {
    if (address !== 0n) call.ReleaseValue(Deno.UnsafePointer.create(address));
  }
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
export function copyLogits({ vocabSize }: LmLayout): ReadLogits<Float32Array> {
  return (logits, { past: { batch }, logitsToKeep }) => {
    const data = logits.read();
    checkLogitsSize(data.length, batch * logitsToKeep, vocabSize);
    if (data instanceof Float32Array) return data;
    return Float32Array.from(new Float16Array(data.buffer, data.byteOffset, data.length));
  };
}
