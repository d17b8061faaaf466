// The attribution worker's side: one task at a time, in the order in which they come. Apart from worker.ts so that
// tests can drive it without a Worker.
import { explain } from "../../attribution/explain/explain.ts";
import type { AttributionTask } from "../../attribution/explain/task.ts";
import type { Sessions } from "../../attribution/explain/work.ts";
import { messageOf } from "../../basics/message_of.ts";
import { fault, faultOf } from "../../fault.ts";
import type { FromAttribution, ToAttribution } from "./messages.ts";

/** Sessions that can be closed. */
export interface ClosableSessions extends Sessions {
  /** Milliseconds that opening has taken so far. */
  readonly openingMs: number;
  close(): Promise<void>;
}

/** How often progress is told, in milliseconds. */
const PROGRESS_EVERY = 100;

export class AttributionHost {
  readonly #post: (message: FromAttribution) => void;
  readonly #sessions: ClosableSessions;
  readonly #tasks = new Map<number, AbortController>();
  #last: Promise<void> = Promise.resolve();

  constructor(post: (message: FromAttribution) => void, sessions: ClosableSessions) {
    this.#post = post;
    this.#sessions = sessions;
  }

  receive(message: Exclude<ToAttribution, { type: "model" }>): void {
    switch (message.type) {
      case "explain": {
        const controller = new AbortController();
        this.#tasks.set(message.id, controller);
        this.#last = this.#last.then(() => this.#explain(message.id, message.task, controller.signal));
        return;
      }
      case "drop":
        return this.#tasks.get(message.id)?.abort();
      case "stop":
        for (const controller of this.#tasks.values()) controller.abort();
        this.#last = this.#last.then(async () => {
          await this.#sessions.close();
          this.#post({ type: "stopped" });
        });
    }
  }

  async #explain(id: number, task: AttributionTask, signal: AbortSignal): Promise<void> {
    const [begun, opened] = [performance.now(), this.#sessions.openingMs];
    try {
      signal.throwIfAborted();
      const findings = await explain(task, this.#sessions, { signal, progress: this.#progressOf(id) });
      const ms = performance.now() - begun - (this.#sessions.openingMs - opened);
      this.#post({ type: "done", id, findings, ms });
    } catch (error) {
      const dropped = signal.aborted ? fault("client_gone", "The task was dropped.") : error;
      this.#post({ type: "failed", id, message: messageOf(dropped), fault: faultOf(dropped) });
    } finally {
      this.#tasks.delete(id);
    }
  }

  #progressOf(id: number): (share: number) => void {
    let told = -Infinity;
    return (share) => {
      const now = performance.now();
      if (now - told < PROGRESS_EVERY) return;
      told = now;
      this.#post({ type: "progress", id, share });
    };
  }
}
