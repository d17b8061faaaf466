// Clients of other servers: requests a second and their times at 1, 8 and 32 clients, beside llama.cpp's server with
// the same weights; and the scores of a long prompt.
import {
  hasLlamaServer,
  type LlamaServer,
  NO_LLAMA_SERVER,
  startLlamaServer,
} from "../../tests/clients/llamacpp_server.ts";
import { BUNDLED_FOLDER, open, pathOf } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { type Figure, ratio, type Report } from "../report.ts";
import { statusOf, withServer } from "../server.ts";
import { inRounds, measureTime, minimumRatio, summarise } from "../stats.ts";

const PROMPT = 40;
const DRAWN = 8;
const LONG = 1024;
/** Requests that llama.cpp computes at once; its context has room for no more of this length. */
const SLOTS = 8;
const CHUNK = 128; // tokens of one run where every row goes through the head

export const completions: Part = {
  name: "completions",
  about:
    `POST /v1/completions of ${PROMPT} + ${DRAWN} tokens beside llama.cpp's server, and the echo of ${LONG}`,
  byDefault: true,
  async run(bench: Bench) {
    await withServer({}, async (server) => {
      const { vocab_size } = await statusOf(server);
      const peer = await hasLlamaServer()
        ? await startLlamaServer({ slots: SLOTS, threads: navigator.hardwareConcurrency })
        : null;
      if (peer === null) bench.report.note(NO_LLAMA_SERVER);
      try {
        await clients(bench, server.url, peer, vocab_size);
      } finally {
        await peer?.stop();
      }
      await echo(bench, server.url, vocab_size);
    });
    await headOfAllRows(bench);
  },
};

async function clients(
  { quick, report }: Bench,
  url: string,
  peer: LlamaServer | null,
  vocabulary: number,
): Promise<void> {
  let seed = 500;
  /** Times of requests among `count` clients, and how many of them end a second. */
  const among = async (count: number, url: string) => {
    const rounds = Math.max(1, Math.round((quick ? 8 : 32) / count));
    const samples: number[] = [];
    const seconds = await measureTime(() =>
      Promise.all(Array.from({ length: count }, async () => {
        for (let round = 0; round < rounds; round++) {
          const body = { prompt: pathOf(seed++, PROMPT, vocabulary), max_tokens: DRAWN, ignore_eos: true };
          samples.push(await measureTime(() => ask(url, body)));
        }
      }))
    ) / 1000;
    return { samples, perSecond: samples.length / seconds };
  };
  for (const count of [1, 8, 32]) {
    const ours = await among(count, url);
    const name = `one request among ${count} clients`;
    const rate = (value: number): Figure => ({ label: "", value, unit: "requests/s", goal: null });
    if (peer === null) {
      report.add(name, "ms", ours.samples, rate(ours.perSecond));
      continue;
    }
    const theirs = await among(count, peer.url);
    const beside = [
      ratio(ours.perSecond / theirs.perSecond, "llama.cpp's requests/s"),
      ratio(summarise(ours.samples).p95 / summarise(theirs.samples).p95, "its p95"),
    ];
    report.add(name, "ms", ours.samples, rate(ours.perSecond), ...beside);
    report.add("  llama.cpp's server", "ms", theirs.samples, rate(theirs.perSecond));
  }
}

async function echo({ quick, report }: Bench, url: string, vocabulary: number): Promise<void> {
  let seed = 2000;
  const one = (fields: Record<string, unknown>) => async () => [
    await measureTime(() => ask(url, { prompt: pathOf(seed++, LONG, vocabulary), max_tokens: 1, ...fields })),
  ];
  await one({ echo: true, logprobs: 1 })();
  const { read, echoed } = await inRounds(quick ? 1 : 3, {
    read: one({}),
    echoed: one({ echo: true, logprobs: 1 }),
  });
  report.add(`${LONG} tokens read, one drawn`, "ms", read);
  const beside = ratio(minimumRatio(echoed, read), "of the reading", "at most 1.1 ×");
  report.add(`${LONG} tokens echoed with log-probabilities`, "ms", echoed, beside);
  report.note(`${Math.round(LONG / summarise(echoed).min * 1000)} scored tokens a second`);
}

/** What the head alone costs where every row goes through it: no echo can be cheaper than that. */
async function headOfAllRows({ quick, report }: Bench): Promise<void> {
  const runner = await open(BUNDLED_FOLDER, "native");
  let seed = 4000;
  const pass = (chunk: number, how: "last" | "all" | "scored") => async () => {
    const ids = pathOf(seed++, LONG, runner.vocabSize);
    let kv = runner.empty(LONG);
    const ms = await measureTime(async () => {
      for (let start = 0; start < LONG; start += chunk) {
        const some = ids.slice(start, start + chunk);
        kv = how === "scored"
          ? (await runner.runScored!(kv, some, { targets: some, top: 1 })).kv
          : (await runner.run(kv, some, { logitsToKeep: how === "last" ? 1 : 0 })).kv;
      }
    });
    runner.release(kv);
    return [ms];
  };
  const { last, all, scored } = await inRounds(quick ? 1 : 3, {
    last: pass(2 * CHUNK, "last"),
    all: pass(CHUNK, "all"),
    scored: pass(CHUNK, "scored"),
  });
  await runner.dispose();
  report.add(`the run alone: ${LONG} tokens, the head over the last row`, "ms", last);
  addBeside(report, "  the head over all rows", all, last, "of the head over the last");
  addBeside(report, "  all rows scored", scored, all, "of the head over all");
}

function addBeside(
  report: Report,
  name: string,
  samples: readonly number[],
  other: readonly number[],
  label: string,
): void {
  report.add(name, "ms", samples, ratio(minimumRatio(samples, other), label));
}

async function ask(url: string, body: unknown): Promise<void> {
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  const response = await fetch(`${url}/v1/completions`, init);
  if (!response.ok) throw new Error(await response.text());
  await response.arrayBuffer();
}
