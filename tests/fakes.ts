// An engine without a model, for tests of routes and page: its status is set by hand, its answers come from
// fake_model.ts, it can be slow, hold its answers back or fail, and it remembers who asked and who went away.
import { setTimeout as delay } from "node:timers/promises";
import type { Config } from "../lib/config.ts";
import { fault } from "../lib/fault.ts";
import type { NextTokenInput, NextTokenResult } from "../lib/api/wire.ts";
import type {
  AvailableModel,
  Engine,
  EngineStatus,
  JobKind,
  Jobs,
  LoadProgress,
  ModelInfo,
  SubmitOptions,
} from "../lib/inference/types.ts";
import {
  FAKE_CONTEXT_LENGTH,
  FAKE_EOS_ID,
  FAKE_MODEL_ID,
  FAKE_VOCAB_SIZE,
  fakeNextToken,
} from "./fake_model.ts";

export const FAKE_INFO: ModelInfo = {
  id: FAKE_MODEL_ID,
  device: "cpu",
  dtype: "float32",
  quantization: "q4",
  runtime: "native",
  vocabSize: FAKE_VOCAB_SIZE,
  contextLength: FAKE_CONTEXT_LENGTH,
  eosTokenIds: [FAKE_EOS_ID],
  hasChatTemplate: false,
  warning: null,
};

const QUIET = {
  load: null,
  loadError: null,
  cache: { hits: 0, misses: 0, bytes: 0 },
  prefetch: { hits: 0, wastedTokens: 0 },
} as const;

/** The four states a page can meet. */
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
    model: { state: "ready", info: { ...FAKE_INFO, ...info } },
    ...QUIET,
  }),
  failed: (reason = "The model folder has no file tokenizer.json."): EngineStatus => ({
    model: { state: "failed", id: FAKE_MODEL_ID, reason },
    ...QUIET,
  }),
};

export interface FakeOptions {
  readonly status?: EngineStatus; // default: ready
  readonly delayMs?: number; // before every answer
  readonly answer?: (input: NextTokenInput) => NextTokenResult | Promise<NextTokenResult>;
  readonly models?: readonly AvailableModel[];
}

/** One call of `submit`, and how it went. */
export interface Submitted {
  readonly kind: JobKind;
  readonly input: NextTokenInput;
  readonly client: string;
  readonly replaces: boolean;
  readonly signal: AbortSignal;
  aborted: boolean; // the signal aborted while the job ran
}

export interface FakeEngine extends Engine {
  readonly submits: readonly Submitted[];
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
  let status = options.status ?? fakeStatus.ready();
  let gate: PromiseWithResolvers<void> | null = null;
  let failure: unknown = null;
  let closed = false;
  const submits: Submitted[] = [];
  const listeners = new Set<(status: EngineStatus) => void>();
  const counters = new Set<() => void>();

  const work = async (input: NextTokenInput, signal: AbortSignal): Promise<NextTokenResult> => {
    refuseUnlessReady(status);
    if (failure !== null) throw failure;
    const answer = await (options.answer ?? fakeNextToken)(input);
    if (options.delayMs !== undefined) await delay(options.delayMs, undefined, { signal });
    if (gate !== null) await untilAborted(gate.promise, signal);
    return answer;
  };
  return {
    status: () => status,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    models: () => Promise.resolve(options.models ?? [FAKE_AVAILABLE]),
    async submit<K extends JobKind>(
      kind: K,
      input: Jobs[K]["input"],
      { client, replaces = false, signal }: SubmitOptions,
    ): Promise<Jobs[K]["output"]> {
      const job: Submitted = { kind, input, client, replaces, signal, aborted: false };
      submits.push(job);
      counters.forEach((check) => check());
      const onAbort = () => job.aborted = true;
      signal.addEventListener("abort", onAbort, { once: true });
      try {
        return await work(input, signal);
      } catch (error) {
        throw signal.aborted ? fault("client_gone", "The client went away.") : error;
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },
    close() {
      closed = true;
      return Promise.resolve();
    },
    submits,
    setStatus(next) {
      status = next;
      listeners.forEach((listener) => listener(status));
    },
    hold: () => gate ??= Promise.withResolvers<void>(),
    release() {
      gate?.resolve();
      gate = null;
    },
    failWith: (error) => failure = error,
    submitted: (count) => {
      const reached = Promise.withResolvers<void>();
      const check = () => submits.length >= count && (counters.delete(check), reached.resolve());
      counters.add(check);
      check();
      return reached.promise;
    },
    get subscribers() {
      return listeners.size;
    },
    get closed() {
      return closed;
    },
  };
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

/** A configuration as the defaults give it. */
export function fakeConfig(changes: Partial<Config> = {}): Config {
  return {
    model: FAKE_MODEL_ID,
    device: "auto",
    runner: "auto",
    kvCacheBytes: 0,
    prefetch: false,
    logLevel: "error",
    port: 5005,
    host: "127.0.0.1",
    allowedHosts: [],
    allowedOrigins: [],
    ...changes,
  };
}

function refuseUnlessReady(status: EngineStatus): void {
  if (status.model.state === "ready") return;
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
