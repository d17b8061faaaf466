/// <reference lib="webworker" />
// The page's constraint worker: one answer for each question. Built into static/workers by lib/build/workers.ts.
import type { Asked, FromWorker } from "../protocol.ts";
import { createAnswerer } from "./answer.ts";

const answer = createAnswerer();
const say = (said: FromWorker) => self.postMessage(said);

self.addEventListener("message", ({ data: { id, question } }: MessageEvent<Asked>) => {
  say({ id, answer: answer(question) });
});
say({ started: true });
