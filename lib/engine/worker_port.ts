// A real Worker as the engine's WorkerPort.
import { Worker } from "node:worker_threads";
import { entryUrlOf } from "../basics/program.ts";
import { refuseTelemetry } from "../ort/telemetry.ts";
import { returnFreedMemory } from "../ort/trim_memory.ts";
import { Inbox } from "../protocol/inbox.ts";
import type { FromWorker, WorkerData, WorkerPort } from "../protocol/messages.ts";

/** Mebibytes of JavaScript objects that a worker may hold between two slices; it ends itself where it has more, and is
 * replaced. Weights, keys and values, and logits lie elsewhere. */
const HEAP_MIB = 2048;
/** What one slice may need besides. A heap that is full in the middle of one would take the process with it in a
 * Worker of the web's kind; one of node:worker_threads mostly dies alone. */
const SLICE_MIB = 1536;

/** Milliseconds from the end of a worker until its memory is free. */
const TRIM_DELAY_MS = 200;

/** Starts an inference worker. It dies of an uncaught error, or of too little memory, only; then `onDeath` is called
 * once. `entry`: the module it begins with. */
export function spawnWorker(
  { heapMib = HEAP_MIB, entry = entryUrlOf("lib/worker/worker.ts") }: { heapMib?: number; entry?: URL } = {},
): WorkerPort {
  refuseTelemetry(); // here, because other threads may read the environment later
  const inbox = new Inbox();
  const worker = new Worker(entry, {
    name: "inference",
    workerData: { heapMib, inbox: inbox.shared } satisfies WorkerData,
    resourceLimits: { maxOldGenerationSizeMb: heapMib + SLICE_MIB },
  });
  return {
    post(message) {
      worker.postMessage(message);
      inbox.add();
    },
    listen(onMessage, onDeath) {
      worker.on("message", (message: FromWorker) => onMessage(message));
      worker.once("error", (error) => {
        worker.on("error", () => {}); // one death is enough
        worker.terminate();
        onDeath(error.message);
      });
    },
    terminate() {
      // What a worker frees at its end is the process's to give back: the worker is gone before it could.
      worker.terminate().then(() => setTimeout(returnFreedMemory, TRIM_DELAY_MS));
    },
  };
}
