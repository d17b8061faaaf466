// One ONNX session in native memory: opening, what it says about itself, and runs that can be cancelled.
//
// OWNERSHIP: the session is released by `close`, once every pending run has ended. A run owns its run options and the
// memory of its call (call.ts).
// Values given to a run stay the caller's and must live until it settles; values it makes are the caller's too.
import { fault } from "../fault.ts";
import type { Ort } from "./api.ts";
import { takeBegun } from "./begun_session.ts";
import { type BrakeAddresses, brakePointerOf } from "./brake.ts";
import { runningError } from "./plain_reason.ts";
import { type NameTable, runMemory } from "./call.ts";
import { createSession, graphNameOf, type SessionOptions } from "./create.ts";
import { allocatePointers, type Pointer, readCString, toCString } from "./memory.ts";
import { describe } from "./tensor.ts";
import type { GraphSource, TensorInfo } from "./types.ts";

export interface OrtSession {
  readonly ort: Ort;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Runs the graph. `values`: OrtValue*[] of the inputs. `results`: OrtValue*[], filled in where null. `thenShrink`:
   * what runs took so far goes back to the system at the end; ONNX Runtime does that at no other time.
   * Rejects with an AbortError when `signal` aborts (within one node of the graph) or the session is closed. */
  run(
    inputs: NameTable,
    values: BigUint64Array<ArrayBuffer>,
    outputs: NameTable,
    results: BigUint64Array<ArrayBuffer>,
    options?: { readonly signal?: AbortSignal | undefined; readonly thenShrink?: boolean },
  ): Promise<void>;
  /** Cancels pending runs, waits for their end and releases the session. Later calls do nothing. */
  close(): Promise<void>;
}

/** The run option that gives an arena's memory back when the run ends, for the devices named. */
const SHRINK = "memory.enable_memory_arena_shrinkage";

/** The error of a run that was stopped. */
export function cancelledError(): DOMException {
  return new DOMException("The computation was cancelled.", "AbortError");
}

/** Opens a session without blocking the event loop. Rejects with a `model_failed` fault and ONNX Runtime's text. */
export async function openSession(
  ort: Ort,
  source: GraphSource,
  options: SessionOptions = {},
): Promise<OrtSession> {
  const begun = options.begun === undefined ? null : await takeBegun(options.begun);
  const session = begun ?? await createSession(ort, source, options);
  const brake = options.runsUnderBrake ? options.brake : undefined;
  return adoptSession(ort, session, graphNameOf(source, options), brake);
}

/** A session that `createSession` made, here or in another thread: it is this object's from now on. `brake`: what ends
 * its runs, in place of signals. */
export function adoptSession(
  ort: Ort,
  session: Pointer,
  name: string,
  brake?: BrakeAddresses,
): OrtSession {
  try {
    const [inputs, outputs] = [portsOf(ort, session, "Input"), portsOf(ort, session, "Output")];
    return assemble(ort, session, { name, inputs, outputs, brake });
  } catch (error) {
    ort.call.ReleaseSession(session); // no object owns it yet
    throw error;
  }
}

/** Inputs or outputs as the session describes them. */
function portsOf(ort: Ort, session: Pointer, kind: "Input" | "Output"): TensorInfo[] {
  const { call } = ort;
  const count = allocatePointers(1);
  ort.check(call[`SessionGet${kind}Count`](session, count));
  return Array.from({ length: Number(count[0]) }, (_, index) => {
    const at = BigInt(index);
    const owned = ort.out((slot) => call[`SessionGet${kind}Name`](session, at, ort.allocator, slot));
    const name = readCString(owned);
    ort.check(call.AllocatorFree(ort.allocator, owned));
    const typeInfo = ort.out((slot) => call[`SessionGet${kind}TypeInfo`](session, at, slot));
    try {
      const slot = allocatePointers(1);
      ort.check(call.CastTypeInfoToTensorInfo(typeInfo, slot)); // null for sequences and maps; owned by typeInfo
      const tensorInfo = Deno.UnsafePointer.create(slot[0] ?? 0n);
      if (tensorInfo === null) throw fault("model_failed", `${kind} "${name}" of the graph is no tensor.`);
      return { name, ...describe(ort, tensorInfo, `${kind} "${name}" of the graph`) };
    } finally {
      call.ReleaseTypeInfo(typeInfo);
    }
  });
}

function assemble(
  ort: Ort,
  session: Pointer,
  { name, inputs, outputs, brake }: Pick<OrtSession, "inputs" | "outputs"> & {
    readonly name: string;
    readonly brake: BrakeAddresses | undefined;
  },
): OrtSession {
  const { call } = ort;
  const pending = new Map<Pointer, Promise<unknown>>(); // run options → the run they steer
  let closing: Promise<void> | null = null;
  const close = async () => {
    for (const runOptions of pending.keys()) ort.check(call.RunOptionsSetTerminate(runOptions));
    await Promise.allSettled(pending.values());
    call.ReleaseSession(session);
  };
  const run: OrtSession["run"] = async (ins, values, outs, results, { signal, thenShrink = false } = {}) => {
    if (closing !== null || signal?.aborted) throw cancelledError();
    const [taken, given] = [BigInt(values.length), BigInt(results.length)];
    await runSteered(ort, signal, brake, async (runOptions, stopped) => {
      if (thenShrink) ort.check(call.AddRunConfigEntry(runOptions, toCString(SHRINK), toCString("cpu:0")));
      const memory = runMemory(ort, ins, values, outs, results);
      const { inputNames, outputNames } = memory;
      // A blocking call (`openOrt`) has its status at once.
      const named = [inputNames, memory.values, taken, outputNames, given, memory.results] as const;
      const native = Promise.resolve(call.Run(session, runOptions, ...named));
      pending.set(runOptions, native);
      const status = await native.finally(() => {
        pending.delete(runOptions);
        results.set(memory.results);
        memory.free();
      });
      const failure = ort.failure(status);
      // A session being closed also fails a run that got through: its owner is about to free what it used.
      if (closing !== null || (failure !== null && stopped())) throw cancelledError();
      if (failure !== null) throw runningError(name, failure);
    });
  };
  return { ort, inputs, outputs, run, close: () => closing ??= close() };
}

/** Calls `use` with run options that `signal` terminates, and releases them when it settles, never before; with those
 * of `brake` where there is one. */
async function runSteered(
  ort: Ort,
  signal: AbortSignal | undefined,
  brake: BrakeAddresses | undefined,
  use: (runOptions: Pointer, stopped: () => boolean) => Promise<void>,
): Promise<void> {
  if (brake !== undefined) return await use(brakePointerOf(brake.runOptions), () => false);
  const runOptions = ort.out((slot) => ort.call.CreateRunOptions(slot));
  let terminated = false;
  const stop = () => {
    terminated = true;
    ort.check(ort.call.RunOptionsSetTerminate(runOptions)); // made to be called from another thread than the run's
  };
  signal?.addEventListener("abort", stop);
  try {
    await use(runOptions, () => terminated);
  } finally {
    signal?.removeEventListener("abort", stop);
    ort.call.ReleaseRunOptions(runOptions);
  }
}
