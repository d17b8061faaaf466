// One ONNX session in native memory: opening, what it says about itself, and runs that can be cancelled.
//
// OWNERSHIP: the session is released by `close`, once every pending run has ended. Prepared runs own their run options
// and the memory of their calls (call.ts).
// Values given to a run stay the caller's and must live until it settles; values it makes are the caller's too.
import { fault } from "../fault.ts";
import type { Ort } from "./api.ts";
import { takeBegun } from "./begun_session.ts";
import { type BrakeAddresses, brakePointerOf } from "./brake.ts";
import { runningError } from "./plain_reason.ts";
import { runMemory } from "./call.ts";
import { createSession, graphNameOf, type SessionOptions } from "./create.ts";
import { allocatePointers, type Pointer, readCString, toCString } from "./memory.ts";
import { describe } from "./tensor.ts";
import type { GraphSource, TensorInfo } from "./types.ts";

/** Runs of one session, one after the other. What a run is given is native memory that is filled anew for each: a run
 * of one token made and gave back a dozen things that were the same each time. */
export interface PreparedRuns {
  /** OrtValue*[] of the inputs. */
  readonly values: BigUint64Array<ArrayBuffer>;
  /** OrtValue*[] of the outputs, filled in by a run where null. */
  readonly results: BigUint64Array<ArrayBuffer>;
  /** Runs the graph for the first `outputs` of the outputs, by default all.
   * Rejects with an AbortError when `signal` aborts (within one node of the graph) or the session is closed. */
  run(options?: { readonly signal?: AbortSignal | undefined; readonly outputs?: number }): Promise<void>;
  /** Once; no run may be pending. The session may be closed. */
  free(): void;
}

export interface OrtSession {
  readonly ort: Ort;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Prepares runs that take and give values of these names. `thenShrink`: what runs took so far goes back to the
   * system at the end of each; ONNX Runtime does that at no other time. */
  prepare(
    inputs: readonly string[],
    outputs: readonly string[],
    options?: { readonly thenShrink?: boolean },
  ): PreparedRuns;
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
  const prepare: OrtSession["prepare"] = (ins, outs, { thenShrink = false } = {}) => {
    const steering = createSteering(ort, brake, thenShrink);
    const { runOptions } = steering;
    const { inputNames, values, outputNames, results, free } = runMemory(ort, ins, outs);
    const given = [inputNames, values, BigInt(ins.length), outputNames] as const;
    const run: PreparedRuns["run"] = async ({ signal, outputs = outs.length } = {}) => {
      if (closing !== null || signal?.aborted) throw cancelledError();
      const end = steering.begin(signal);
      // A blocking call (`openOrt`) has its status at once.
      const native = Promise.resolve(call.Run(session, runOptions, ...given, BigInt(outputs), results));
      pending.set(runOptions, native);
      const status = await native.finally(() => {
        pending.delete(runOptions);
        end();
      });
      const failure = ort.failure(status);
      // A session being closed also fails a run that got through: its owner is about to free what it used.
      if (closing !== null || (failure !== null && steering.stopped)) throw cancelledError();
      if (failure !== null) throw runningError(name, failure);
    };
    return { values, results, run, free: () => (steering.free(), free()) };
  };
  return { ort, inputs, outputs, prepare, close: () => closing ??= close() };
}

/** Run options, and what stops the run that they steer. */
interface Steering {
  readonly runOptions: Pointer;
  /** Whether the last run was stopped. */
  readonly stopped: boolean;
  /** Has `signal` stop the run that begins now. The function that comes back is called when it has ended. */
  begin(signal: AbortSignal | undefined): () => void;
  free(): void;
}

/** Options of their own; where there is a `brake` its options, which it stops in place of signals. */
function createSteering(ort: Ort, brake: BrakeAddresses | undefined, thenShrink: boolean): Steering {
  const { call } = ort;
  if (brake !== undefined) {
    return {
      runOptions: brakePointerOf(brake.runOptions),
      stopped: false,
      begin: () => () => {},
      free: () => {},
    };
  }
  const runOptions = ort.out((slot) => call.CreateRunOptions(slot));
  if (thenShrink) ort.check(call.AddRunConfigEntry(runOptions, toCString(SHRINK), toCString("cpu:0")));
  let stopped = false;
  const stop = () => {
    stopped = true;
    ort.check(call.RunOptionsSetTerminate(runOptions)); // made to be called from another thread than the run's
  };
  return {
    runOptions,
    get stopped() {
      return stopped;
    },
    begin(signal) {
      if (stopped) ort.check(call.RunOptionsUnsetTerminate(runOptions));
      stopped = false;
      signal?.addEventListener("abort", stop);
      return () => signal?.removeEventListener("abort", stop);
    },
    free: () => call.ReleaseRunOptions(runOptions),
  };
}
