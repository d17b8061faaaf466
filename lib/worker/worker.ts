// Entry of the inference worker: one model, its tokenizer and its caches. Everything else is in host.ts.
import { parentPort } from "node:worker_threads";
import { Host } from "./host.ts";
import { openModel } from "./opening/open_model.ts";
import type { ToWorker } from "../protocol/messages.ts";

const port = parentPort!;
const host = new Host((message) => port.postMessage(message), openModel);
port.on("message", (message: ToWorker) => host.receive(message));
