// One ONNX session in native memory: opening, what it says about itself, and runs that can be cancelled.
//
// OWNERSHIP: the session is released by `close`, once every pending run has ended. A run owns its run options and the
// memory of its call (ort_call.ts).
// Values given to a run stay the caller's and must live until it settles; values it makes are the caller's too.
import { basename } from "node:path";
import { fault } from "../fault.ts";
import type { Ort } from "./ort_api.ts";
import { allocate, type NameTable, runMemory } from "./ort_call.ts";
import { cPath, cString, type Pointer, POINTER_BYTES, pointerAt, pointers, text } from "./ort_memory.ts";
import { describe } from "./ort_tensor.ts";
import { sessionThreads } from "./threads.ts";
import type { GraphSource, TensorInfo } from "./types.ts";

export interface SessionOptions {
  /** Threads of one run; by default one for each physical core. */
  readonly threads?: number;
  /** What errors call the graph; by default its file's name. */
  readonly name?: string;
  /** True for a graph that `writeOptimised` has written: it is opened as it is. */
  readonly optimised?: boolean;
  /** Also writes the optimised graph to this path, its weights beside it with `_data` at the end of the name. */
  readonly writeOptimised?: string | null;
}

// GraphOptimizationLevel. EXTENDED leaves out memory layouts, which depend on the processor.
const DISABLE_ALL = 0;
const ENABLE_EXTENDED = 2;

export interface OrtSession {
  readonly ort: Ort;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Runs the graph. `values`: OrtValue*[] of the inputs. `results`: OrtValue*[], filled in where null.
   * Rejects with an AbortError when `signal` aborts (within one node of the graph) or the session is closed. */
  run(
    inputs: NameTable,
    values: BigUint64Array<ArrayBuffer>,
    outputs: NameTable,
    results: BigUint64Array<ArrayBuffer>,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Cancels pending runs, waits for their end and releases the session. Later calls do nothing. */
  close(): Promise<void>;
}

/** The error of a run that somebody stopped. */
export function cancelled(): DOMException {
  return new DOMException("The computation was cancelled.", "AbortError");
}

/** Opens a session without blocking the event loop. Rejects with a `model_failed` fault and ONNX Runtime's text. */
export async function openSession(
  ort: Ort,
  source: GraphSource,
  options: SessionOptions = {},
): Promise<OrtSession> {
  const name = options.name ?? ("path" in source ? basename(source.path) : `the model in ${source.folder}`);
  const settings = ort.out((slot) => ort.call.CreateSessionOptions(slot));
  let session: Pointer;
  try {
    configure(ort, settings, source, options);
    session = await create(ort, settings, source);
  } catch (error) {
    throw fault("model_failed", `Opening ${name} failed: ${reason(error)}`);
  } finally {
    ort.call.ReleaseSessionOptions(settings); // the session holds a copy
  }
  try {
    return assemble(ort, session, name, portsOf(ort, session, "Input"), portsOf(ort, session, "Output"));
  } catch (error) {
    ort.call.ReleaseSession(session); // nobody else will
    throw error;
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function configure(ort: Ort, settings: Pointer, source: GraphSource, options: SessionOptions): void {
  ort.check(ort.call.SetSessionLogSeverityLevel(settings, 4)); // fatal: errors reach us as statuses
  const threads = options.threads ?? sessionThreads();
  if (threads !== undefined) ort.check(ort.call.SetIntraOpNumThreads(settings, threads));
  const entry = (key: string, value: string) =>
    ort.check(ort.call.AddSessionConfigEntry(settings, cString(`session.${key}`), cString(value)));
  if (options.optimised) ort.check(ort.call.SetSessionGraphOptimizationLevel(settings, DISABLE_ALL));
  if (options.writeOptimised) {
    ort.check(ort.call.SetSessionGraphOptimizationLevel(settings, ENABLE_EXTENDED));
    ort.check(ort.call.SetOptimizedModelFilePath(settings, cPath(options.writeOptimised)));
    entry("optimized_model_external_initializers_file_name", `${basename(options.writeOptimised)}_data`);
  }
  // Beside a file external weights are found without it.
  if (!("path" in source)) entry("model_external_initializers_file_folder_path", source.folder);
}

async function create(ort: Ort, settings: Pointer, source: GraphSource): Promise<Pointer> {
  const { call, environment } = ort;
  const path = "path" in source ? cPath(source.path) : new Uint8Array(0);
  const block = allocate(ort, POINTER_BYTES + path.length); // where the session's address goes, the path
  const slot = new BigUint64Array(block.memory, 0, 1);
  try {
    if ("path" in source) {
      const owned = new Uint8Array(block.memory, POINTER_BYTES);
      owned.set(path);
      ort.check(await call.CreateSession(environment, owned, settings, slot));
    } else {
      const { buffer, byteOffset, byteLength } = source.bytes;
      const bytes = new Uint8Array(buffer, byteOffset, byteLength); // reading `buffer` moves the bytes off the heap
      const open = () => call.CreateSessionFromArray(environment, bytes, BigInt(byteLength), settings, slot);
      ort.check(await ort.lend(bytes, open));
    }
    return pointerAt(slot, 0);
  } finally {
    block.free();
  }
}

/** Inputs or outputs as the session describes them. */
function portsOf(ort: Ort, session: Pointer, kind: "Input" | "Output"): TensorInfo[] {
  const { call } = ort;
  const count = pointers(1);
  ort.check(call[`SessionGet${kind}Count`](session, count));
  return Array.from({ length: Number(count[0]) }, (_, index) => {
    const at = BigInt(index);
    const owned = ort.out((slot) => call[`SessionGet${kind}Name`](session, at, ort.allocator, slot));
    const name = text(owned);
    ort.check(call.AllocatorFree(ort.allocator, owned));
    const typeInfo = ort.out((slot) => call[`SessionGet${kind}TypeInfo`](session, at, slot));
    try {
      const slot = pointers(1);
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
  name: string,
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
): OrtSession {
  const { call } = ort;
  const pending = new Map<Pointer, Promise<unknown>>(); // run options → the run they steer
  let closing: Promise<void> | null = null;
  const close = async () => {
    for (const runOptions of pending.keys()) ort.check(call.RunOptionsSetTerminate(runOptions));
    await Promise.allSettled(pending.values());
    call.ReleaseSession(session);
  };
  const run: OrtSession["run"] = async (ins, values, outs, results, signal) => {
    if (closing !== null || signal?.aborted) throw cancelled();
    const [taken, given] = [BigInt(values.length), BigInt(results.length)];
    await steered(ort, signal, async (runOptions, stopped) => {
      const memory = runMemory(ort, ins, values, outs, results);
      const { inputNames, outputNames } = memory;
      const native = call.Run(
        ...[session, runOptions, inputNames, memory.values, taken] as const,
        ...[outputNames, given, memory.results] as const,
      );
      pending.set(runOptions, native);
      const status = await native.finally(() => {
        pending.delete(runOptions);
        results.set(memory.results);
        memory.free();
      });
      const failure = ort.failure(status);
      // A session being closed also fails a run that got through: its owner is about to free what it used.
      if (closing !== null || (failure !== null && stopped())) throw cancelled();
      if (failure !== null) throw fault("inference_failed", `Running ${name} failed: ${failure}`);
    });
  };
  return { ort, inputs, outputs, run, close: () => closing ??= close() };
}

/** Calls `use` with run options that `signal` terminates, and releases them when it settles, never before. */
async function steered(
  ort: Ort,
  signal: AbortSignal | undefined,
  use: (runOptions: Pointer, stopped: () => boolean) => Promise<void>,
): Promise<void> {
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
