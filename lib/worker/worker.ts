// Entry of the inference worker: one model, its tokenizer and its caches. Everything else is in host.ts.
import { Host } from "./host.ts";
import { openModel } from "./opening/open_model.ts";
import type { FromWorker, ToWorker } from "../protocol/messages.ts";

interface WorkerScope {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

const scope = self as unknown as WorkerScope;
const host = new Host((message) => scope.postMessage(message), openModel);
scope.onmessage = (event) => host.receive(event.data);
