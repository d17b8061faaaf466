// Whether the server still answers others while it reads a long prompt: GET /api/model/status, again and again.
import { pathOf } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { askServer, type Server, statusOf, withServer } from "../server.ts";
import { measureTime, summarise } from "../stats.ts";

const EVERY_MS = 10;

export const loop: Part = {
  name: "loop",
  about: "GET /api/model/status while a long prompt is read",
  byDefault: true,
  async run({ quick, report }: Bench) {
    await withServer({}, async (server) => {
      const { vocab_size } = await statusOf(server);
      report.add("idle", "ms", await poll(server, new Promise((resolve) => setTimeout(resolve, 500))));
      for (const [tokens, rounds] of quick ? [[1500, 1]] as const : [[1500, 2], [4000, 1]] as const) {
        const delays: number[] = [];
        const reading: number[] = [];
        for (let round = 0; round < rounds; round++) {
          const prompt = pathOf(9000 + tokens + round, tokens, vocab_size);
          const request = measureTime(() => askServer(server, prompt));
          delays.push(...await poll(server, request));
          reading.push(await request);
        }
        const worst = { label: "worst", value: summarise(delays).max, unit: "ms", goal: "≤ 50 ms" };
        report.add(`during ${tokens} tokens`, "ms", delays, worst);
        report.add(`reading ${tokens} tokens`, "ms", reading);
      }
    });
  },
};

/** Latencies of the status until `until` settles. */
async function poll(server: Server, until: Promise<unknown>): Promise<number[]> {
  let running = true;
  const ended = until.finally(() => running = false);
  const delays: number[] = [];
  while (running) {
    delays.push(await measureTime(() => statusOf(server)));
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  await ended;
  return delays;
}
