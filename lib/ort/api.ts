// ONNX Runtime's C API through Deno FFI: the function table, status checks, and memory that native code may see.
//
// OWNERSHIP
//  * Every OrtValue*, OrtSession*, OrtSessionOptions*, OrtRunOptions*, OrtTypeInfo*, OrtStatus* handed to us is ours to
//    release exactly once. The garbage collector knows nothing about them: a forgotten release leaks, a double
//    release kills the process. Each is released in the function that made it, or owned by one object (session.ts:
//    sessions and run options; lib/runners/native/kv.ts: cache tensors).
//  * The environment and the default allocator live as long as the process: never released.
//  * JavaScript memory that native code sees during a blocking call must lie over an explicit ArrayBuffer (typed
//    arrays of up to 64 bytes otherwise lie in the moving heap). What a non-blocking call sees lies in native memory
//    (call.ts), but for the bytes of an edited graph, which `lend` holds until its session is there.
// THREADS
//  * Non-blocking calls run on Deno's pool of blocking threads. Run is re-entrant; SetTerminate may come from any
//    thread; a value written by a run (fixed cache buffers) must not be used by another one meanwhile.
//  * The environment is a counted singleton of the process: several Workers may each call `openOrt`.

import { keepLoaded, loadAhead } from "./keep_loaded.ts";
import {
  allocatePointers,
  type Pointer,
  POINTER_BYTES,
  readCString,
  readPointer,
  toCString,
} from "./memory.ts";
import { refuseTelemetry } from "./telemetry.ts";

// index: place in struct OrtApi (onnxruntime_c_api.h). The table is append-only, so an index never changes.
const TABLE = {
  GetErrorMessage: { index: 2, parameters: ["pointer"], result: "pointer" },
  CreateEnv: { index: 3, parameters: ["i32", "buffer", "buffer"], result: "pointer" },
  DisableTelemetryEvents: { index: 6, parameters: ["pointer"], result: "pointer" },
  CreateSession: {
    index: 7,
    parameters: ["pointer", "buffer", "pointer", "buffer"],
    result: "pointer",
    nonblocking: true,
  },
  CreateSessionFromArray: {
    index: 8,
    parameters: ["pointer", "buffer", "usize", "pointer", "buffer"],
    result: "pointer",
    nonblocking: true,
  },
  Run: {
    index: 9,
    parameters: ["pointer", "pointer", "buffer", "buffer", "usize", "buffer", "usize", "buffer"],
    result: "pointer",
    nonblocking: true,
  },
  CreateSessionOptions: { index: 10, parameters: ["buffer"], result: "pointer" },
  CloneSessionOptions: { index: 12, parameters: ["pointer", "buffer"], result: "pointer" },
  SetOptimizedModelFilePath: { index: 11, parameters: ["pointer", "buffer"], result: "pointer" },
  DisableMemPattern: { index: 17, parameters: ["pointer"], result: "pointer" },
  SetSessionLogSeverityLevel: { index: 22, parameters: ["pointer", "i32"], result: "pointer" },
  SetSessionGraphOptimizationLevel: { index: 23, parameters: ["pointer", "i32"], result: "pointer" },
  SetIntraOpNumThreads: { index: 24, parameters: ["pointer", "i32"], result: "pointer" },
  SessionGetInputCount: { index: 30, parameters: ["pointer", "buffer"], result: "pointer" },
  SessionGetOutputCount: { index: 31, parameters: ["pointer", "buffer"], result: "pointer" },
  SessionGetInputTypeInfo: { index: 33, parameters: ["pointer", "usize", "buffer"], result: "pointer" },
  SessionGetOutputTypeInfo: { index: 34, parameters: ["pointer", "usize", "buffer"], result: "pointer" },
  SessionGetInputName: {
    index: 36,
    parameters: ["pointer", "usize", "pointer", "buffer"],
    result: "pointer",
  },
  SessionGetOutputName: {
    index: 37,
    parameters: ["pointer", "usize", "pointer", "buffer"],
    result: "pointer",
  },
  CreateRunOptions: { index: 39, parameters: ["buffer"], result: "pointer" },
  RunOptionsSetTerminate: { index: 46, parameters: ["pointer"], result: "pointer" },
  RunOptionsUnsetTerminate: { index: 47, parameters: ["pointer"], result: "pointer" },
  CreateTensorAsOrtValue: {
    index: 48,
    parameters: ["pointer", "buffer", "usize", "i32", "buffer"],
    result: "pointer",
  },
  CreateTensorWithDataAsOrtValue: {
    index: 49,
    parameters: ["pointer", "pointer", "usize", "buffer", "usize", "i32", "buffer"],
    result: "pointer",
  },
  GetTensorMutableData: { index: 51, parameters: ["pointer", "buffer"], result: "pointer" },
  CastTypeInfoToTensorInfo: { index: 55, parameters: ["pointer", "buffer"], result: "pointer" },
  GetTensorElementType: { index: 60, parameters: ["pointer", "buffer"], result: "pointer" },
  GetDimensionsCount: { index: 61, parameters: ["pointer", "buffer"], result: "pointer" },
  GetDimensions: { index: 62, parameters: ["pointer", "buffer", "usize"], result: "pointer" },
  GetSymbolicDimensions: { index: 63, parameters: ["pointer", "buffer", "usize"], result: "pointer" },
  GetTensorShapeElementCount: { index: 64, parameters: ["pointer", "buffer"], result: "pointer" },
  GetTensorTypeAndShape: { index: 65, parameters: ["pointer", "buffer"], result: "pointer" },
  CreateCpuMemoryInfo: { index: 69, parameters: ["i32", "i32", "buffer"], result: "pointer" },
  AllocatorAlloc: { index: 75, parameters: ["pointer", "usize", "buffer"], result: "pointer" },
  AllocatorFree: { index: 76, parameters: ["pointer", "pointer"], result: "pointer" },
  GetAllocatorWithDefaultOptions: { index: 78, parameters: ["buffer"], result: "pointer" },
  ReleaseStatus: { index: 93, parameters: ["pointer"], result: "void" },
  ReleaseSession: { index: 95, parameters: ["pointer"], result: "void" },
  ReleaseValue: { index: 96, parameters: ["pointer"], result: "void" },
  ReleaseRunOptions: { index: 97, parameters: ["pointer"], result: "void" },
  ReleaseTypeInfo: { index: 98, parameters: ["pointer"], result: "void" },
  ReleaseTensorTypeAndShapeInfo: { index: 99, parameters: ["pointer"], result: "void" },
  ReleaseSessionOptions: { index: 100, parameters: ["pointer"], result: "void" },
  AddSessionConfigEntry: { index: 130, parameters: ["pointer", "buffer", "buffer"], result: "pointer" },
  AddRunConfigEntry: { index: 165, parameters: ["pointer", "buffer", "buffer"], result: "pointer" },
  SessionOptionsSetLoadCancellationFlag: { index: 293, parameters: ["pointer", "bool"], result: "pointer" },
} as const satisfies Record<string, Deno.ForeignFunction & { readonly index: number }>;

type Table = typeof TABLE;
type Calls = { readonly [K in keyof Table]: Deno.FromForeignFunction<Table[K]> };

const API_VERSION = 22; // the newest level that any call of TABLE needs
const ENVIRONMENT = "next-token"; // its name
const [DEVICE_ALLOCATOR, DEFAULT_MEMORY] = [0, 0]; // OrtAllocatorType, OrtMemType
const LOG_FATAL = 4; // ONNX Runtime prints nothing below this; errors reach us as statuses anyway

/** ONNX Runtime in this process: one object a thread. Every `Pointer` belongs to the code that asked for it. */
export interface Ort {
  readonly version: string;
  readonly call: Calls;
  readonly environment: Pointer;
  /** The plain CPU allocator: memory goes back to the system when its value is released. */
  readonly allocator: Pointer;
  /** What says of memory that it is the processor's; it stays as long as the process. */
  readonly processorMemory: Pointer;
  /** ONNX Runtime's text behind a status, or null for success; releases the status. */
  failure(status: Deno.PointerValue): string | null;
  /** Throws an Error with that text unless `status` means success. */
  check(status: Deno.PointerValue): void;
  /** The pointer that `make` wrote into the slot given to it. Throws like `check`. */
  out(make: (slot: BigUint64Array<ArrayBuffer>) => Deno.PointerValue): Pointer;
  /** Keeps `memory` alive until the promise of `use` settles: a local may be collected during an await. */
  lend<T>(memory: unknown, use: () => Promise<T>): Promise<T>;
}

/** Opens the library at `path` (once per thread; see `findLibrary`). It stays open: thread pools outlive sessions.
 * `blocking`: every call runs in the thread that makes it, for a Worker that has nothing else to do.
 * Throws where it cannot be loaded, or is older than ONNX Runtime 1.22. */
export function openOrt(path: string, { blocking = false }: { readonly blocking?: boolean } = {}): Ort {
  refuseTelemetry();
  const { version, table } = tableOf(path);
  const call = Object.fromEntries(
    Object.entries(TABLE).map(([name, { index, ...signature }]) => [
      name,
      bindFunction(table, index, blocking ? { ...signature, nonblocking: false } : signature),
    ]),
  ) as unknown as Calls;
  return assemble(version, call);
}

/** Does in other threads, once in the life of the process, what the first `openOrt` would take 25 ms for: loads the
 * library and makes the environment, which stays. `onBegun` is called when this thread has no more to do. Rejects as
 * `openOrt` throws. */
export async function openAhead(path: string, onBegun: () => void = () => {}): Promise<void> {
  refuseTelemetry();
  await loadAhead(path);
  const table = tableOf(path).table;
  const createEnv = bindFunction(table, TABLE.CreateEnv.index, { ...TABLE.CreateEnv, nonblocking: true });
  const [name, slot] = [toCString(ENVIRONMENT), allocatePointers(1)];
  const made = createEnv(LOG_FATAL, name, slot);
  onBegun();
  await Promise.all([made, name, slot]); // which keeps both until the call has ended
}

/** The library's function table, and its version. Throws as `openOrt`. */
function tableOf(path: string): { version: string; table: Deno.UnsafePointerView } {
  const library = Deno.dlopen(path, { OrtGetApiBase: { parameters: [], result: "pointer" } });
  keepLoaded(path);
  const base = library.symbols.OrtGetApiBase();
  if (base === null) throw new Error(`${path} gives no OrtApiBase`);
  // struct OrtApiBase { const OrtApi* (*GetApi)(uint32_t version); const char* (*GetVersionString)(void); }
  const members = new Deno.UnsafePointerView(base);
  const getApi = bindFunction(members, 0, { parameters: ["u32"], result: "pointer" });
  const getVersion = bindFunction(members, 1, { parameters: [], result: "pointer" });
  const version = readCString(getVersion());
  const table = getApi(API_VERSION);
  if (table === null) throw new Error(`ONNX Runtime ${version} at ${path} is older than 1.${API_VERSION}`);
  return { version, table: new Deno.UnsafePointerView(table) };
}

function assemble(version: string, call: Calls): Ort {
  const lent = new Set<unknown>();
  const failure = (status: Deno.PointerValue) => {
    if (status === null) return null;
    const message = readCString(call.GetErrorMessage(status));
    call.ReleaseStatus(status);
    return message;
  };
  const check = (status: Deno.PointerValue) => {
    const message = failure(status);
    if (message !== null) throw new Error(message);
  };
  const out: Ort["out"] = (make) => {
    const slot = allocatePointers(1);
    check(make(slot));
    return readPointer(slot, 0);
  };
  const environment = out((slot) => call.CreateEnv(LOG_FATAL, toCString(ENVIRONMENT), slot));
  check(call.DisableTelemetryEvents(environment)); // where the system collects them: Windows
  return {
    version,
    call,
    environment,
    allocator: out((slot) => call.GetAllocatorWithDefaultOptions(slot)),
    processorMemory: out((slot) => call.CreateCpuMemoryInfo(DEVICE_ALLOCATOR, DEFAULT_MEMORY, slot)),
    failure,
    check,
    out,
    lend: async (memory, use) => {
      const entry = { memory }; // the same memory may be lent twice at once
      lent.add(entry);
      try {
        return await use();
      } finally {
        lent.delete(entry);
      }
    },
  };
}

function bindFunction<T extends Deno.ForeignFunction>(
  table: Deno.UnsafePointerView,
  index: number,
  signature: T,
): Deno.FromForeignFunction<T> {
  const address = table.getPointer(index * POINTER_BYTES);
  if (address === null) throw new Error(`ONNX Runtime's function table has no entry ${index}`);
  const target = new Deno.UnsafeFnPointer(address as Deno.PointerObject<never>, signature as never);
  return target.call.bind(target) as unknown as Deno.FromForeignFunction<T>;
}
