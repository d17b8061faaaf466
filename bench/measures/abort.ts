// A client closes its page in the middle of a long prompt: how long the next request of another one waits, and
// whether the prompt is really given up. With an answer as JSON and as events.
import { clickIds, pathOf } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { ratio } from "../report.ts";
import { askServer, post, type Server, statusOf, withServer } from "../server.ts";
import { measureTime, minimumRatio, summarise } from "../stats.ts";

const TOKENS = 4000;
/** Moments of the abort, in milliseconds after the request: the longer, the larger the chunk that runs. */
const MOMENTS = [400, 1200, 2500];
const IDLE_CLICKS = 8;
/** A click this many times the idle one means that something else is still running. */
const BUSY_RATIO = 3;
/** The longest that a prompt which was not given up can go on. */
const TIMEOUT_MS = 20_000;
const FORMS = { JSON: "application/json", events: "text/event-stream" } as const;

export const abort: Part = {
  name: "abort",
  about: "a request is given up while 4,000 tokens are read; the next ones of another client",
  byDefault: true,
  async run({ quick, report }: Bench) {
    await withServer({ NEXTTOKEN_PREFETCH: "0" }, async (server) => {
      const { vocab_size } = await statusOf(server);
      const [short, ids] = [pathOf(1, 16, vocab_size), clickIds(vocab_size)];
      await askServer(server, short, "next");
      const click = () => measureTime(() => askServer(server, [...short, ids.next().value], "next"));
      const idle: number[] = [];
      for (let i = 0; i < IDLE_CLICKS; i++) idle.push(await click());
      report.add("a click, server idle", "ms", idle);
      const { median } = summarise(idle);
      for (const [form, accept] of Object.entries(FORMS)) {
        const [first, second]: [number[], number[]] = [[], []];
        for (const moment of quick ? MOMENTS.slice(0, 1) : MOMENTS) {
          const prompt = pathOf(7000 + ids.next().value, TOKENS, vocab_size);
          if (!await giveUp(server, prompt, accept, moment)) {
            report.note(`${form}: the prompt was read within ${moment} ms, before it was given up.`);
          }
          first.push(await click());
          second.push(await click());
          await untilIdle(click, median * BUSY_RATIO);
        }
        const wait = summarise(first).max - median;
        const goal = { label: "longer than idle, worst", value: wait, unit: "ms", goal: "≤ 100 ms" };
        report.add(`${form}, the click after the abort`, "ms", first, goal);
        const beside = ratio(minimumRatio(second, idle), "idle");
        report.add(`${form}, the click after that`, "ms", second, beside);
        if (beside.value > BUSY_RATIO) {
          report.note(`${form}: the prompt was read on after its client had gone.`);
        }
      }
    });
  },
};

/** Asks, and hangs up after `moment` ms; false where the answer came first. */
async function giveUp(
  server: Server,
  prompt: readonly number[],
  accept: string,
  moment: number,
): Promise<boolean> {
  const leave = new AbortController();
  const request = post(server, prompt, { client: "leaver", accept, signal: leave.signal });
  const gone = request.then((response) => response.text()).then(() => false, () => true);
  await new Promise((resolve) => setTimeout(resolve, moment));
  leave.abort();
  return await gone;
}

/** Clicks until one takes no longer than `limit` ms: what was not given up is over. */
async function untilIdle(click: () => Promise<number>, limit: number): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (await click() > limit && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
