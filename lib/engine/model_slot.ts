// One worker with one model: from its load to the end of its last job. What several of them mean together is the
// engine's affair.
import type { FaultCode } from "../fault.ts";
import { fault } from "../fault.ts";
import type { Counters, ModelInfo } from "../protocol/model_info.ts";
import type { FromWorker, LoadSpec, WorkerPort } from "../protocol/messages.ts";
import { Scheduler } from "./scheduler.ts";
import type { JobKind } from "../protocol/jobs.ts";
import type { SubmitOptions } from "./types.ts";
import type { LoadProgress } from "../hub/folder/types.ts";

export type LogLine = (level: "debug" | "info" | "warn" | "error", message: string) => void;

/** What a slot tells; each is called with the slot already in its new state. */
export interface SlotEvents {
  readonly log: LogLine;
  /** Progress or counters are others than before. */
  changed(): void;
  ready(slot: ModelSlot): void;
  /** The model could not be opened. */
  failed(slot: ModelSlot, reason: string): void;
  /** The worker is gone, and what waited has been failed. */
  died(slot: ModelSlot, reason: string): void;
}

const BEGINNING: LoadProgress = { phase: "resolving", file: null, received: 0, total: 0, bytesPerSecond: 0 };
export const NO_COUNTERS: Counters = {
  cache: { hits: 0, misses: 0, bytes: 0 },
  prefetch: { hits: 0, wastedTokens: 0 },
};

export class ModelSlot {
  readonly spec: LoadSpec;
  readonly #port: WorkerPort;
  readonly #events: SlotEvents;
  readonly #scheduler: Scheduler;
  readonly #stopped = Promise.withResolvers<void>();
  #info: ModelInfo | null = null;
  #progress = BEGINNING;
  #counters = NO_COUNTERS;
  #answered = false;
  #ending = false;

  /** Starts to load `spec` in the worker behind `port`, in the `background` where another model serves meanwhile. */
  constructor(
    spec: LoadSpec,
    port: WorkerPort,
    { queueLimit, background }: { readonly queueLimit: number; readonly background: boolean },
    events: SlotEvents,
  ) {
    this.spec = spec;
    this.#port = port;
    this.#events = events;
    this.#scheduler = new Scheduler((message) => port.post(message), queueLimit);
    port.listen((message) => this.#receive(message), (reason) => this.#bury(reason));
    port.post({ type: "load", spec: { ...spec, background } });
  }

  /** Null until the model is ready. */
  get info(): ModelInfo | null {
    return this.#info;
  }

  get progress(): LoadProgress {
    return this.#progress;
  }

  get counters(): Counters {
    return this.#counters;
  }

  /** True where a job has been done: the worker did not die of its start. */
  get answered(): boolean {
    return this.#answered;
  }

  /** As Scheduler.submit. */
  submit(kind: JobKind, input: unknown, options: SubmitOptions): Promise<unknown> {
    return this.#scheduler.submit(kind, input, options);
  }

  /** Resolves when the worker is gone. */
  get ended(): Promise<void> {
    return this.#stopped.promise;
  }

  /** Ends the worker after the jobs it has, as `stop`; none may come after. */
  async retire(timeout: number, cutOff = timeout): Promise<void> {
    await this.#scheduler.whenIdle();
    await this.stop(
      timeout,
      "model_loading",
      "Another model takes its place. Try again in a second.",
      cutOff,
    );
  }

  /** Ends the worker now: its jobs fail with `code` and `reason`, a load leaves what can be resumed. Resolves when it
   * is gone, or after `timeout` milliseconds. One that has not ended after `cutOff` milliseconds is cut off, and what
   * it was opening stays in memory. */
  async stop(timeout: number, code: FaultCode, reason: string, cutOff = timeout): Promise<void> {
    if (!this.#ending) {
      this.#ending = true;
      this.#scheduler.failAll(fault(code, reason));
      this.#port.post({ type: "stop" });
    }
    await this.#wait(timeout);
    if (cutOff > timeout) void this.#wait(cutOff - timeout).then(() => this.#cut());
    else this.#cut();
  }

  /** Waits for the end of the worker, for so many milliseconds at most. */
  async #wait(milliseconds: number): Promise<void> {
    const waited = Promise.withResolvers<void>();
    const timer = setTimeout(waited.resolve, milliseconds);
    await Promise.race([this.#stopped.promise, waited.promise]);
    clearTimeout(timer);
  }

  #cut(): void {
    this.#port.terminate();
    this.#stopped.resolve(); // another stop that waits for it need not wait longer
  }

  #receive(message: FromWorker): void {
    if (message.type === "stopped") return this.#stopped.resolve();
    if (this.#ending) return;
    switch (message.type) {
      case "log":
        return this.#events.log(message.level, message.message);
      case "loading":
        this.#progress = message.progress;
        return this.#events.changed();
      case "ready":
        this.#info = message.info;
        this.#scheduler.open(message.atOnce);
        return this.#events.ready(this);
      case "unloadable":
        return this.#events.failed(this, message.reason);
      case "counters":
        this.#counters = message.counters;
        return this.#events.changed();
      case "done":
        this.#answered = true;
        this.#counters = message.counters;
        this.#events.changed();
        return this.#scheduler.receive(message);
      case "paused":
      case "parked":
      case "resumable":
      case "failed":
        return this.#scheduler.receive(message);
    }
  }

  #bury(reason: string): void {
    this.#stopped.resolve();
    if (this.#ending) return;
    this.#ending = true;
    const sentence = "The engine stopped and starts again. Try again in a second.";
    this.#scheduler.failAll(fault("model_loading", sentence));
    this.#events.died(this, reason);
  }
}
