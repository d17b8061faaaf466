// A click that the server has computed ahead: the page shows a distribution, the user thinks, then takes the most
// probable token.
import { pathOf } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { askServer, type Server, statusOf, withServer } from "../server.ts";

/** Longer than a round of speculation takes. */
const THINKING_MS = 700;

export const hit: Part = {
  name: "http-hit",
  about: "a click on the most probable token after a moment's thought, prefetch on",
  byDefault: true,
  async run({ quick, report }: Bench) {
    await withServer({}, async (server) => {
      const { vocab_size } = await statusOf(server);
      for (const tokens of quick ? [16] : [16, 512]) {
        const { hits, misses } = await measure(server, pathOf(tokens, tokens, vocab_size), quick ? 3 : 8);
        const found = {
          label: "of the clicks",
          value: hits.length / (hits.length + misses),
          unit: "",
          goal: null,
        };
        const goal = { label: "best", value: Math.min(...hits), unit: "ms", goal: "≤ 10 ms" };
        if (hits.length > 0) report.add(`${tokens} tokens, hit`, "ms", hits, goal, found);
        if (misses > 0) report.note(`${misses} of ${hits.length + misses} clicks were not computed ahead.`);
      }
    });
  },
};

async function measure(server: Server, start: readonly number[], clicks: number) {
  const hits: number[] = [];
  let misses = 0;
  const path = [...start];
  let { candidates } = await askServer(server, path);
  for (let i = 0; i < clicks; i++) {
    await new Promise((resolve) => setTimeout(resolve, THINKING_MS));
    path.push(candidates[0]!.id);
    const begun = performance.now();
    const answer = await askServer(server, path);
    const took = performance.now() - begun;
    if (answer.timing.computed_tokens === 0) hits.push(took);
    else misses++;
    candidates = answer.candidates;
  }
  return { hits, misses };
}
