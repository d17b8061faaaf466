// Entry of the inference worker: one model, its tokenizer and its caches. Everything else is in host.ts.
import { parentPort, workerData } from "node:worker_threads";
import { Turns } from "../basics/turns.ts";
import { parseRemoteName } from "../hub/remote_name.ts";
import { hasLoadedAddon } from "../ort/addon_graph.ts";
import { Inbox } from "../protocol/inbox.ts";
import type { FromWorker, ToWorker, WorkerData } from "../protocol/messages.ts";
import { transfersOf } from "./encoded_json.ts";
import { Host, type OpenFunction } from "./host.ts";
import { openModel } from "./opening/open_model.ts";

/** Milliseconds between two looks at the heap. */
const WATCH_MS = 250;

const port = parentPort!;
const { heapMib, inbox: shared } = workerData as WorkerData;
const inbox = new Inbox(shared);
const turns = new Turns({
  get present() {
    return host.jobs > 1; // one of which is the work itself
  },
  get calling() {
    return inbox.calling;
  },
  taken: () => inbox.taken(),
});
const readJobs = () => import("./jobs.ts");
const readMore = async () => (await Promise.all([import("./rehearsal.ts"), readJobs()]))[0];
const open: OpenFunction = async (spec, post, signal) => {
  const remote = parseRemoteName(spec.model);
  if (remote === null) {
    const model = await openModel(spec, post, signal, turns, () => void readMore());
    return spec.rehearse === false ? model : (await readMore()).withRehearsal(model);
  }
  const { openRemote } = await import("./remote/open_remote.ts"); // what no other model needs
  return await openRemote(remote, spec, post, signal, turns);
};
const post = (message: FromWorker) => port.postMessage(message, transfersOf(message));
const startHost = () => new Host(post, open, readJobs, end);
let host = startHost();
// Not by `port.on`, which looks for ports in every value of a message before it hands it on (Deno 2.9.6): 0.4 ms of a
// click behind 1,024 tokens.
(port as unknown as EventTarget).addEventListener("message", (event) => {
  inbox.take(() => host.receive((event as MessageEvent<ToWorker>).data));
});

/** Leaves nothing of the load that has stopped, and waits for another one where this thread is worth keeping. */
function end(): void {
  const reusable = hasLoadedAddon();
  if (reusable) {
    host = startHost();
    import("../ort/collect_garbage.ts").then(({ collectGarbage }) => collectGarbage());
  }
  post({ type: "stopped", reusable });
}

// The end of this worker comes before the end of its heap, which could be that of the process: uncaught, on purpose.
setInterval(() => {
  if (Deno.memoryUsage().heapUsed > heapMib * 2 ** 20) {
    throw new Error(`it is out of memory: its objects take more than ${heapMib} MiB`);
  }
}, WATCH_MS);
