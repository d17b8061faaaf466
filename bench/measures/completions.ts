// Clients of other servers: requests a second and their times at 1, 8 and 32 clients, and the scores of a long prompt.
import { pathOf } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { ratio } from "../report.ts";
import { type Server, statusOf, withServer } from "../server.ts";
import { minimumRatio, summarise, timed } from "../stats.ts";

const PROMPT = 40;
const DRAWN = 8;
const LONG = 1024;

export const completions: Part = {
  name: "completions",
  about: `POST /v1/completions of ${PROMPT} + ${DRAWN} tokens, and the echo of ${LONG}`,
  byDefault: true,
  async run({ quick, report }: Bench) {
    await withServer({}, async (server) => {
      const { vocab_size } = await statusOf(server);
      let seed = 500;
      const prompt = (length: number) => pathOf(seed++, length, vocab_size);
      for (const clients of [1, 8, 32]) {
        const rounds = Math.max(1, Math.round((quick ? 8 : 32) / clients));
        const samples: number[] = [];
        const begun = performance.now();
        await Promise.all(Array.from({ length: clients }, async () => {
          for (let round = 0; round < rounds; round++) {
            const body = { prompt: prompt(PROMPT), max_tokens: DRAWN, ignore_eos: true };
            samples.push(await timed(() => ask(server, body)));
          }
        }));
        const seconds = (performance.now() - begun) / 1000;
        const rate = { label: "", value: samples.length / seconds, unit: "requests/s", goal: null };
        report.add(`one request among ${clients} clients`, "ms", samples, rate);
      }
      const [read, echoed]: [number[], number[]] = [[], []];
      for (let round = 0; round < (quick ? 1 : 3); round++) {
        read.push(await timed(() => ask(server, { prompt: prompt(LONG), max_tokens: 1 })));
        const body = { prompt: prompt(LONG), max_tokens: 1, echo: true, logprobs: 1 };
        echoed.push(await timed(() => ask(server, body)));
      }
      report.add(`${LONG} tokens read, one drawn`, "ms", read);
      const beside = ratio(minimumRatio(echoed, read), "of the reading", "at most 1.1 ×");
      report.add(`${LONG} tokens echoed with log-probabilities`, "ms", echoed, beside);
      report.note(`${Math.round(LONG / summarise(echoed).min * 1000)} scored tokens a second`);
    });
  },
};

async function ask(server: Server, body: unknown): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${server.url}/v1/completions`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  await response.arrayBuffer();
}
