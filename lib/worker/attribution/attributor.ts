// Attribution as the inference worker has it: a worker of its own, started when something is first asked, ended when
// nothing has been asked for a while, replaced when it dies. Answers are kept.
import { LRUCache } from "lru-cache";
import type { AttributionTask, Findings } from "../../attribution/explain/task.ts";
import type { AttributionWatch } from "../../decode/types.ts";
import { fault } from "../../fault.ts";
import { readAvailableMemory } from "../../hub/folder/memory.ts";
import { returnFreedMemory } from "../../ort/trim_memory.ts";
import type { AttributionEstimate } from "../../wire/attribution.ts";
import { checkRoom, estimateTaskBytes, graphsOf } from "./memory.ts";
import { Countdown, type Phase } from "./countdown.ts";
import type { AttributedModel, AttributionPort, FromAttribution, GraphKind } from "./messages.ts";
import { Rates } from "./rates.ts";

interface Waiting {
  readonly task: AttributionTask;
  readonly progress: AttributionWatch["progress"];
  readonly countdown: Countdown;
  resolve(findings: Findings): void;
  reject(error: Error): void;
}

export interface AttributorOptions {
  readonly spawn: () => AttributionPort;
  /** Milliseconds without a task after which the graphs are released. */
  readonly idleMs?: number;
  /** Milliseconds that a worker gets to end by itself: opening a graph cannot be interrupted. */
  readonly stopTimeoutMs?: number;
  readonly free?: () => number | null; // bytes
}

/** How often a task that tells nothing is told of: what is left grows meanwhile. */
const TELL_EVERY_MS = 1000;
const KEPT_CHARACTERS = 16e6; // of findings as JSON

export class Attributor {
  readonly #model: AttributedModel;
  readonly #options: Required<AttributorOptions>;
  readonly #rates: Rates;
  readonly #known = new LRUCache<string, Findings>({ maxSize: KEPT_CHARACTERS });
  readonly #waiting = new Map<number, Waiting>();
  readonly #open = new Set<GraphKind>();
  readonly #leaving = new Map<
    AttributionPort,
    { readonly stopped: () => void; readonly gone: Promise<void> }
  >();
  #port: AttributionPort | null = null;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #nextId = 1;
  #closed = false;

  constructor(
    model: AttributedModel,
    { idleMs = 60_000, stopTimeoutMs: stopTimeoutMs = 20_000, ...options }: AttributorOptions,
  ) {
    this.#model = model;
    this.#options = { free: readAvailableMemory, ...options, idleMs, stopTimeoutMs: stopTimeoutMs };
    this.#rates = new Rates(model);
  }

  estimate(task: AttributionTask): AttributionEstimate {
    const { ms, openingMs } = this.#rates.estimate(task, this.#open);
    const cached = this.#known.has(keyOf(task));
    return {
      ms: cached ? 0 : Math.round(ms),
      opening_ms: cached ? 0 : Math.round(openingMs),
      bytes: estimateTaskBytes(this.#model, task, this.#open),
      free_bytes: this.#options.free(),
      cached,
    };
  }

  async explain(task: AttributionTask, { signal, progress }: AttributionWatch) {
    signal.throwIfAborted();
    const key = keyOf(task);
    const known = this.#known.get(key);
    if (known !== undefined) return { findings: known, cached: true };
    if (this.#closed) {
      throw fault("model_loading", "Another model takes this one's place. Ask again in a second.");
    }
    const { bytes, free_bytes } = this.estimate(task);
    checkRoom(bytes, free_bytes, task.context.length);
    clearTimeout(this.#idle);
    const id = this.#nextId++;
    let drop = () => {};
    const telling = setInterval(() => this.#tell(id), TELL_EVERY_MS);
    try {
      const findings = await new Promise<Findings>((resolve, reject) => {
        drop = () => {
          this.#port?.post({ type: "drop", id });
          reject(fault("client_gone", "The task was dropped.")); // the worker may be opening a graph until it is free
        };
        signal.addEventListener("abort", drop, { once: true });
        this.#waiting.set(id, { task, progress, countdown: this.#countdown(task), resolve, reject });
        this.#beginOldest();
        this.#tell(id);
        this.#worker().post({ type: "explain", id, task });
      });
      this.#known.set(key, findings, { size: JSON.stringify(findings).length });
      return { findings, cached: false };
    } finally {
      clearInterval(telling);
      signal.removeEventListener("abort", drop);
      this.#waiting.delete(id);
      this.#beginOldest();
      this.#rest();
    }
  }

  /** Ends the worker; what waits fails. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    this.#known.clear();
    this.#failAll(fault("model_loading", "Another model takes this one's place. Ask again in a second."));
    this.#release();
    await Promise.all([...this.#leaving.values()].map(({ gone }) => gone));
  }

  #countdown(task: AttributionTask): Countdown {
    const { ms, openingMs } = this.#rates.estimate(task, this.#open);
    const opens = graphsOf(task).some((graph) => !this.#open.has(graph));
    const expected = { opening: openingMs, computing: ms - openingMs };
    return new Countdown(expected, opens ? "opening" : "computing");
  }

  #worker(): AttributionPort {
    if (this.#port !== null) return this.#port;
    const port = this.#options.spawn();
    this.#port = port;
    port.listen(
      (message) => this.#receive(port, message),
      (reason) => this.#bury(port, reason),
    );
    port.post({ type: "model", model: this.#model });
    return port;
  }

  #receive(port: AttributionPort, message: FromAttribution): void {
    if (message.type === "stopped") return this.#leaving.get(port)?.stopped();
    if (port !== this.#port) return; // of a worker that is leaving
    switch (message.type) {
      case "opening":
        return this.#enter("opening");
      case "opened":
        this.#open.add(message.graph);
        this.#rates.opened(message.graph, message.ms);
        return this.#enter("computing");
      case "closed":
        return void this.#open.delete(message.graph);
      case "progress":
        return this.#tell(message.id, message.share);
      case "done": {
        const waiting = this.#waiting.get(message.id);
        if (waiting !== undefined) this.#rates.ran(waiting.task, message.ms);
        return waiting?.resolve(message.findings);
      }
      case "failed": {
        const cause = message.fault ?? { code: "inference_failed" };
        return this.#waiting.get(message.id)?.reject(new Error(message.message, { cause }));
      }
    }
  }

  #tell(id: number, share?: number): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    const { countdown, progress } = waiting;
    countdown.share = share ?? countdown.share;
    const left = this.#leftBefore(id) + countdown.left(performance.now());
    const done = Math.round(100 * countdown.share);
    progress({ done, total: 100, phase: countdown.phase, left_ms: Math.round(left) });
  }

  /** Milliseconds of the tasks whose turn comes before. */
  #leftBefore(id: number): number {
    const before = [...this.#waiting].filter(([other]) => other < id);
    return before.reduce((sum, [, { countdown }]) => sum + countdown.left(performance.now()), 0);
  }

  /** The oldest task is the one that runs. */
  #beginOldest(): void {
    const [oldest] = this.#waiting.values();
    oldest?.countdown.begin(performance.now());
  }

  /** Says what the task that runs, the oldest, is waiting for. */
  #enter(phase: Phase): void {
    const [oldest] = this.#waiting;
    if (oldest === undefined) return;
    oldest[1].countdown.enter(phase, performance.now());
    this.#tell(oldest[0]);
  }

  #bury(port: AttributionPort, reason: string): void {
    if (port !== this.#port) return this.#leaving.get(port)?.stopped();
    this.#port = null;
    this.#open.clear();
    this.#failAll(fault("inference_failed", `Attribution stopped (${reason}) and starts again. Ask again.`));
  }

  #failAll(error: Error): void {
    for (const { reject } of [...this.#waiting.values()]) reject(error);
  }

  #rest(): void {
    if (this.#waiting.size > 0 || this.#port === null || this.#closed) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#release(), this.#options.idleMs);
  }

  /** Ends the worker that there is; its memory goes back. */
  #release(): void {
    const port = this.#port;
    if (port === null) return;
    this.#port = null;
    this.#open.clear();
    const stopped = Promise.withResolvers<void>();
    const timer = setTimeout(stopped.resolve, this.#options.stopTimeoutMs);
    const gone = stopped.promise.then(() => {
      clearTimeout(timer);
      port.terminate();
      returnFreedMemory();
      this.#leaving.delete(port);
    });
    this.#leaving.set(port, { stopped: stopped.resolve, gone });
    port.post({ type: "stop" });
  }
}

/** The cache's key: the task is plain data, and the model is this object's only one. */
function keyOf(task: AttributionTask): string {
  return JSON.stringify(task);
}
