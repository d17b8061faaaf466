// The main thread's side: one worker a model, its status, and the way of a job to it. Nothing here computes.
import { fault } from "../fault.ts";
import type { FromWorker, LoadSpec, WorkerPort } from "./protocol.ts";
import { Scheduler } from "./scheduler.ts";
import type {
  AvailableModel,
  Engine,
  EngineStatus,
  JobKind,
  Jobs,
  LoadProgress,
  SubmitOptions,
} from "./types.ts";

export interface EngineOptions {
  readonly spec: LoadSpec;
  readonly spawn: () => WorkerPort;
  readonly listModels: () => Promise<readonly AvailableModel[]>;
  readonly log: (level: "debug" | "info" | "warn" | "error", message: string) => void;
  /** Requests that may wait at once; one more is refused with queue_full. */
  readonly queueLimit?: number;
  /** Milliseconds a stopping worker gets to end its run. */
  readonly stopPatience?: number;
}

/** Deaths in a row after which a worker is not started again: a model that kills its worker at every start. */
const MAX_DEATHS = 3;
const OPENING: LoadProgress = { phase: "opening", file: null, received: 0, total: 0, bytesPerSecond: 0 };
const NO_COUNTERS = { cache: { hits: 0, misses: 0, bytes: 0 }, prefetch: { hits: 0, wastedTokens: 0 } };

/** Starts the engine; the model begins to load at once. */
export function createEngine(options: EngineOptions): Engine {
  return new WorkerEngine(options);
}

class WorkerEngine implements Engine {
  readonly #options: EngineOptions;
  readonly #listeners = new Set<(status: EngineStatus) => void>();
  #status: EngineStatus = { model: { state: "none" }, load: null, loadError: null, ...NO_COUNTERS };
  #port: WorkerPort | null = null;
  #scheduler: Scheduler | null = null;
  #deaths = 0;
  #stopped: (() => void) | null = null;
  #closed = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#start();
  }

  status(): EngineStatus {
    return this.#status;
  }

  subscribe(listener: (status: EngineStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  models(): Promise<readonly AvailableModel[]> {
    return this.#options.listModels();
  }

  submit<K extends JobKind>(
    kind: K,
    input: Jobs[K]["input"],
    options: SubmitOptions,
  ): Promise<Jobs[K]["output"]> {
    const { model } = this.#status;
    if (this.#scheduler && model.state === "ready") {
      return this.#scheduler.submit(kind, input, options) as Promise<Jobs[K]["output"]>;
    }
    if (model.state === "failed") return Promise.reject(fault("model_failed", model.reason));
    return Promise.reject(fault("model_loading", "Model is still loading. Try again in a second."));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const port = this.#port;
    if (!port) return;
    const stopped = new Promise<void>((resolve) => this.#stopped = resolve);
    this.#scheduler?.failAll(fault("model_failed", "The server is stopping."));
    port.post({ type: "stop" });
    const patience = Promise.withResolvers<void>();
    const timer = setTimeout(patience.resolve, this.#options.stopPatience ?? 2000);
    await Promise.race([stopped, patience.promise]);
    clearTimeout(timer);
    port.terminate();
  }

  #start(): void {
    const port = this.#options.spawn();
    this.#port = port;
    this.#scheduler = new Scheduler((message) => port.post(message), this.#options.queueLimit ?? 64);
    port.listen((message) => this.#receive(message), (reason) => this.#bury(reason));
    this.#update({ model: { state: "none" }, load: { id: this.#options.spec.model, progress: OPENING } });
    port.post({ type: "load", spec: this.#options.spec });
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case "log":
        return this.#options.log(message.level, message.message);
      case "loading":
        return this.#update({ load: { id: this.#options.spec.model, progress: message.progress } });
      case "ready":
        this.#update({ model: { state: "ready", info: message.info }, load: null, loadError: null });
        if (message.info.warning) this.#options.log("warn", message.info.warning);
        return this.#scheduler?.open();
      case "unloadable":
        this.#options.log("error", message.reason);
        return this.#fail(message.reason);
      case "counters":
        return this.#update(message.counters);
      case "stopped":
        return this.#stopped?.();
      case "done":
        this.#deaths = 0;
        this.#update(message.counters);
        return this.#scheduler?.receive(message);
      case "paused":
      case "failed":
        return this.#scheduler?.receive(message);
    }
  }

  /** The worker is gone: what waited fails, and a new worker takes its place. */
  #bury(reason: string): void {
    if (this.#closed) return;
    this.#port = null;
    this.#options.log("error", `The inference worker died: ${reason}`);
    this.#scheduler?.failAll(
      fault("model_loading", "The engine stopped and starts again. Try again in a second."),
    );
    if (++this.#deaths >= MAX_DEATHS) {
      return this.#fail(`The engine stopped ${this.#deaths} times: ${reason}`);
    }
    this.#start();
  }

  #fail(reason: string): void {
    this.#update({ model: { state: "failed", id: this.#options.spec.model, reason }, load: null });
  }

  #update(change: Partial<EngineStatus>): void {
    this.#status = { ...this.#status, ...change };
    for (const listener of [...this.#listeners]) listener(this.#status);
  }
}
