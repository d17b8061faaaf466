// What attribution costs: each method beside the plain forward pass over the same text, memory beside the model that
// serves, how soon a run ends whose client is gone, and what clicks feel of it.
import { inputTimesGradient, integratedGradients, saliency } from "../../lib/attribution/gradient/methods.ts";
import type { GradientSession } from "../../lib/attribution/gradient/session.ts";
import { attentionRows } from "../../lib/attribution/methods/attention.ts";
import { removeParts, splitLogit } from "../../lib/attribution/methods/direct_logit.ts";
import { logitLens } from "../../lib/attribution/methods/logit_lens.ts";
import { occlusion } from "../../lib/attribution/methods/occlusion.ts";
import type { Question } from "../../lib/attribution/methods/work.ts";
import type { TapSession } from "../../lib/attribution/taps/tap_session.ts";
import type { LmRunner } from "../../lib/runners/types.ts";
import type { Attributor } from "../../lib/worker/attribution/attributor.ts";
import { openBundledAttributor, openBundledGradients, openBundledTaps, taskOf } from "../attribution.ts";
import { BUNDLED_FOLDER, clickIds, open, pathOf } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { peakMemory } from "../peak_memory.ts";
import { ratio, type Report } from "../report.ts";
import { type Server, statusOf, stepServer, withServer } from "../server.ts";
import { inRounds, measureTime, minimumRatio, summarise } from "../stats.ts";

const LENGTH = 40; // tokens of the text whose methods are timed
const LONGER = 64; // tokens of the text whose memory is looked at
const STEPS = 50;
const TARGET = 28;
const IDLE_MS = 1000;

interface Sessions {
  readonly taps: TapSession;
  readonly gradients: GradientSession;
}
interface Cost {
  readonly run: (sessions: Sessions, question: Question) => Promise<unknown>;
  readonly goal: string | null;
}

const COSTS: Readonly<Record<string, Cost>> = {
  attention: { run: ({ taps }, question) => attentionRows(taps, question), goal: "≤ 2" },
  "logit lens": { run: ({ taps }, question) => logitLens(taps, question), goal: "≤ 1.5" },
  "direct logit": { run: ({ taps }, question) => splitLogit(taps, question), goal: "≤ 1.5" },
  "a part removed": {
    run: ({ taps }, { context }) => removeParts(taps, context, [{ kind: "mlp", layer: 3, head: null }]),
    goal: null,
  },
  "occlusion, embeddings": {
    run: ({ taps }, question) => occlusion(taps, question, "zero_embedding"),
    goal: null,
  },
  "occlusion, deletion": {
    run: ({ taps }, question) => occlusion(taps, question, "delete_token"),
    goal: null,
  },
  saliency: { run: ({ gradients }, question) => saliency(gradients, question), goal: "≤ 5" },
  "input × gradient": {
    run: ({ gradients }, question) => inputTimesGradient(gradients, question, { signed: false }),
    goal: "≤ 5",
  },
};

export const attribution: Part = {
  name: "attribution",
  about: `methods on ${LENGTH} tokens beside the plain forward pass; memory, cancelling, clicks beside them`,
  byDefault: true,
  async run({ quick, report }: Bench) {
    const runner = await open(BUNDLED_FOLDER, "native");
    await measureWorker(runner.vocabSize, report); // first: what other sessions leave behind would count
    await measureMethods(runner, report, quick);
    await runner.dispose();
    await withServer({ NEXTTOKEN_PREFETCH: "0" }, (server) => measureClicks(server, report, quick));
  },
};

/** Memory of all methods after another in the product's own worker, and how soon a task in it can be stopped. */
async function measureWorker(vocabSize: number, report: Report): Promise<void> {
  const serving = Deno.memoryUsage().rss;
  const attributor = await openBundledAttributor(IDLE_MS);
  const context = pathOf(5, LONGER, vocabSize);
  const above = (bytes: number) => (bytes - serving) / 1e6;
  const explain = async (name: string, more: Parameters<typeof taskOf>[2]) => {
    let ms = NaN;
    const peak = await peakMemory(async () => {
      ms = await measureTime(() => run(attributor, taskOf(context, TARGET, more)));
    });
    const time = { label: "", value: ms, unit: "ms", goal: null };
    report.add(`${LONGER} tokens, ${name}: above serving`, "MB", [above(peak)], time, {
      ...{ label: "at the end", value: above(Deno.memoryUsage().rss), unit: "MB" },
      goal: "peak ≤ 700 MB",
    });
  };
  await explain("attention", { method: "attention" });
  await explain("occlusion", { method: "occlusion" });
  await explain("direct logit", { method: "direct_logit" });
  await explain("saliency", { method: "saliency" });
  await explain(`integrated gradients`, { method: "integrated_gradients" });
  await explain("all compared", { method: "comparison" });
  await new Promise((resolve) => setTimeout(resolve, 3 * IDLE_MS));
  report.add("after idle release: above serving", "MB", [above(Deno.memoryUsage().rss)]);
  await attributor.close();
}

async function measureCancel(gradients: GradientSession, question: Question, report: Report): Promise<void> {
  const times: number[] = [];
  for (const moment of [150, 400, 700, 1100, 1700]) {
    const controller = new AbortController();
    let aborted = 0;
    setTimeout(() => {
      aborted = performance.now();
      controller.abort();
    }, moment);
    const line = { ...question, baseline: "zero" } as const;
    const { signal } = controller;
    await integratedGradients(gradients, line, { steps: 4 * STEPS, signed: false }, { signal }).catch(
      () => {},
    );
    times.push(performance.now() - aborted);
  }
  const worst = { label: "worst", value: summarise(times).max, unit: "ms", goal: "≤ 200 ms" };
  report.add("integrated gradients cancelled → session free", "ms", times, worst);
}

async function run(attributor: Attributor, task: ReturnType<typeof taskOf>): Promise<void> {
  await attributor.explain(task, { signal: new AbortController().signal, progress: () => {} });
}

async function measureMethods(runner: LmRunner, report: Report, quick: boolean): Promise<void> {
  let sessions: Sessions | null = null;
  let taps: TapSession | null = null;
  report.add("opening the graph with taps", "ms", [
    await measureTime(async () => taps = await openBundledTaps()),
  ]);
  const opening = await measureTime(async () => {
    sessions = { taps: taps!, gradients: await openBundledGradients() };
  });
  report.add("opening the gradient graph", "ms", [opening]);
  const open = sessions! as Sessions;
  const question = questionOf(runner.vocabSize);
  const samples = await inRounds<string>(quick ? 2 : 7, {
    plain: async () => [await measureTime(() => forward(runner, question.context))],
    ...Object.fromEntries(
      Object.entries(COSTS).map(([name, cost]) =>
        [name, async () => [await measureTime(() => cost.run(open, question))]] as const
      ),
    ),
  });
  const integrating = await measureTime(() =>
    integratedGradients(open.gradients, { ...question, baseline: "zero" }, { steps: STEPS, signed: false })
  );
  const plain = samples["plain"]!;
  report.add("plain forward pass", "ms", plain);
  const beside = (times: readonly number[], goal: string | null) =>
    ratio(minimumRatio(times, plain), "the plain forward pass", goal);
  for (const [name, { goal }] of Object.entries(COSTS)) {
    report.add(name, "ms", samples[name]!, beside(samples[name]!, goal));
  }
  report.add(`integrated gradients, ${STEPS} steps`, "ms", [integrating], beside([integrating], "≤ 250"));
  await measureCancel(open.gradients, question, report);
  await open.taps.close();
  await open.gradients.dispose();
}

async function forward(runner: LmRunner, ids: readonly number[]): Promise<void> {
  const { kv } = await runner.run(runner.empty(), ids);
  runner.release(kv);
}

function questionOf(vocabSize: number): Question {
  return {
    context: pathOf(3, LENGTH, vocabSize),
    target: { quantity: "logprob", ids: [TARGET], rival: null },
  };
}

/** Clicks and the server's status, alone and while integrated gradients run in another request. */
async function measureClicks(server: Server, report: Report, quick: boolean): Promise<void> {
  const { vocab_size } = await statusOf(server);
  const [short, ids] = [pathOf(1, 16, vocab_size), clickIds(vocab_size)];
  const click = () => measureTime(() => stepServer(server, short, ids.next().value));
  const status = () => measureTime(() => statusOf(server));
  const context = pathOf(5, LENGTH, vocab_size);
  const alone = await repeat({ click, status }, quick ? 5 : 30);
  await explain(server, context, "saliency"); // opens the graph
  let running = true;
  const work = explain(server, context, "integrated_gradients").finally(() => running = false);
  const beside = await repeat({ click, status }, quick ? 5 : 200, () => running);
  await work;
  report.add("a click alone", "ms", alone.click);
  report.add("a click beside integrated gradients", "ms", beside.click, {
    ...ratio(summarise(beside.click).median / summarise(alone.click).median, "alone, medians"),
  });
  report.add("status alone", "ms", alone.status);
  report.add("status beside them", "ms", beside.status, {
    ...{ label: "worst", value: summarise(beside.status).max, unit: "ms", goal: "≤ 50 ms" },
  });
}

async function repeat<Name extends string>(
  what: Readonly<Record<Name, () => Promise<number>>>,
  count: number,
  goesOn = () => true,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(what) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let i = 0; i < count && (i === 0 || goesOn()); i++) {
    for (const name of names) times[name].push(await what[name]());
  }
  return times;
}

async function explain(server: Server, ids: readonly number[], method: string): Promise<void> {
  const response = await fetch(`${server.url}/api/attribution`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      ...{ prompt_ids: ids, target_token_id: TARGET, method, steps: STEPS },
    }),
  });
  if (!response.ok) throw new Error(`The server answered ${response.status}: ${await response.text()}`);
  await response.body?.cancel();
}
