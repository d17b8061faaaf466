// A client closes its page in the middle of a long prompt: how long the next request of another one waits.
import { clickIds, pathOf } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { askServer, post, statusOf, withServer } from "../server.ts";
import { summarise, timed } from "../stats.ts";

const TOKENS = 4000;
/** Moments of the abort, in milliseconds after the request: the longer, the larger the chunk that runs. */
const MOMENTS = [300, 700, 1200, 1800, 2500];

export const abort: Part = {
  name: "abort",
  about: "a request is given up while 4,000 tokens are read; the next one's answer",
  byDefault: true,
  async run({ quick, report }: Bench) {
    await withServer({ NEXTTOKEN_PREFETCH: "0" }, async (server) => {
      const { vocab_size } = await statusOf(server);
      const [short, ids] = [pathOf(1, 16, vocab_size), clickIds(vocab_size)];
      await askServer(server, short, "next");
      const click = () => timed(() => askServer(server, [...short, ids.next().value], "next"));
      const free: number[] = [];
      const after: number[] = [];
      for (const [round, moment] of MOMENTS.slice(0, quick ? 2 : MOMENTS.length).entries()) {
        free.push(await click());
        const leave = new AbortController();
        const prompt = pathOf(7000 + round, TOKENS, vocab_size);
        const left = post(server, prompt, { client: "leaver", signal: leave.signal });
        const gone = left.then(() => false, () => true);
        await new Promise((resolve) => setTimeout(resolve, moment));
        leave.abort();
        after.push(await click());
        if (!await gone) report.note(`The prompt was read within ${moment} ms, before it was given up.`);
      }
      report.add("a click, server idle", "ms", free);
      const wait = summarise(after).max - summarise(free).median;
      const waited = { label: "longer than idle, worst", value: wait, unit: "ms", goal: "≤ 100 ms" };
      report.add("a click right after the abort", "ms", after, waited);
    });
  },
};
