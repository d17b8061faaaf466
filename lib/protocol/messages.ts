// The messages between the main thread and an inference worker. A job runs in slices: `advance` computes one
// chunk of a prefill or finishes the job, and the main thread decides whose slice comes next.
import type { Fault } from "../fault.ts";
import type { BegunSession } from "../ort/types.ts";
import type { ModelRoots } from "../hub/resolve.ts";
import type { HubAddress } from "../hub/fetch/settings.ts";
import type { DeviceSetting } from "../wire/device.ts";
import type { JobKind } from "./jobs.ts";
import type { Inbox } from "./inbox.ts";
import type { Counters, ModelInfo } from "./model_info.ts";
import type { JobProgress } from "../wire/progress.ts";
import type { LoadProgress } from "../hub/folder/types.ts";

/** What a worker needs to open a model file in ONNX Runtime. */
export interface OnnxSpec {
  readonly backend: "onnx";
  readonly root: string; // folder of main.ts: bundled models and node_modules lie below it
  /** owner/name[@revision], a bundled id, a folder below one of `roots`, or where another engine serves a model. */
  readonly model: string;
  readonly roots: ModelRoots;
  readonly hub: HubAddress;
  readonly variant: string | null; // of the model's files, by name; null and "auto" leave the choice to us
  readonly device: DeviceSetting;
  readonly runner: "auto" | "native" | "addon";
  readonly cacheBytes: number; // budget of the KV cache
  /** Where this program remembers things from start to start; absent or null: nowhere. */
  readonly cacheFolder?: string | null;
  readonly prefetch: boolean;
  /** False, in tests that serve too few clicks to gain by it: no rehearsal while it rests (lib/worker/rehearsal.ts). */
  readonly rehearse?: boolean;
  /** True where another model serves meanwhile: the load leaves it the processors. */
  readonly background?: boolean;
  /** Of the load that the process begins with: a session that the main thread has begun. It is taken where the load
   * comes to the same graph, else declined when it ends. */
  readonly begun?: BegunSession;
  /** NEXTTOKEN_REMOTE_KEY, and NEXTTOKEN_MODEL: it is for the engine named there. */
  readonly remoteKey?: { readonly model: string; readonly key: string } | null;
}

/** What a worker is to open; `backend` tells of which kind. */
export type LoadSpec = OnnxSpec;

export type ToWorker =
  | { readonly type: "load"; readonly spec: LoadSpec }
  | {
    readonly type: "start";
    readonly id: number;
    readonly kind: JobKind;
    readonly input: unknown; // as packLists leaves it
    readonly queuedMs: number; // it waited so long
    readonly encoded: boolean; // its value is sent as EncodedJson
  }
  | { readonly type: "advance"; readonly id: number }
  /** Ends a job, running or paused; a running one still answers `failed` with code client_gone. */
  | { readonly type: "drop"; readonly id: number }
  /** Ends everything: jobs, or a load that is under way, which leaves what can be resumed. */
  | { readonly type: "stop" };

export type FromWorker =
  | { readonly type: "log"; readonly level: "debug" | "info" | "warn" | "error"; readonly message: string }
  | { readonly type: "loading"; readonly progress: LoadProgress }
  | { readonly type: "ready"; readonly info: ModelInfo; readonly atOnce: number }
  | { readonly type: "unloadable"; readonly reason: string }
  | { readonly type: "paused"; readonly id: number; readonly progress: JobProgress }
  /** The job waits for work done elsewhere: it is not to be advanced before `resumable`. */
  | { readonly type: "parked"; readonly id: number }
  | { readonly type: "resumable"; readonly id: number }
  | { readonly type: "done"; readonly id: number; readonly value: unknown; readonly counters: Counters }
  | { readonly type: "failed"; readonly id: number; readonly message: string; readonly fault: Fault | null }
  | { readonly type: "counters"; readonly counters: Counters }
  /** Nothing is left of the load. `reusable`: the worker waits for another one. */
  | { readonly type: "stopped"; readonly reusable: boolean };

/** What a worker knows from its start on. */
export interface WorkerData {
  /** Mebibytes of JavaScript objects after which it ends itself. */
  readonly heapMib: number;
  /** Counts what is sent to it: see Inbox. */
  readonly inbox: Inbox["shared"];
}

/** The part of a Worker that the engine uses, so that tests can put a function in its place. */
export interface WorkerPort {
  post(message: ToWorker): void;
  /** Called once, before the first `post`. */
  listen(onMessage: (message: FromWorker) => void, onDeath: (reason: string) => void): void;
  terminate(): void;
}
