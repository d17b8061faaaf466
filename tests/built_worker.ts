// The inference worker as `deno task start` runs it: from a few files, where the sources are 500 modules.
import { spawnWorker } from "../lib/engine/worker_port.ts";
import type { WorkerPort } from "../lib/protocol/messages.ts";
import { BUILT_WORKER } from "./build_worker.ts";

/** Starts the worker that the test command has built of the present sources; alone, a test file runs the sources. */
export function spawnTestWorker(): WorkerPort {
  const built = Deno.env.get(BUILT_WORKER);
  return built === undefined ? spawnWorker() : spawnWorker({ entry: new URL(built) });
}
