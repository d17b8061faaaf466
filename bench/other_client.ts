// A thread that is another client: it asks without a pause, always the same, which needs no run, until it is told that
// it is enough. What it waits for is the server's, not the reading of a long answer in the thread that measures.
/// <reference lib="webworker" />
import { askServer, type Server } from "./server.ts";
import { measureTime } from "./stats.ts";

const PROMPT = [504, 3575, 282, 4649, 314];
const PAUSE_MS = 2;

/** What the thread is told. */
export type ToOtherClient = Pick<Server, "url"> | "enough";

const enough = Promise.withResolvers<void>();

/** Says when it has had an answer, and at the end, of each later one, how many milliseconds it took. */
self.onmessage = async ({ data }: MessageEvent<ToOtherClient>) => {
  if (data === "enough") return enough.resolve();
  let ended = false;
  enough.promise.then(() => ended = true);
  const samples: number[] = [];
  await askServer(data, PROMPT, "other");
  self.postMessage(samples);
  do {
    samples.push(await measureTime(() => askServer(data, PROMPT, "other")));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  } while (!ended);
  self.postMessage(samples);
};
