// The page's own constraint engine: a worker that is asked one question at a time, newest first of each kind, and
// replaced where it takes too long.
import type { Answer, Asked, FromWorker, Question, QuestionKind } from "./protocol.ts";

/** A worker, as far as it is used. */
export interface Port {
  postMessage(asked: Asked): void;
  /** `failed`: it is of no more use. */
  listen(hear: (said: FromWorker) => void, failed: () => void): void;
  terminate(): void;
}

export interface ConstraintEngine {
  /** The answer; null where a newer question of the kind took its place. */
  ask<K extends QuestionKind>(question: Question<K>): Promise<Answer<K> | null>;
  close(): void;
}

interface EngineOptions {
  readonly spawn: () => Port;
  /** An answer that takes longer (ms) is refused. */
  readonly limit?: number;
  /** How long a newer question waits for an older one (ms). */
  readonly newerLimit?: number;
}

interface Open {
  readonly question: Question;
  readonly resolve: (answer: Answer | null) => void;
}

const LIMIT_MS = 2_000;
const NEWER_LIMIT_MS = 100;
/** How long a worker may take to begin: a slow machine loads it slowly, and what it is asked has no part in that. */
const START_MS = 10_000;

/** The kinds of questions in the order in which waiting ones are asked. */
const ORDER: readonly QuestionKind[] = ["check", "token", "position"];

/** Asks the constraint worker, which is started with the first question and replaced when it takes too long. */
export function createConstraintEngine(options: EngineOptions): ConstraintEngine {
  return new WorkerEngine(options);
}

class WorkerEngine implements ConstraintEngine {
  readonly #spawn: () => Port;
  readonly #limit: number;
  readonly #newerLimit: number;
  readonly #waiting = new Map<QuestionKind, Open>();
  #port: Port | null = null;
  /** The present worker has begun. */
  #started = false;
  #running: { readonly id: number; readonly open: Open; since: number } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor({ spawn, limit = LIMIT_MS, newerLimit: newerLimit = NEWER_LIMIT_MS }: EngineOptions) {
    this.#spawn = spawn;
    this.#limit = limit;
    this.#newerLimit = newerLimit;
  }

  ask<K extends QuestionKind>(question: Question<K>): Promise<Answer<K> | null> {
    return new Promise((resolve) => {
      const open = { question, resolve } as unknown as Open;
      this.#waiting.get(open.question.kind)?.resolve(null);
      this.#waiting.set(open.question.kind, open);
      this.#watch();
      this.#next();
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#port?.terminate();
    this.#port = null;
    const open = [...this.#waiting.values(), ...this.#running === null ? [] : [this.#running.open]];
    this.#running = null;
    this.#waiting.clear();
    for (const { resolve } of open) resolve(null);
  }

  #next(): void {
    if (this.#running !== null) return;
    const kind = ORDER.find((each) => this.#waiting.has(each));
    if (kind === undefined) return;
    const open = this.#waiting.get(kind)!;
    this.#waiting.delete(kind);
    this.#port ??= this.#opened();
    this.#running = { id: ++this.#asked, open, since: performance.now() };
    this.#port.postMessage({ id: this.#asked, question: open.question });
    this.#watch();
  }

  #opened(): Port {
    const port = this.#spawn();
    this.#started = false;
    port.listen(
      (said) => this.#hear(said),
      () => this.#stop("The check of the constraint failed. Reload the page."),
    );
    return port;
  }

  #hear(said: FromWorker): void {
    if ("answer" in said) {
      if (said.id === this.#running?.id) this.#finish(said.answer);
      return;
    }
    this.#started = true;
    if (this.#running !== null) this.#running.since = performance.now();
    this.#watch();
  }

  #finish(answer: Answer | null): void {
    clearTimeout(this.#timer);
    const done = this.#running;
    this.#running = null;
    done?.open.resolve(answer);
    this.#next();
  }

  /** Waits until the limit, or the shorter limit that a newer question of the same kind sets. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#running === null) return;
    const { open, since } = this.#running;
    const isOld = this.#waiting.has(open.question.kind);
    const allowed = !this.#started ? START_MS : isOld ? this.#newerLimit : this.#limit;
    const left = since + allowed - performance.now();
    const message = isOld ? null : `This took longer than ${this.#limit / 1000} s. Make it smaller.`;
    this.#timer = setTimeout(() => this.#stop(message), Math.max(0, left));
  }

  /** Ends the worker with what it does; `message` null: its answer is not wanted any more. */
  #stop(message: string | null): void {
    this.#port?.terminate();
    this.#port = null;
    this.#finish(message === null ? null : { refused: { message, place: null, pointer: null, span: null } });
  }
}
