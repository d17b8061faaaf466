// A real Worker as the attribution worker's port.
import { entryUrlOf } from "../../basics/program.ts";
import type { AttributionPort, FromAttribution } from "./messages.ts";

/** Starts an attribution worker. It dies of an uncaught error only; then `onDeath` is called once. */
export function spawnAttributionWorker(): AttributionPort {
  const worker = new Worker(entryUrlOf("lib/worker/attribution/worker.ts"), {
    type: "module",
    name: "attribution",
  });
  return {
    post: (message) => worker.postMessage(message),
    listen(onMessage, onDeath) {
      worker.onmessage = (event: MessageEvent<FromAttribution>) => onMessage(event.data);
      worker.onerror = (event) => {
        event.preventDefault(); // else the whole process dies with it
        worker.terminate();
        onDeath(event.message);
      };
    },
    terminate: () => worker.terminate(),
  };
}
