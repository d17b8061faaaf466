// One click as the page makes it: JSON over HTTP to the real server, until the last byte is there, without speculation;
// beside it the model's run inside the same click, and where one is given the click of the reference engine in this
// process.
import type { Bench, Part } from "../part.ts";
import { clickIds, pathOf } from "../model.ts";
import { openReference, type Reference } from "../reference.ts";
import { type Figure, ratio } from "../report.ts";
import { openPlainClient, type PlainClient } from "../plain_client.ts";
import { type Answer, nextTokenBody, practise, statusOf, stepBody, withServer } from "../server.ts";
import { inRounds, minimumRatio, summarise } from "../stats.ts";

/** Clicks of each kind in one round, and the pause before them in which the other process comes to rest. */
const CLICKS = 5;
const PAUSE_MS = 60;
/** About what an answer has. */
const ANSWER_BYTES = 20_000;
/** What HTTP may add to the reference's click: a factor and milliseconds. */
const ALLOWED = { factor: 1.15, plus: 3 };
/** What a click may take beyond the model's run inside it. */
const GOALS = { step: { factor: 1.15, plus: 3 }, nextToken: { factor: 1.1, plus: 2 } };

export const httpClick: Part = {
  name: "http-click",
  about: "one click over HTTP, prefetch off; the reference engine beside it",
  byDefault: true,
  async run(bench: Bench) {
    await withServer({ NEXTTOKEN_PREFETCH: "0" }, async (server) => {
      const { vocab_size, runtime } = await statusOf(server);
      bench.report.say(`The server's runner is ${runtime}.`);
      if (bench.reference === null) {
        bench.report.note("Left out: the comparison with the reference engine (--reference PATH).");
      }
      await practise(ANSWER_BYTES, askNextToken);
      const reference = bench.reference === null ? null : await openReference(bench.reference, vocab_size);
      const client = await openPlainClient(server.url);
      await measure(bench, client, vocab_size, reference);
      client.close();
      reference?.close();
    });
  },
};

const askNextToken = (client: PlainClient, ids: readonly number[]) =>
  client.post("/api/next-token", nextTokenBody(ids));

const askStep = (client: PlainClient, ids: readonly number[], id: number) =>
  client.post("/api/step", stepBody(ids, id));

async function measure(
  { quick, report }: Bench,
  client: PlainClient,
  vocabSize: number,
  reference: Reference | null,
): Promise<void> {
  const ids = clickIds(vocabSize);
  const runs = { short: [], long: [], shortStep: [], longStep: [] } as Record<string, number[]>;
  /** A click's time; the run inside it is noted. */
  const noting = async (name: string, click: () => ReturnType<PlainClient["post"]>) => {
    const { took, text } = await click();
    runs[name]!.push((JSON.parse(text) as Answer).timing.decode_ms);
    return took;
  };
  const overHttp = async (length: number) => {
    const path = pathOf(length, length, vocabSize);
    await askNextToken(client, path);
    const name = length > 100 ? "long" : "short";
    return series(() => noting(name, () => askNextToken(client, [...path, ids.next().value])));
  };
  /** As the page clicks: the position before has been shown, the one after is asked for. */
  const stepped = async (length: number) => {
    const path = pathOf(length, length + 1, vocabSize);
    await askStep(client, path.slice(0, -1), path.at(-1)!);
    const name = length > 100 ? "longStep" : "shortStep";
    return series(() => noting(name, () => askStep(client, path, ids.next().value)));
  };
  const inReference = async (length: number) => {
    const click = await reference?.prepare(length);
    return click === undefined ? () => Promise.resolve([]) : series(() => click(ids.next().value));
  };
  const samples = await inRounds(quick ? 2 : 6, {
    short: await overHttp(16),
    shortStep: await stepped(16),
    shortReference: await inReference(16),
    long: await overHttp(1024),
    longStep: await stepped(1024),
    longReference: await inReference(1024),
  });
  const inside = (name: "short" | "long" | "shortStep" | "longStep", goal: keyof typeof GOALS) =>
    besideRun(samples[name], runs[name]!, GOALS[goal]);
  report.add("16 tokens, HTTP", "ms", samples.short, ...inside("short", "nextToken"));
  const growth = ratio(minimumRatio(samples.long, samples.short), "the click at 16", "≤ 1.6");
  report.add("1024 tokens, HTTP", "ms", samples.long, ...inside("long", "nextToken"), growth);
  const beside = (step: readonly number[], click: readonly number[]) =>
    ratio(minimumRatio(step, click), "next-token of as many");
  report.add(
    ...["16 tokens, step with next", "ms", samples.shortStep] as const,
    ...inside("shortStep", "step"),
    beside(samples.shortStep, samples.short),
  );
  report.add(
    ...["1024 tokens, step with next", "ms", samples.longStep] as const,
    ...inside("longStep", "step"),
    beside(samples.longStep, samples.long),
  );
  if (reference === null) return;
  reportRatio(report, 16, samples.short, samples.shortReference);
  reportRatio(report, 1024, samples.long, samples.longReference);
}

/** The run inside the clicks: medians, and the clicks' median against what the goal allows for that run. */
function besideRun(
  clicks: readonly number[],
  runs: readonly number[],
  { factor, plus }: { readonly factor: number; readonly plus: number },
): Figure[] {
  const run = summarise(runs).median;
  const allowed = run * factor + plus;
  const rest = clicks.map((click, at) => click - runs[at]!);
  return [
    { label: "the run inside", value: run, unit: "ms", goal: null },
    { label: "at least beside it", value: summarise(rest).min, unit: "ms", goal: null },
    ratio(summarise(clicks).median / allowed, `${factor} × the run + ${plus} ms`, "≤ 1"),
  ];
}

function series(click: () => Promise<number>): () => Promise<number[]> {
  return async () => {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const samples: number[] = [];
    for (let i = 0; i < CLICKS; i++) samples.push(await click());
    return samples;
  };
}

function reportRatio(
  report: Bench["report"],
  tokens: number,
  ours: readonly number[],
  theirs: readonly number[],
): void {
  const [our, their] = [summarise(ours), summarise(theirs)];
  const allowed = their.min * ALLOWED.factor + ALLOWED.plus;
  report.add(
    `${tokens} tokens, reference in process`,
    "ms",
    theirs,
    ratio(our.min / their.min, "HTTP / reference, minimums"),
    ratio(our.median / their.median, "HTTP / reference, medians"),
    { label: "allowed", value: allowed, unit: "ms", goal: `HTTP's minimum ${our.min.toFixed(1)} ≤ that` },
  );
}
