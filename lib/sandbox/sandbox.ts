// One disposable Worker for untrusted programs: chat templates of downloaded models, grammars, regular expressions.
// A program that breaks, or takes too long, takes its Worker with it; the next one gets a new Worker.
import { entryUrlOf } from "../basics/program.ts";
import { fault } from "../fault.ts";
import type { FromSandbox, SandboxJobs, SandboxKind, ToSandbox } from "./protocol.ts";

export interface RunOptions {
  /** Milliseconds that the program may take, counted from its beginning (not from its turn in the queue). */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
  /** An abort leaves a program that runs already to its end or deadline, where what the Worker keeps for the next ones
   * is worth more than the time. */
  readonly runsOn?: boolean;
}

export interface Sandbox {
  /** Runs one program, one after another. Rejects with what the program says (a fault with its sentence), with the
   * fault `unsupported` when it breaks or takes too long, and with the signal's reason when that aborts first. */
  run<K extends SandboxKind>(
    kind: K,
    input: SandboxJobs[K]["input"],
    options: RunOptions,
  ): Promise<SandboxJobs[K]["output"]>;
  /** Ends the Worker, and with it the program that runs now; programs in the queue go on in a new one. */
  restart(): void;
  /** Ends the Worker for good; everything not finished rejects. */
  close(): void;
}

/** A sandbox without a Worker yet: the first program starts one. `onFree` is called when nothing runs or waits any
 * more. */
export function createSandbox(onFree: () => void = () => {}): Sandbox {
  return new DisposableSandbox(onFree);
}

/** As programs are called in sentences. */
const names: Readonly<Record<SandboxKind, string>> = {
  chat_template: "chat template",
  regex_search: "regular expression",
  constraint_position: "constraint",
  constraint_check: "constraint",
  prepare: "sandbox",
};

/** Loading the Worker's code may take this long, in milliseconds, before a program begins. */
const startMs = 30_000;

type Outcome = { readonly output: unknown } | { readonly error: unknown };

interface Job {
  readonly message: ToSandbox;
  readonly deadlineMs: number;
  readonly runsOn: boolean;
  settle(outcome: Outcome): void;
}

class DisposableSandbox implements Sandbox {
  #worker: Worker | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Job | null = null;
  #closed = false;
  #lastId = 0;
  readonly #queue: Job[] = [];
  readonly #onFree: () => void;

  constructor(onFree: () => void) {
    this.#onFree = onFree;
  }

  run<K extends SandboxKind>(
    kind: K,
    input: SandboxJobs[K]["input"],
    { deadlineMs, signal, runsOn = false }: RunOptions,
  ): Promise<SandboxJobs[K]["output"]> {
    if (this.#closed) return Promise.reject(new Error("The sandbox is closed."));
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<SandboxJobs[K]["output"]>();
    const onAbort = () => this.#abandon(job, signal?.reason);
    const job: Job = {
      message: { id: ++this.#lastId, kind, input, deadlineMs },
      ...{ deadlineMs, runsOn },
      settle(outcome) {
        signal?.removeEventListener("abort", onAbort);
        if ("error" in outcome) reject(outcome.error);
        else resolve(outcome.output as SandboxJobs[K]["output"]);
      },
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#queue.push(job);
    this.#next();
    return promise;
  }

  restart(): void {
    this.#fail(new Error("The sandbox was restarted."));
  }

  close(): void {
    this.#closed = true;
    const error = new Error("The sandbox is closed.");
    for (const job of this.#queue.splice(0)) job.settle({ error });
    this.#fail(error);
  }

  #next(): void {
    const job = this.#running === null ? this.#queue.shift() : undefined;
    if (job === undefined) return;
    this.#running = job;
    this.#worker ??= this.#start();
    this.#limit(job, startMs);
    this.#worker.postMessage(job.message);
  }

  #start(): Worker {
    const worker = new Worker(entryUrlOf("lib/sandbox/worker.ts"), {
      type: "module",
      name: "sandbox",
      deno: { permissions: "none" }, // whatever runs there can compute, and nothing else
    });
    worker.onmessage = (event: MessageEvent<FromSandbox>) => this.#receive(event.data);
    worker.onerror = (event) => {
      event.preventDefault(); // else the whole process dies with it
      if (worker !== this.#worker) return;
      this.#fail(brokenSandboxError(this.#running?.message.kind ?? "chat_template", event.message));
    };
    return worker;
  }

  #receive(message: FromSandbox): void {
    const job = this.#running;
    if (job === null || message.id !== job.message.id) return; // from a Worker that was already given up
    switch (message.state) {
      case "started":
        return this.#limit(job, job.deadlineMs);
      case "done":
        return this.#finish({ output: message.output });
      case "refused":
        return this.#finish({ error: fault(message.fault.code, message.message, message.fault.field) });
      case "broken":
        return this.#fail(brokenSandboxError(job.message.kind, message.message));
    }
  }

  #limit(job: Job, milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail(timeoutError(job.message.kind, milliseconds)), milliseconds);
  }

  #finish(outcome: Outcome): void {
    clearTimeout(this.#timer);
    const job = this.#running;
    this.#running = null;
    job?.settle(outcome);
    this.#next();
    if (this.#running === null) this.#onFree();
  }

  #fail(error: unknown): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#finish({ error });
  }

  #abandon(job: Job, reason: unknown): void {
    if (job !== this.#running) this.#queue.splice(this.#queue.indexOf(job), 1);
    else if (!job.runsOn) return this.#fail(reason);
    job.settle({ error: reason }); // settling later does nothing
  }
}

function timeoutError(kind: SandboxKind, milliseconds: number): Error {
  const seconds = milliseconds / 1000;
  const time = seconds === 1 ? "1 second" : `${seconds} seconds`;
  return fault("unsupported", `The ${names[kind]} took longer than ${time} and was stopped.`);
}

function brokenSandboxError(kind: SandboxKind, why: string): Error {
  return fault("unsupported", `The ${names[kind]} can't be run: ${why.replace(/\.?$/, ".")}`);
}
