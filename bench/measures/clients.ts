// A class: eight pages click at once, each on a text of its own.
import { pathOf } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { askServer, type Server, statusOf, withServer } from "../server.ts";
import { summarise } from "../stats.ts";

const CLIENTS = 8;
const PROMPT = 40;

export const clients: Part = {
  name: "clients",
  about: "8 clients × 20 clicks at once on different prompts",
  byDefault: true,
  async run({ quick, report }: Bench) {
    await withServer({}, async (server) => {
      const { vocab_size } = await statusOf(server);
      const clicks = quick ? 5 : 20;
      const prompts = Array.from({ length: CLIENTS }, (_, i) => pathOf(i, PROMPT, vocab_size));
      for (const [i, ids] of prompts.entries()) await askServer(server, ids, `bench-${i}`);
      const begun = performance.now();
      const each = await Promise.all(prompts.map((ids, i) => clickOn(server, ids, `bench-${i}`, clicks)));
      const seconds = (performance.now() - begun) / 1000;
      const all = each.flat();
      const perSecond = { label: "", value: all.length / seconds, unit: "requests/s", goal: null };
      report.add("one click among 8 clients", "ms", all, perSecond);
      const slowest = each.map((samples) => summarise(samples).median);
      report.add("median click of each client", "ms", slowest);
    });
  },
};

/** Clicks on tokens that nobody computed ahead. */
async function clickOn(
  server: Server,
  ids: readonly number[],
  client: string,
  clicks: number,
): Promise<number[]> {
  const samples: number[] = [];
  const path = [...ids];
  for (let i = 0; i < clicks; i++) {
    path.push((i * 7919 + path[0]!) % 1000);
    const begun = performance.now();
    await askServer(server, path, client);
    samples.push(performance.now() - begun);
  }
  return samples;
}
