// The main thread's side: which model serves, which one is being loaded, and the way of a job to it. Nothing here
// computes. At most two slots matter: the one that serves and the one that is to take its place.
import { fault, type FaultCode } from "../fault.ts";
import type { BegunSession } from "../ort/types.ts";
import type { ModelLists } from "../hub/model_lists.ts";
import type { Device } from "../wire/device.ts";
import { modelNameOf, specOf } from "./load_request.ts";
import { type LogLine, ModelSlot, NO_COUNTERS, type SlotEvents } from "./model_slot.ts";
import { SpareWorkers } from "./spare_workers.ts";
import type { LoadSpec, WorkerPort } from "../protocol/messages.ts";
import type { ModelVariants } from "../hub/folder/types.ts";
import type { AvailableModel } from "../wire/models.ts";
import type { Engine, EngineStatus, LoadRequest, SubmitOptions } from "./types.ts";
import type { JobKind, Jobs } from "../protocol/jobs.ts";

interface EngineOptions {
  /** The model to begin with; what a load request leaves out is taken from here. */
  readonly spec: LoadSpec;
  /** A session that was begun of that model. */
  readonly begun?: BegunSession | null;
  readonly spawn: () => WorkerPort;
  readonly modelLists: ModelLists;
  readonly log: LogLine;
  /** Requests that may wait at once; one more is refused with queue_full. */
  readonly queueLimit?: number;
  /** Milliseconds a stopping worker gets to end its run. */
  readonly stopTimeout?: number;
  /** Milliseconds for which a load waits for workers that were replaced or given up. */
  readonly retireTimeout?: number;
}

/** Deaths in a row after which a worker is not started again: a model that kills its worker at every start. */
const MAX_DEATHS = 3;
/** As `retireTimeout`: opening a large graph cannot be interrupted. */
const RETIRE_TIMEOUT = 30_000;
/** Milliseconds after which such a worker is cut off. A thread that gives way may take minutes on a busy machine, and
 * what it opens stays in memory where its worker is gone before. */
const CUT_OFF = 600_000;

/** Workers on their way out beside which another one may be started. */
const MOST_LEAVING = 1;

/** Starts the engine; the model begins to load at once. */
export function createEngine(options: EngineOptions): Engine {
  return new WorkerEngine(options);
}

class WorkerEngine implements Engine {
  readonly #options: EngineOptions;
  readonly #events: SlotEvents;
  readonly #workers: SpareWorkers;
  readonly #listeners = new Set<(status: EngineStatus) => void>();
  readonly #leaving = new Map<ModelSlot, Promise<void>>(); // a load waits for these
  readonly #ending = new Set<ModelSlot>(); // their workers are there
  #current: ModelSlot | null = null; // ready
  #next: ModelSlot | null = null; // loading
  /** The last good model, to come back to where it died and what was to follow could not be loaded. */
  #fallback: LoadSpec | null = null;
  #failure: { readonly id: string; readonly reason: string } | null = null;
  #loadError: string | null = null;
  #deaths = 0;
  #closed = false;
  #named: Promise<unknown> = Promise.resolve(); // the last load request, its model looked up
  #status: EngineStatus = { model: { state: "none" }, load: null, loadError: null, ...NO_COUNTERS };

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#workers = new SpareWorkers(options.spawn);
    this.#events = {
      log: options.log,
      changed: () => this.#tell(),
      ready: (slot) => this.#swap(slot),
      failed: (slot, reason) => this.#failLoad(slot, reason),
      died: (slot, reason) => this.#bury(slot, reason),
    };
    const { spec, begun } = options;
    this.#open(begun ? { ...spec, begun } : spec);
  }

  status(): EngineStatus {
    return this.#status;
  }

  subscribe(listener: (status: EngineStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  models(): Promise<readonly AvailableModel[]> {
    return this.#options.modelLists.models(this.#device());
  }

  async variants(id: string, revision: string | null, signal: AbortSignal): Promise<ModelVariants> {
    return await this.#options.modelLists.variants(modelNameOf(id, revision), this.#device(), signal);
  }

  /** Where a model would run, as far as is known: files are chosen by it. */
  #device(): Device {
    const { device } = this.#options.spec;
    const served = this.#current?.info?.backend.device;
    if (served !== undefined && served !== "remote") return served;
    return device === "auto" || device === "mps" ? "cpu" : device;
  }

  async load(request: LoadRequest): Promise<EngineStatus> {
    // One after the other: the request that came first is served.
    const named = this.#named.then(() => specOf(request, this.#options.spec));
    this.#named = named.catch(() => {});
    const spec = await named;
    // Weights of loads that were given up are in memory until their workers end.
    while (this.#leaving.size > MOST_LEAVING) await Promise.race(this.#leaving.values());
    if (this.#closed) throw fault("model_failed", "The server is stopping.");
    if (this.#next) {
      const { model } = this.#next.spec;
      throw fault("load_in_progress", `${model} is being loaded. Wait for it, or cancel it first.`);
    }
    this.#failure = null;
    this.#loadError = null;
    this.#deaths = 0;
    this.#open(spec);
    return this.#status;
  }

  cancelLoad(): EngineStatus {
    const slot = this.#next;
    if (!slot) return this.#status;
    this.#giveUp(slot, "model_loading", "The load was cancelled.");
    this.#withoutNext(`The load of ${slot.spec.model} was cancelled. Choose a model.`, slot.spec);
    return this.#status;
  }

  submit<K extends JobKind>(
    kind: K,
    input: Jobs[K]["input"],
    options: SubmitOptions,
  ): Promise<Jobs[K]["output"]> {
    if (this.#closed) return Promise.reject(fault("model_failed", "The server is stopping."));
    if (this.#current) return this.#current.submit(kind, input, options) as Promise<Jobs[K]["output"]>;
    if (this.#failure) return Promise.reject(fault("model_failed", this.#failure.reason));
    return Promise.reject(fault("model_loading", "Model is still loading. Try again in a second."));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#workers.close();
    const slots = [this.#current, this.#next, ...this.#ending].filter((slot) => slot !== null);
    const timeout = this.#options.stopTimeout ?? 2000;
    await Promise.all(slots.map((slot) => slot.stop(timeout, "model_failed", "The server is stopping.")));
    await Promise.all(this.#leaving.values());
  }

  #open(spec: LoadSpec): void {
    const how = { queueLimit: this.#options.queueLimit ?? 64, background: this.#current !== null };
    this.#next = new ModelSlot(spec, this.#workers.take(), how, this.#events);
    this.#tell();
  }

  /** The new model is ready: it serves from now on, and the old one goes when its jobs are done. */
  #swap(slot: ModelSlot): void {
    const old = this.#current;
    this.#current = slot;
    this.#fallback = slot.spec;
    this.#next = null;
    const { info } = slot;
    if (info?.warning) this.#options.log("warn", info.warning);
    this.#options.log("info", `${info?.id} is ready (${info?.backend.variant}, ${info?.backend.device}).`);
    this.#tell();
    if (old) this.#leave(old, old.retire(this.#retireTimeout, CUT_OFF));
  }

  #failLoad(slot: ModelSlot, reason: string): void {
    this.#options.log("error", reason);
    this.#giveUp(slot, "model_failed", reason);
    this.#loadError = reason;
    this.#withoutNext(reason, slot.spec);
  }

  /** A worker is gone. The one that served is started again, and so is the first one of all. */
  #bury(slot: ModelSlot, reason: string): void {
    this.#options.log("error", `The inference worker died: ${reason}`);
    if (slot === this.#next && (this.#current || this.#fallback !== null && slot.spec !== this.#fallback)) {
      this.#loadError = `The worker stopped while it loaded ${slot.spec.model}: ${reason}`;
      return this.#withoutNext(this.#loadError, slot.spec);
    }
    if (slot !== this.#current && slot !== this.#next) return; // it was leaving
    if (slot.answered) this.#deaths = 0;
    this.#deaths++;
    if (slot === this.#current) this.#current = null;
    else this.#next = null;
    if (this.#next) return this.#tell(); // what is being loaded will serve; else the fallback does
    if (this.#deaths < MAX_DEATHS) return this.#open(slot.spec);
    this.#fail(slot.spec, `The engine stopped ${this.#deaths} times: ${reason}`);
  }

  /** Nothing is being loaded any more: the current model goes on, else the last good one comes back. */
  #withoutNext(reason: string, given: LoadSpec): void {
    this.#next = null;
    if (this.#current) return this.#tell();
    if (this.#fallback !== null && this.#fallback !== given) return this.#open(this.#fallback);
    this.#fail(given, reason);
  }

  #fail(spec: LoadSpec, reason: string): void {
    this.#failure = { id: spec.model, reason };
    this.#loadError = null; // the failure says it
    this.#fallback = null;
    this.#tell();
  }

  get #retireTimeout(): number {
    return this.#options.retireTimeout ?? RETIRE_TIMEOUT;
  }

  #giveUp(slot: ModelSlot, code: FaultCode, reason: string): void {
    this.#leave(slot, slot.stop(this.#retireTimeout, code, reason, CUT_OFF));
  }

  #leave(slot: ModelSlot, end: Promise<void>): void {
    this.#leaving.set(slot, end.finally(() => this.#leaving.delete(slot)));
    this.#ending.add(slot);
    slot.ended.then(() => this.#ending.delete(slot));
  }

  #tell(): void {
    const [info, next] = [this.#current?.info, this.#next];
    this.#status = {
      model: info
        ? { state: "ready", info }
        : this.#failure
        ? { state: "failed", ...this.#failure }
        : { state: "none" },
      load: next && { id: next.spec.model, progress: next.progress },
      loadError: this.#loadError,
      ...this.#current?.counters ?? NO_COUNTERS,
    };
    for (const listener of [...this.#listeners]) listener(this.#status);
  }
}
