// A real Worker as the engine's WorkerPort.
import { refuseTelemetry } from "../ort/telemetry.ts";
import type { FromWorker, WorkerPort } from "../protocol/messages.ts";

/** Starts an inference worker. It dies of an uncaught error only; then `onDeath` is called once. */
export function spawnWorker(): WorkerPort {
  refuseTelemetry(); // here, because other threads may read the environment later
  const worker = new Worker(new URL("../worker/worker.ts", import.meta.url), {
    type: "module",
    name: "inference",
  });
  return {
    post: (message) => worker.postMessage(message),
    listen(onMessage, onDeath) {
      worker.onmessage = (event: MessageEvent<FromWorker>) => onMessage(event.data);
      worker.onerror = (event) => {
        event.preventDefault(); // else the whole process dies with it
        worker.terminate();
        onDeath(event.message);
      };
    },
    terminate: () => worker.terminate(),
  };
}
