// An engine without a model, for tests of routes and page: its status is set by hand, its answers come from
// fake_model.ts, it can be slow, hold its answers back or fail, and it remembers who asked and who went away.
import { setTimeout as delay } from "node:timers/promises";
import { fault } from "../lib/fault.ts";
import type { LoadProgress, ModelVariants } from "../lib/hub/folder/types.ts";
import type { Engine, EngineStatus, LoadRequest, SubmitOptions } from "../lib/engine/types.ts";
import type { JobKind, Jobs } from "../lib/protocol/jobs.ts";
import type { ModelInfo } from "../lib/protocol/model_info.ts";
import type { AvailableModel, OnnxBackend } from "../lib/wire/models.ts";
import { fakeJob } from "./fake_language.ts";
import {
  FAKE_CONTEXT_LENGTH,
  FAKE_EOS_ID,
  FAKE_MODEL_ID,
  FAKE_MODEL_KEY,
  FAKE_TOKENIZER_KEY,
  FAKE_VOCAB_SIZE,
  fakeNextToken,
} from "./fake_model.ts";

export const FAKE_INFO: ModelInfo & { readonly backend: OnnxBackend } = {
  id: FAKE_MODEL_ID,
  modelKey: FAKE_MODEL_KEY,
  tokenizerKey: FAKE_TOKENIZER_KEY,
  backend: { kind: "onnx", device: "cpu", arithmetic: "float32", variant: "q4", runtime: "native" },
  vocabSize: FAKE_VOCAB_SIZE,
  contextLength: FAKE_CONTEXT_LENGTH,
  eosTokenIds: [FAKE_EOS_ID],
  ...{ hasChatTemplate: false, hasBos: false },
  warning: null,
};

const QUIET = {
  load: null,
  loadError: null,
  cache: { hits: 0, misses: 0, bytes: 0 },
  prefetch: { hits: 0, wastedTokens: 0 },
} as const;

/** Another model has other keys. */
function keysOf(id: string | undefined): Partial<ModelInfo> {
  return id === undefined || id === FAKE_MODEL_ID
    ? {}
    : { modelKey: `key of ${id}`, tokenizerKey: `tokenizer of ${id}` };
}

/** The states a page can meet. */
export const fakeStatus = {
  none: (): EngineStatus => ({ model: { state: "none" }, ...QUIET }),
  /** The first load: nothing can be answered yet. */
  loading: (progress: Partial<LoadProgress> = {}): EngineStatus => ({
    model: { state: "none" },
    ...QUIET,
    load: {
      id: FAKE_MODEL_ID,
      progress: {
        phase: "opening",
        file: "model_q4.onnx",
        received: 30,
        total: 100,
        bytesPerSecond: 10,
        ...progress,
      },
    },
  }),
  ready: (info: Partial<ModelInfo> = {}): EngineStatus => ({
    model: { state: "ready", info: { ...FAKE_INFO, ...keysOf(info.id), ...info } },
    ...QUIET,
  }),
  /** The old model serves while another one is fetched. */
  swapping: (id = "owner/other", progress: Partial<LoadProgress> = {}): EngineStatus => ({
    ...fakeStatus.ready(),
    load: {
      id,
      progress: {
        phase: "downloading",
        file: "onnx/model_q4.onnx",
        received: 25_000_000,
        total: 100_000_000,
        bytesPerSecond: 5_000_000,
        ...progress,
      },
    },
  }),
  /** Another model could not be loaded; the old one serves. */
  loadFailed: (reason = "owner/other has no ONNX file that can be run."): EngineStatus => ({
    ...fakeStatus.ready(),
    loadError: reason,
  }),
  failed: (reason = "The model folder has no file tokenizer.json."): EngineStatus => ({
    model: { state: "failed", id: FAKE_MODEL_ID, reason },
    ...QUIET,
  }),
};

export type FakeAnswers = {
  readonly [K in JobKind]?: (input: Jobs[K]["input"]) => Jobs[K]["output"] | Promise<Jobs[K]["output"]>;
};

export interface FakeOptions {
  readonly status?: EngineStatus; // default: ready
  readonly delayMs?: number; // before every answer
  readonly answer?: FakeAnswers["next_token"]; // default: fake_model.ts
  readonly answers?: FakeAnswers; // of other jobs; default: the real ones over fake_language.ts
  readonly progress?: readonly { done: number; total: number }[]; // what every job tells
  readonly models?: readonly AvailableModel[];
  readonly variants?: ModelVariants; // default: there are none
}

/** One call of `submit`, and how it went. */
export interface Submitted<K extends JobKind = JobKind> {
  readonly kind: K;
  readonly input: Jobs[K]["input"];
  readonly client: string;
  readonly replaces: boolean;
  readonly signal: AbortSignal;
  aborted: boolean; // the signal aborted while the job ran
}

export interface FakeEngine extends Engine {
  /** Every load request, in order. */
  readonly loads: readonly LoadRequest[];
  /** Every job, in order. */
  readonly jobs: readonly Submitted[];
  /** The next_token jobs among them. */
  readonly submits: readonly Submitted<"next_token">[];
  /** Changes the status and tells every subscriber. */
  setStatus(status: EngineStatus): void;
  /** From now on answers wait until `release`; errors of the context and the status do not. */
  hold(): void;
  release(): void;
  /** From now on every job throws this; null: none does. */
  failWith(error: unknown): void;
  /** Resolves when `submit` has been called `count` times in all. */
  submitted(count: number): Promise<void>;
  readonly subscribers: number;
  readonly closed: boolean;
}

export function createFakeEngine(options: FakeOptions = {}): FakeEngine {
  return new ScriptedEngine(options);
}

class ScriptedEngine implements FakeEngine {
  readonly loads: LoadRequest[] = [];
  readonly jobs: Submitted[] = [];
  readonly submits: Submitted<"next_token">[] = [];
  readonly #options: FakeOptions;
  readonly #listeners = new Set<(status: EngineStatus) => void>();
  readonly #waiting = new Set<() => void>();
  #status: EngineStatus;
  #gate: PromiseWithResolvers<void> | null = null;
  #failure: unknown = null;
  closed = false;

  constructor(options: FakeOptions) {
    this.#options = options;
    this.#status = options.status ?? fakeStatus.ready();
  }

  status(): EngineStatus {
    return this.#status;
  }

  subscribe(listener: (status: EngineStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get subscribers(): number {
    return this.#listeners.size;
  }

  models(): Promise<readonly AvailableModel[]> {
    return Promise.resolve(this.#options.models ?? [FAKE_AVAILABLE]);
  }

  variants(id: string): Promise<ModelVariants> {
    const { variants } = this.#options;
    if (variants) return Promise.resolve(variants);
    return Promise.reject(fault("unsupported", `There is no model ${id} on the hub.`, "id"));
  }

  load(request: LoadRequest): Promise<EngineStatus> {
    if (this.#status.load !== null) {
      return Promise.reject(fault("load_in_progress", `${this.#status.load.id} is being loaded.`));
    }
    this.loads.push(request);
    const { model } = this.#status;
    this.setStatus({
      ...this.#status,
      model: model.state === "failed" ? { state: "none" } : model,
      load: {
        id: request.modelId,
        progress: { phase: "resolving", file: null, received: 0, total: 0, bytesPerSecond: 0 },
      },
      loadError: null,
    });
    return Promise.resolve(this.#status);
  }

  cancelLoad(): EngineStatus {
    if (this.#status.load !== null) this.setStatus({ ...this.#status, load: null });
    return this.#status;
  }

  async submit<K extends JobKind>(
    kind: K,
    input: Jobs[K]["input"],
    options: SubmitOptions,
  ): Promise<Jobs[K]["output"]> {
    const { client, replaces = false, signal } = options;
    const job: Submitted<K> = { kind, input, client, replaces, signal, aborted: false };
    this.jobs.push(job);
    if (isNextToken(job)) this.submits.push(job);
    this.#waiting.forEach((check) => check());
    const onAbort = () => job.aborted = true;
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      for (const told of this.#options.progress ?? []) await delay(50).then(() => options.onProgress?.(told));
      return await this.#work(kind, input, options);
    } catch (error) {
      throw signal.aborted ? fault("client_gone", "The client went away.") : error;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  setStatus(status: EngineStatus): void {
    this.#status = status;
    this.#listeners.forEach((listener) => listener(status));
  }

  hold(): void {
    this.#gate ??= Promise.withResolvers<void>();
  }

  release(): void {
    this.#gate?.resolve();
    this.#gate = null;
  }

  failWith(error: unknown): void {
    this.#failure = error;
  }

  submitted(count: number): Promise<void> {
    const reached = Promise.withResolvers<void>();
    const check = () => this.jobs.length >= count && (this.#waiting.delete(check), reached.resolve());
    this.#waiting.add(check);
    check();
    return reached.promise;
  }

  async #work<K extends JobKind>(kind: K, input: Jobs[K]["input"], { signal, onProgress }: SubmitOptions) {
    const { answer = fakeNextToken, answers, delayMs } = this.#options;
    const info = readyInfo(this.#status);
    if (this.#failure !== null) throw this.#failure;
    const all: FakeAnswers = { next_token: answer, ...answers };
    const real = () => fakeJob(kind, input, info, { signal, onProgress });
    const output = await (all[kind] ?? real)(input);
    if (delayMs !== undefined) await delay(delayMs, undefined, { signal });
    if (this.#gate !== null) await untilAborted(this.#gate.promise, signal);
    return output;
  }
}

const FAKE_AVAILABLE: AvailableModel = {
  id: FAKE_MODEL_ID,
  label: "Three hundred tokens",
  parameters: 0,
  bytes: 0,
  dtype: "q4",
  license: "MIT",
  cached: true,
  bundled: true,
};

function isNextToken(job: Submitted): job is Submitted<"next_token"> {
  return job.kind === "next_token";
}

function readyInfo(status: EngineStatus): ModelInfo {
  if (status.model.state === "ready") return status.model.info;
  if (status.model.state === "failed") throw fault("model_failed", status.model.reason);
  throw fault("model_loading", "Model is still loading. Ask again in a second.");
}

async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const gone = Promise.withResolvers<never>();
  const onAbort = () => gone.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  await Promise.race([promise, gone.promise]).finally(() => signal.removeEventListener("abort", onAbort));
}
