// Entry of the inference worker: one model, its tokenizer and its caches. Everything else is in host.ts.
import { parentPort, workerData } from "node:worker_threads";
import { parseRemoteName } from "../hub/remote_name.ts";
import type { ToWorker, WorkerData } from "../protocol/messages.ts";
import { Host, type OpenFunction } from "./host.ts";
import { openModel } from "./opening/open_model.ts";

/** Milliseconds between two looks at the heap. */
const WATCH_MS = 250;

const port = parentPort!;
const { heapMib } = workerData as WorkerData;
const readJobs = () => import("./jobs.ts");
const open: OpenFunction = async (spec, post, signal) => {
  const remote = parseRemoteName(spec.model);
  if (remote === null) return await openModel(spec, post, signal, readJobs);
  const { openRemote } = await import("./remote/open_remote.ts"); // what no other model needs
  return await openRemote(remote, spec, post, signal);
};
const host = new Host((message) => port.postMessage(message), open, readJobs);
port.on("message", (message: ToWorker) => host.receive(message));

// The end of this worker comes before the end of its heap, which could be that of the process: uncaught, on purpose.
setInterval(() => {
  if (Deno.memoryUsage().heapUsed > heapMib * 2 ** 20) {
    throw new Error(`it is out of memory: its objects take more than ${heapMib} MiB`);
  }
}, WATCH_MS);
