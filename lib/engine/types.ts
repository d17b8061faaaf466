// What the main thread knows about models and what it can ask of them. Types only: routes, the fake engine of
// the tests and the real one share them.
import type { LoadProgress, ModelVariants } from "../hub/folder/types.ts";
import type { AvailableModel } from "../wire/models.ts";
import type { JobProgress } from "../wire/progress.ts";
import type { Counters, ModelInfo } from "../protocol/model_info.ts";
import type { JobKind, Jobs } from "../protocol/jobs.ts";
import type { DeviceSetting } from "../wire/device.ts";

/** The state of the engine. Ready and loading can be true together: the old model serves while a new one loads. */
export interface EngineStatus extends Counters {
  readonly model:
    | { readonly state: "none" }
    | { readonly state: "ready"; readonly info: ModelInfo }
    | { readonly state: "failed"; readonly id: string; readonly reason: string };
  readonly load: { readonly id: string; readonly progress: LoadProgress } | null;
  readonly loadError: string | null;
}

/** What to load. Null: as configured. */
export interface LoadRequest {
  readonly modelId: string; // owner/name, a bundled id, or a folder below an allowed root
  readonly revision: string | null;
  readonly variant: string | null; // the wire calls it dtype
  readonly device: DeviceSetting | null;
}

export interface SubmitOptions {
  /** Who asks, for fair queueing. */
  readonly client: string;
  /** True where `client` names one page (the X-NextToken-Client header): its newer request of a kind ends the
   * older one. False where it is only an address, behind which many may ask at once. */
  readonly replaces?: boolean;
  /** Stops the work when it aborts. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: JobProgress) => void;
  /** True where the value is only passed on: it comes as EncodedJson, whatever its type says. */
  readonly encoded?: boolean;
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
