// Several sandboxes for one purpose, so that a program that takes long holds up no other one. One is enough as long as
// all are quick; the next is made ready when a program turns out to be slow, and goes after a minute without work.
import { LRUCache } from "lru-cache";
import type { SandboxJobs, SandboxKind } from "./protocol.ts";
import { createSandbox, type RunOptions, type Sandbox } from "./sandbox.ts";

/** The last one is kept for programs that are known to be quick. */
const LANES = 3;
/** Milliseconds after which a program is slow. */
const SLOW_MS = 30;
const REST_MS = 60_000;
/** Beyond what a vocabulary's tree takes. */
const PREPARE_MS = 10_000;
/** UTF-16 units of the keys that are remembered. */
const MOST_KNOWN = 2 ** 22;

interface LaneOptions extends RunOptions {
  /** What the Worker keeps something of: programs with the same one run in the same Worker, one after another. */
  readonly key?: string;
}

export interface Lanes {
  /** Runs one program as Sandbox.run does, beside others. */
  run<K extends SandboxKind>(
    kind: K,
    input: SandboxJobs[K]["input"],
    options: LaneOptions,
  ): Promise<SandboxJobs[K]["output"]>;
  /** Ends all Workers for good; everything not finished rejects. */
  close(): void;
}

/** What lanes are made of; tests have others. */
interface LaneParts {
  readonly create?: (onFree: () => void) => Sandbox;
  readonly slowMs?: number;
  readonly restMs?: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/** Sandboxes without a Worker yet: the first program starts one. */
export function createLanes(parts: LaneParts = {}): Lanes {
  return new SandboxLanes(parts);
}

interface Lane {
  sandbox: Sandbox;
  /** Its Worker has read its code, or it is the first. */
  ready: boolean;
  running: Job | "preparing" | null;
  begun: number; // ms
  timer: ReturnType<typeof setTimeout> | undefined; // until the program is slow; until an idle Worker goes
}

interface Job {
  readonly key: string | undefined;
  /** Read by what is made ready for others. */
  readonly shared: SandboxJobs["prepare"]["input"];
  start(lane: Lane): void;
  fail(error: unknown): void;
}

class SandboxLanes implements Lanes {
  readonly #create: (onFree: () => void) => Sandbox;
  readonly #slowMs: number;
  readonly #restMs: number;
  readonly #now: () => number;
  readonly #lanes: readonly Lane[];
  readonly #waiting: Job[] = [];
  /** Where a key's programs ran, and whether the last one was quick. */
  readonly #known = new LRUCache<string, { readonly lane: Lane; readonly quick: boolean }>({
    maxSize: MOST_KNOWN,
    sizeCalculation: (_, key) => 1 + key.length,
  });
  #closed = false;

  constructor(
    { create = createSandbox, slowMs = SLOW_MS, restMs = REST_MS, now = () => performance.now() }: LaneParts,
  ) {
    this.#create = create;
    this.#slowMs = slowMs;
    this.#restMs = restMs;
    this.#now = now;
    this.#lanes = Array.from({ length: LANES }, (_, at) => this.#makeLane(at === 0));
  }

  run<K extends SandboxKind>(
    kind: K,
    input: SandboxJobs[K]["input"],
    { key, ...options }: LaneOptions,
  ): Promise<SandboxJobs[K]["output"]> {
    const { signal } = options;
    if (this.#closed) return Promise.reject(new Error("The sandbox is closed."));
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(job), 1);
        reject(signal?.reason);
      };
      const job: Job = {
        key,
        shared: { vocabulary: "vocabulary" in input ? input.vocabulary : null },
        start({ sandbox }) {
          signal?.removeEventListener("abort", leave);
          sandbox.run(kind, input, options).then(resolve, reject);
        },
        fail: reject,
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.push(job);
      this.#pump();
    });
  }

  close(): void {
    this.#closed = true;
    for (const job of this.#waiting.splice(0)) job.fail(new Error("The sandbox is closed."));
    for (const lane of this.#lanes) {
      clearTimeout(lane.timer);
      lane.sandbox.close();
    }
  }

  #makeLane(ready: boolean): Lane {
    const lane: Partial<Lane> = { ready, running: null, begun: 0, timer: undefined };
    return Object.assign(lane, { sandbox: this.#open(lane) }) as Lane;
  }

  #open(lane: Partial<Lane>): Sandbox {
    const sandbox = this.#create(() => {
      if (lane.sandbox === sandbox && !this.#closed) this.#free(lane as Lane);
    });
    return sandbox;
  }

  #pump(): void {
    for (const job of [...this.#waiting]) {
      const lane = this.#laneFor(job);
      if (lane === null) {
        if (this.#isHeldUp()) this.#prepareNext(job);
        continue;
      }
      this.#waiting.splice(this.#waiting.indexOf(job), 1);
      clearTimeout(lane.timer);
      Object.assign(lane, { running: job, begun: this.#now() });
      lane.timer = setTimeout(() => this.#prepareNext(job), this.#slowMs);
      job.start(lane);
    }
  }

  /** A free lane that may take the job; null: it waits. */
  #laneFor({ key }: Job): Lane | null {
    const isFree = ({ ready, running }: Lane) => ready && running === null;
    const known = key === undefined ? undefined : this.#known.get(key);
    if (known !== undefined) {
      const { lane } = known;
      if (isFree(lane)) return lane;
      // What this Worker has of it is worth the wait.
      if (lane.running !== null && lane.running !== "preparing" && lane.running.key === key) return null;
    }
    const open = known?.quick ? this.#lanes : this.#lanes.slice(0, -1);
    return open.find(isFree) ?? null;
  }

  /** Whether every lane that is ready has run slowly for a while: those that began quickly are looked at in time. */
  #isHeldUp(): boolean {
    const now = this.#now();
    return this.#lanes.every(({ ready, running, begun }) =>
      !ready || running !== null && now - begun >= this.#slowMs
    );
  }

  /** Makes one more lane ready, where a slow program would hold others up: one at a time. */
  #prepareNext({ shared }: Job): void {
    const isThere = ({ ready, running }: Lane) => running === "preparing" || ready && running === null;
    if (this.#lanes.some(isThere)) return;
    const lane = this.#lanes.find(({ ready, running }) => !ready && running === null);
    if (lane === undefined) return;
    lane.running = "preparing";
    lane.sandbox.run("prepare", shared, { deadlineMs: PREPARE_MS }).catch(() => {}); // it says why when it is used
  }

  #free(lane: Lane): void {
    clearTimeout(lane.timer);
    const { running, begun } = lane;
    Object.assign(lane, { running: null, ready: true });
    if (running !== null && running !== "preparing" && running.key !== undefined) {
      this.#known.set(running.key, { lane, quick: this.#now() - begun <= this.#slowMs });
    }
    if (lane !== this.#lanes[0]) lane.timer = setTimeout(() => this.#rest(lane), this.#restMs);
    this.#pump();
  }

  #rest(lane: Lane): void {
    const { sandbox } = lane;
    Object.assign(lane, { ready: false, sandbox: this.#open(lane) });
    sandbox.close();
  }
}
