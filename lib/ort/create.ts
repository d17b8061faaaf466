// How an ONNX session comes into being. The pointer may be used in any thread of the process: who makes it hands it
// over, once.
import { messageOf } from "../basics/message_of.ts";
import { basename } from "node:path";
import type { Ort } from "./api.ts";
import { type BrakeAddresses, brakePointerOf } from "./brake.ts";
import { allocate } from "./call.ts";
import { type Pointer, POINTER_BYTES, readPointer, toCPath, toCString } from "./memory.ts";
import { openingError } from "./plain_reason.ts";
import { chooseSessionThreads } from "./threads.ts";
import type { BegunSession, GraphSource } from "./types.ts";

export interface SessionOptions {
  /** Threads of one run; by default one for each physical core. */
  readonly threads?: number;
  /** What errors call the graph; by default its file's name. */
  readonly name?: string;
  /** True for a graph that is opened as it is: one that `writeOptimised` has written, or that nothing makes better. */
  readonly optimised?: boolean;
  /** What is written of the optimised graph as well. */
  readonly writeOptimised?: OptimisedCopy | null;
  /** True for graphs whose runs hold much at once and are rare: no plan of the memory is made for shapes seen before,
   * and what stays lies apart from what runs take, so that they can give it back. */
  readonly sparing?: boolean;
  /** One of the same graph, with the same options, that may be taken in its place. */
  readonly begun?: BegunSession | undefined;
  /** What ends its making from another thread. */
  readonly brake?: BrakeAddresses | undefined;
  /** Whether that ends its runs as well: for a session that does not outlive the brake. */
  readonly runsUnderBrake?: boolean;
}

/** A copy of what optimising makes of a graph. */
export interface OptimisedCopy {
  readonly path: string;
  /** True: with all its weights, beside it under its name and `_data`, and so that every processor of a family can open
   * it. False: weights stay in the files that they come from, and it is for this processor. */
  readonly weights: boolean;
}

// GraphOptimizationLevel. EXTENDED leaves out memory layouts, which depend on the processor.
const DISABLE_ALL = 0;
const ENABLE_EXTENDED = 2;

/** What errors call the graph. */
export function graphNameOf(source: GraphSource, { name }: SessionOptions): string {
  return name ?? ("path" in source ? basename(source.path) : `the model in ${source.folder}`);
}

/** An OrtSession*, the caller's to release. Rejects with a `model_failed` fault and ONNX Runtime's text. */
export async function createSession(
  ort: Ort,
  source: GraphSource,
  options: SessionOptions,
): Promise<Pointer> {
  const { brake } = options;
  const settings = ort.out((slot) =>
    brake === undefined
      ? ort.call.CreateSessionOptions(slot)
      : ort.call.CloneSessionOptions(brakePointerOf(brake.sessionOptions), slot)
  );
  try {
    configure(ort, settings, source, options);
    return await create(ort, settings, source);
  } catch (error) {
    throw openingError(graphNameOf(source, options), messageOf(error));
  } finally {
    ort.call.ReleaseSessionOptions(settings); // the session holds a copy
  }
}

function configure(ort: Ort, settings: Pointer, source: GraphSource, options: SessionOptions): void {
  ort.check(ort.call.SetSessionLogSeverityLevel(settings, 4)); // fatal: errors reach us as statuses
  const threads = options.threads ?? chooseSessionThreads();
  if (threads !== undefined) ort.check(ort.call.SetIntraOpNumThreads(settings, threads));
  const entry = (key: string, value: string) =>
    ort.check(ort.call.AddSessionConfigEntry(settings, toCString(`session.${key}`), toCString(value)));
  entry("force_spinning_stop", "1"); // else its threads burn the processors that the answer is written on
  if (options.sparing) {
    ort.check(ort.call.DisableMemPattern(settings));
    entry("use_device_allocator_for_initializers", "1"); // what stays would keep a run's memory with it
  }
  if (options.optimised) ort.check(ort.call.SetSessionGraphOptimizationLevel(settings, DISABLE_ALL));
  if (options.writeOptimised) {
    const { path, weights } = options.writeOptimised;
    ort.check(ort.call.SetOptimizedModelFilePath(settings, toCPath(path)));
    if (weights) {
      ort.check(ort.call.SetSessionGraphOptimizationLevel(settings, ENABLE_EXTENDED));
      entry("optimized_model_external_initializers_file_name", `${basename(path)}_data`);
    }
  }
  // Beside a file external weights are found without it.
  if (!("path" in source)) entry("model_external_initializers_file_folder_path", source.folder);
}

async function create(ort: Ort, settings: Pointer, source: GraphSource): Promise<Pointer> {
  const { call, environment } = ort;
  const path = "path" in source ? toCPath(source.path) : new Uint8Array(0);
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
    return readPointer(slot, 0);
  } finally {
    block.free();
  }
}
