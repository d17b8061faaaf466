// The status of the model, for as long as the page is in view: every change is told at once, through every loss of the
// server. A stream that breaks is opened again; the server is lost when it cannot be reached.
import type { ModelStatus } from "../../wire/models.ts";
import { sleep } from "../../basics/sleep.ts";
import type { Api } from "./api.ts";

export interface FollowModelOptions {
  readonly api: Pick<Api, "statuses">;
  /** Milliseconds before the server is tried again. */
  readonly retryMs: number;
  /** Milliseconds before the first try. */
  readonly waitMs: number;
  readonly onStatus: (status: ModelStatus) => void;
  readonly onLost: () => void;
}

/** Tells the status now and at every change. Returns the way to stop. */
export function followModel(options: FollowModelOptions): () => void {
  const stopped = new AbortController();
  void follow(options, stopped.signal);
  return () => stopped.abort();
}

async function follow(options: FollowModelOptions, signal: AbortSignal): Promise<void> {
  const { api, retryMs, waitMs, onStatus, onLost } = options;
  if (waitMs > 0) await sleep(waitMs, signal).catch(() => {}); // aborted: the loop does not begin
  while (!signal.aborted) {
    let reached = false;
    try {
      for await (const status of api.statuses(signal)) {
        if (signal.aborted) return;
        reached = true;
        onStatus(status);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!reached) {
        console.warn(`The server cannot be reached: ${error}`);
        onLost();
      }
    }
    await sleep(reached ? retryMs / 10 : retryMs, signal).catch(() => {}); // aborted: the loop ends
  }
}
