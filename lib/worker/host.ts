// The worker's side of the protocol: opens the model, advances jobs slice by slice, speculates in between. It is
// apart from worker.ts so that tests can drive it without a Worker.
import { messageOf } from "../basics/message_of.ts";
import { fault, faultOf } from "../fault.ts";
import type { Sliced } from "../decode/types.ts";
import { encodeInSlices } from "./encoded_json.ts";
import type { startJob } from "./jobs.ts";
import type { OpenModel } from "./opening/assemble.ts";
import { unpackLists } from "../protocol/long_lists.ts";
import type { FromWorker, LoadSpec, ToWorker } from "../protocol/messages.ts";

interface RunningJob {
  readonly slices: Sliced<unknown>;
  readonly controller: AbortController;
  /** Its slices, and its end: one after the other. Those of several jobs may overlap. */
  advancing: Promise<void>;
}

/** Opens what `spec` names; `signal` aborts when the load was given up. */
export type OpenFunction = (
  spec: LoadSpec,
  post: (message: FromWorker) => void,
  signal: AbortSignal,
) => Promise<OpenModel>;

/** The jobs, read when there is a model to do them on. */
type ReadJobs = () => Promise<{ readonly startJob: typeof startJob }>;

export class Host {
  readonly #post: (message: FromWorker) => void;
  readonly #open: OpenFunction;
  readonly #readJobs: ReadJobs;
  readonly #onStopped: () => void;
  readonly #jobs = new Map<number, RunningJob>();
  readonly #stopping = new AbortController();
  #model: OpenModel | null = null;
  #startJob: typeof startJob | null = null;
  #loading: Promise<void> = Promise.resolve();

  /** One load and its jobs; `onStopped` is called when nothing is left of them. */
  constructor(
    post: (message: FromWorker) => void,
    open: OpenFunction,
    readJobs: ReadJobs,
    onStopped: () => void,
  ) {
    this.#post = post;
    this.#open = open;
    this.#readJobs = readJobs;
    this.#onStopped = onStopped;
  }

  /** Jobs that have begun and not ended. */
  get jobs(): number {
    return this.#jobs.size;
  }

  receive(message: ToWorker): void {
    switch (message.type) {
      case "load":
        this.#loading = this.#load(message.spec);
        return;
      case "start":
        return this.#start(message);
      case "advance":
        return this.#advance(message.id);
      case "drop":
        return this.#drop(message.id);
      case "stop":
        return void this.#stop();
    }
  }

  async #load(spec: LoadSpec): Promise<void> {
    try {
      this.#model = await this.#open(spec, this.#post, this.#stopping.signal);
      this.#startJob = (await this.#readJobs()).startJob;
      const { info, atOnce } = this.#model;
      this.#post({ type: "ready", info, atOnce });
    } catch (error) {
      if (this.#stopping.signal.aborted) return; // the load was given up
      this.#post({ type: "unloadable", reason: messageOf(error) });
      const known = faultOf(error);
      if (known === null) this.#post({ type: "log", level: "debug", message: stackOf(error) });
      else if (known.detail !== undefined) this.#post({ type: "log", level: "info", message: known.detail });
    }
  }

  #start({ id, kind, input, queuedMs, encoded }: Extract<ToWorker, { type: "start" }>): void {
    const controller = new AbortController();
    const [model, start] = [this.#model, this.#startJob];
    if (!model || !start) return this.#fail(id, fault("model_failed", "No model is loaded."));
    // The scheduler types what goes in; a message is plain data, so its type is lost on the way.
    const answer = start(kind, unpackLists(input) as never, model.language, controller.signal, queuedMs);
    const slices = encoded ? encodeInSlices(answer, model.language.distributions.texts) : answer;
    this.#jobs.set(id, { slices, controller, advancing: Promise.resolve() });
    this.#advance(id);
  }

  #advance(id: number): void {
    const job = this.#jobs.get(id);
    if (job) job.advancing = job.advancing.then(() => this.#slice(id));
    else void this.#slice(id); // which says so
  }

  async #slice(id: number): Promise<void> {
    const job = this.#jobs.get(id);
    const model = this.#model;
    if (!job || !model) return this.#fail(id, fault("client_gone", "The job was dropped."));
    try {
      await model.speculation.pause();
      const { done, value } = await job.slices.next();
      if (!done) {
        if ("until" in value) this.#park(id, value.until);
        else this.#post({ type: "paused", id, progress: value });
        return;
      }
      this.#jobs.delete(id);
      this.#post({ type: "done", id, value, counters: model.counters });
      this.#speculate();
    } catch (error) {
      this.#fail(id, job.controller.signal.aborted ? fault("client_gone", "The job was dropped.") : error);
    }
  }

  /** Goes on with speculation however the last job ended. While there are others, the next slice is on its way. */
  #speculate(): void {
    if (this.#jobs.size === 0 && !this.#stopping.signal.aborted) this.#model?.speculation.resume();
  }

  /** Others are served until the job can go on. */
  #park(id: number, until: Promise<unknown>): void {
    this.#post({ type: "parked", id });
    until.then(() => {
      if (this.#jobs.has(id)) this.#post({ type: "resumable", id });
    });
  }

  #fail(id: number, error: unknown): void {
    this.#jobs.delete(id);
    const known = faultOf(error);
    const message = messageOf(error);
    if (!known) this.#post({ type: "log", level: "error", message: stackOf(error) });
    else if (known.detail !== undefined) this.#post({ type: "log", level: "info", message: known.detail });
    this.#post({ type: "failed", id, message, fault: known });
    this.#speculate();
  }

  #drop(id: number): void {
    const job = this.#jobs.get(id);
    if (!job) return;
    job.controller.abort();
    // A paused generator is ended here, which returns its state to the cache; for one that is running this waits
    // for the end of the run that the abort has just stopped.
    job.advancing = job.advancing.then(async () => {
      this.#jobs.delete(id);
      await job.slices.return(undefined);
    }).catch(() => {}).then(() => this.#speculate());
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    const jobs = [...this.#jobs.values()];
    for (const job of jobs) job.controller.abort();
    await this.#loading;
    await Promise.all(jobs.map((job) => job.advancing));
    await this.#model?.close();
    this.#model = null;
    this.#onStopped();
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
