// One click as the page makes it: JSON over HTTP to the real server, without speculation; beside it, where one is
// given, the click of the reference engine in this process.
import type { Bench, Part } from "../part.ts";
import { clickIds, pathOf } from "../model.ts";
import { openReference, type Reference } from "../reference.ts";
import { ratio } from "../report.ts";
import { askServer, type Server, statusOf, stepServer, withServer } from "../server.ts";
import { inRounds, minimumRatio, summarise, timed } from "../stats.ts";

/** Clicks of each kind in one round, and the pause before them in which the other process comes to rest. */
const CLICKS = 5;
const PAUSE_MS = 60;
/** What HTTP may add to the reference's click: a factor and milliseconds. */
const ALLOWED = { factor: 1.15, plus: 3 };

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
      const reference = bench.reference === null ? null : await openReference(bench.reference, vocab_size);
      await measure(bench, server, vocab_size, reference);
      reference?.close();
    });
  },
};

async function measure(
  { quick, report }: Bench,
  server: Server,
  vocabSize: number,
  reference: Reference | null,
): Promise<void> {
  const ids = clickIds(vocabSize);
  const overHttp = async (length: number) => {
    const path = pathOf(length, length, vocabSize);
    await askServer(server, path);
    return series(() => timed(() => askServer(server, [...path, ids.next().value])));
  };
  /** As the page clicks: the position before has been shown, the one after is asked for. */
  const stepped = async (length: number) => {
    const path = pathOf(length, length + 1, vocabSize);
    await stepServer(server, path.slice(0, -1), path.at(-1)!);
    return series(() => timed(() => stepServer(server, path, ids.next().value)));
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
  report.add("16 tokens, HTTP", "ms", samples.short);
  const growth = ratio(minimumRatio(samples.long, samples.short), "the click at 16", "≤ 1.6");
  report.add("1024 tokens, HTTP", "ms", samples.long, growth);
  const beside = (step: readonly number[], click: readonly number[]) =>
    ratio(minimumRatio(step, click), "next-token of as many");
  report.add("16 tokens, step with next", "ms", samples.shortStep, beside(samples.shortStep, samples.short));
  report.add("1024 tokens, step with next", "ms", samples.longStep, beside(samples.longStep, samples.long));
  if (reference === null) return;
  compared(report, 16, samples.short, samples.shortReference);
  compared(report, 1024, samples.long, samples.longReference);
}

function series(click: () => Promise<number>): () => Promise<number[]> {
  return async () => {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const samples: number[] = [];
    for (let i = 0; i < CLICKS; i++) samples.push(await click());
    return samples;
  };
}

function compared(
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
