// Whose slice the worker computes next. Jobs wait in a fair queue; the worker runs as many slices at once as its
// model is good for; a job that is not finished after its slice goes back to the end of its client's line, and one that
// waits for work done elsewhere comes back when that is done.
import { fault } from "../fault.ts";
import { FairQueue } from "./fair_queue.ts";
import { packLists } from "../protocol/long_lists.ts";
import type { FromWorker, ToWorker } from "../protocol/messages.ts";
import type { JobKind } from "../protocol/jobs.ts";
import type { SubmitOptions } from "./types.ts";

interface Job {
  readonly id: number;
  readonly kind: JobKind;
  readonly input: unknown;
  readonly options: SubmitOptions;
  readonly submitted: number; // ms, performance.now()
  started: boolean;
  settled: boolean;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The answers about jobs; the rest of FromWorker is the engine's. */
type JobMessage = Extract<FromWorker, { type: "paused" | "parked" | "resumable" | "done" | "failed" }>;

const goneError = () => fault("client_gone", "The request was given up before it was answered.");

export class Scheduler {
  readonly #queue = new FairQueue<Job>();
  readonly #limit: number;
  readonly #post: (message: ToWorker) => void;
  readonly #jobs = new Set<Job>(); // every one that is not settled
  readonly #parked = new Map<number, Job>(); // those that wait for work done elsewhere
  #whenIdle: (() => void)[] = [];
  readonly #running = new Map<number, Job>();
  #nextId = 1;
  #atOnce = 0; // slices; 0: the worker is not ready

  /** `limit`: jobs that may wait at once, those that wait for work done elsewhere included. A job that comes back
   * after a slice is never refused. */
  constructor(post: (message: ToWorker) => void, limit: number) {
    this.#post = post;
    this.#limit = limit;
  }

  /** Starts handing out slices, so many at once: the worker is ready. */
  open(atOnce = 1): void {
    this.#atOnce = atOnce;
    this.#pump();
  }

  /** Resolves with the job's value. Throws faults: queue_full, client_gone, and what the job throws. */
  submit(kind: JobKind, input: unknown, options: SubmitOptions): Promise<unknown> {
    if (options.signal.aborted) return Promise.reject(goneError());
    if (options.replaces) this.#replace(kind, options.client);
    if (this.#queue.size + this.#parked.size >= this.#limit) {
      const message = `Too many requests are waiting (${this.#limit}). Try again in a second.`;
      return Promise.reject(fault("queue_full", message));
    }
    return new Promise((resolve, reject) => {
      const job: Job = {
        ...{ id: this.#nextId++, kind, input, options, submitted: performance.now() },
        ...{ started: false, settled: false, resolve, reject },
      };
      const abort = () => this.#abandon(job);
      options.signal.addEventListener("abort", abort, { once: true });
      const settle = (act: () => void) => {
        if (job.settled) return;
        job.settled = true;
        options.signal.removeEventListener("abort", abort);
        this.#jobs.delete(job);
        act();
      };
      job.resolve = (value) => settle(() => resolve(value));
      job.reject = (error) => settle(() => reject(error));
      this.#jobs.add(job);
      this.#queue.push(options.client, job);
      this.#pump();
    });
  }

  /** Takes what the worker says about a job. */
  receive(message: JobMessage): void {
    if (message.type === "resumable") this.#unpark(message.id);
    else this.#endSlice(message);
    this.#pump();
  }

  #unpark(id: number): void {
    const job = this.#parked.get(id);
    if (!job) return; // it was abandoned
    this.#parked.delete(id);
    this.#queue.push(job.options.client, job);
  }

  #endSlice(message: Exclude<JobMessage, { type: "resumable" }>): void {
    const job = this.#running.get(message.id);
    if (!job) return; // an answer to a slice of a worker that is gone
    this.#running.delete(job.id);
    if (message.type === "done") job.resolve(message.value);
    else if (message.type === "failed") job.reject(toError(message));
    else if (job.settled) return; // it was abandoned
    else if (message.type === "parked") this.#parked.set(job.id, job);
    else {
      job.options.onProgress?.(message.progress);
      this.#queue.push(job.options.client, job);
    }
  }

  /** Fails everything that waits or runs, for example because the worker died. */
  failAll(error: Error): void {
    this.#atOnce = 0;
    this.#running.clear();
    this.#queue.drain();
    this.#parked.clear();
    for (const job of [...this.#jobs]) job.reject(error);
    this.#tellIdle();
  }

  /** Resolves when no job waits or runs any more. */
  whenIdle(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve);
      this.#tellIdle();
    });
  }

  #tellIdle(): void {
    if (this.#running.size > 0 || this.#queue.size + this.#parked.size > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #pump(): void {
    while (this.#running.size < this.#atOnce) {
      const job = this.#queue.next();
      if (!job) return this.#tellIdle();
      this.#running.set(job.id, job);
      if (!job.started) this.#start(job);
      else this.#post({ type: "advance", id: job.id });
    }
  }

  #start(job: Job): void {
    const { id, kind, input, submitted, options } = job;
    job.started = true;
    const queuedMs = Math.round((performance.now() - submitted) * 100) / 100;
    const encoded = options.encoded === true;
    this.#post({ type: "start", id, kind, input: packLists(input), queuedMs, encoded });
  }

  #abandon(job: Job): void {
    job.reject(goneError());
    if (!this.#running.has(job.id) && !this.#parked.delete(job.id)) {
      this.#queue.remove(job.options.client, job);
    }
    if (job.started) this.#post({ type: "drop", id: job.id });
    this.#tellIdle();
  }

  #replace(kind: JobKind, client: string): void {
    for (const job of [...this.#jobs]) {
      if (job.options.replaces && job.kind === kind && job.options.client === client) this.#abandon(job);
    }
  }
}

function toError(message: Extract<FromWorker, { type: "failed" }>): Error {
  return new Error(message.message, message.fault ? { cause: message.fault } : undefined);
}
