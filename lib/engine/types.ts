// What the main thread knows about models and what it can ask of them. Types only: routes, the fake engine of
// the tests and the real one share them.
import type { AvailableModel, LoadProgress, ModelVariants } from "../hub/folder/types.ts";
import type { JobProgress } from "../decode/types.ts";
import type { DeviceSetting } from "../ort/devices.ts";
import type { Device } from "../ort/types.ts";
import type { NextTokenInput, NextTokenResult } from "../wire/next_token.ts";
import type { PreviewInput, PreviewResult } from "../wire/preview.ts";
import type { StepInput, StepResult } from "../wire/step.ts";
import type { TokenizeInput } from "../wire/token.ts";
import type { VocabularyInput, VocabularyResult } from "../wire/vocabulary.ts";

/** Everything the outside may know about a model that is ready. */
export interface ModelInfo {
  readonly id: string;
  readonly modelKey: string; // see ModelIdentity of lib/wire
  readonly tokenizerKey: string;
  readonly device: Device;
  readonly dtype: string; // the arithmetic: "float32" or "float16"
  readonly quantization: string; // the file variant: "fp32", "fp16", "q4", "q4f16", "int8" ...
  readonly runtime: "native" | "addon";
  readonly vocabSize: number;
  readonly contextLength: number; // tokens
  readonly eosTokenIds: readonly number[];
  readonly hasChatTemplate: boolean;
  readonly warning: string | null; // for example: the device asked for is not there, CPU is used
}

/** The state of the engine. Ready and loading can be true together: the old model serves while a new one loads. */
export interface EngineStatus {
  readonly model:
    | { readonly state: "none" }
    | { readonly state: "ready"; readonly info: ModelInfo }
    | { readonly state: "failed"; readonly id: string; readonly reason: string };
  readonly load: { readonly id: string; readonly progress: LoadProgress } | null;
  readonly loadError: string | null;
  readonly cache: { readonly hits: number; readonly misses: number; readonly bytes: number };
  readonly prefetch: { readonly hits: number; readonly wastedTokens: number };
}

/** What to load. Null: as configured. */
export interface LoadRequest {
  readonly modelId: string; // owner/name, a bundled id, or a folder below an allowed root
  readonly revision: string | null;
  readonly dtype: string | null;
  readonly device: DeviceSetting | null;
}

/** JSON as UTF-8, written in the worker: where it may be long, the event loop has better things to do. */
export type EncodedJson = Uint8Array<ArrayBuffer>;

/** The jobs a worker can do: request in, plain data out. */
export interface Jobs {
  next_token: { readonly input: NextTokenInput; readonly output: NextTokenResult };
  preview: { readonly input: PreviewInput; readonly output: PreviewResult };
  step: { readonly input: StepInput; readonly output: StepResult };
  vocabulary: { readonly input: VocabularyInput; readonly output: VocabularyResult };
  tokenize: { readonly input: TokenizeInput; readonly output: EncodedJson }; // of a TokenizeResult
}
export type JobKind = keyof Jobs;

export interface SubmitOptions {
  /** Who asks, for fair queueing. */
  readonly client: string;
  /** True where `client` names one page (the X-NextToken-Client header): its newer request of a kind ends the
   * older one. False where it is only an address, behind which many may ask at once. */
  readonly replaces?: boolean;
  /** Stops the work when it aborts. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: JobProgress) => void;
}

/** The one door from the routes to the models. */
export interface Engine {
  status(): EngineStatus;
  /** Calls `listener` at every change of the status; returns the way to stop. */
  subscribe(listener: (status: EngineStatus) => void): () => void;
  models(): Promise<readonly AvailableModel[]>;
  /** The files of the model `id`, which may have to ask the hub. Throws invalid_request for a malformed name,
   * unsupported with the reason where there is nothing to load. */
  variants(id: string, revision: string | null, signal: AbortSignal): Promise<ModelVariants>;
  /** Starts a load and gives the status that says so; the model in use serves until the new one is ready. Throws
   * load_in_progress, and invalid_request for what cannot be a model; all else is told by the status. */
  load(request: LoadRequest): Promise<EngineStatus>;
  /** Gives up the load that is under way, if any. */
  cancelLoad(): EngineStatus;
  /** Throws faults: model_loading, model_failed, queue_full, client_gone, and what the job itself throws. */
  submit<K extends JobKind>(
    kind: K,
    input: Jobs[K]["input"],
    options: SubmitOptions,
  ): Promise<Jobs[K]["output"]>;
  close(): Promise<void>;
}
