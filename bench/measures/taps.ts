// What attribution without gradients costs, beside the plain forward pass over the same text.
import { attentionRows } from "../../lib/attribution/methods/attention.ts";
import { removeParts, splitLogit } from "../../lib/attribution/methods/direct_logit.ts";
import { logitLens } from "../../lib/attribution/methods/logit_lens.ts";
import { occlusion } from "../../lib/attribution/methods/occlusion.ts";
import type { Question } from "../../lib/attribution/methods/work.ts";
import { openTaps, type TapSession } from "../../lib/attribution/taps/tap_session.ts";
import type { LmRunner } from "../../lib/runners/types.ts";
import { openOrt } from "../../lib/ort/api.ts";
import { findLibrary } from "../../lib/ort/library.ts";
import { BUNDLED_FOLDER, open, pathOf, readFolder, ROOT } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { ratio } from "../report.ts";
import { inRounds, minimumRatio, timed } from "../stats.ts";

const LENGTH = 40; // tokens
const MIB = 2 ** 20;

const COSTS: Readonly<
  Record<string, { run: (session: TapSession, question: Question) => unknown; goal: string }>
> = {
  attention: { run: attentionRows, goal: "at most 2" },
  "logit lens": { run: logitLens, goal: "at most 1.5" },
  "direct logit": { run: splitLogit, goal: "at most 1.5" },
  "a part removed": {
    run: (session, { context }) => removeParts(session, context, [{ kind: "mlp", layer: 3, head: null }]),
    goal: "",
  },
  "occlusion, embeddings": {
    run: (session, question) => occlusion(session, question, "zero_embedding"),
    goal: "",
  },
  "occlusion, deletion": {
    run: (session, question) => occlusion(session, question, "delete_token"),
    goal: "",
  },
};

export const taps: Part = {
  name: "taps",
  about:
    `attention, logit lens, direct logit and occlusion of ${LENGTH} tokens beside the plain forward pass`,
  byDefault: true,
  async run({ quick, report }: Bench) {
    const runner = await open(BUNDLED_FOLDER, "native");
    const before = Deno.memoryUsage().rss;
    let session: TapSession | null = null;
    const opening = await timed(async () => session = await openBundledTaps());
    const taps = session!;
    const question = questionOf(runner.vocabSize);
    const variants = Object.entries(COSTS).map(([name, { run }]) =>
      [name, async () => [await timed(() => run(taps, question))]] as const
    );
    const samples = await inRounds<string>(quick ? 2 : 7, {
      plain: async () => [await timed(() => forward(runner, question.context))],
      ...Object.fromEntries(variants),
    });
    const plain = samples["plain"]!;
    report.add("opening the graph with taps", "ms", [opening]);
    report.add("memory above the serving model's", "MiB", [(Deno.memoryUsage().rss - before) / MIB]);
    report.add("plain forward pass", "ms", plain);
    for (const [name, { goal }] of Object.entries(COSTS)) {
      const times = ratio(
        minimumRatio(samples[name]!, plain),
        "the plain forward pass",
        goal === "" ? null : goal,
      );
      report.add(name, "ms", samples[name]!, times);
    }
    await taps.close();
    await runner.dispose();
  },
};

export async function openBundledTaps(): Promise<TapSession> {
  const { onnxPath, config } = await readFolder(BUNDLED_FOLDER);
  return await openTaps(openOrt(findLibrary(ROOT)), onnxPath, config);
}

async function forward(runner: LmRunner, ids: readonly number[]): Promise<void> {
  const { kv } = await runner.run(runner.empty(), ids);
  runner.release(kv);
}

function questionOf(vocabSize: number): Question {
  return {
    context: pathOf(3, LENGTH, vocabSize),
    target: { quantity: "logprob", ids: [28], rival: null },
  };
}
