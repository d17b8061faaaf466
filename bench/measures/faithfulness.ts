// Which method is to be trusted: the area between its curves on the reference texts, beside random orders, and its
// time.
import { compareMethods } from "../../lib/attribution/faithfulness/compare.ts";
import { attentionRollout, attentionRows, attentionScores } from "../../lib/attribution/methods/attention.ts";
import { measureWithout, occlusion } from "../../lib/attribution/methods/occlusion.ts";
import { inputTimesGradient, integratedGradients, saliency } from "../../lib/attribution/gradient/methods.ts";
import type { GradientSession } from "../../lib/attribution/gradient/session.ts";
import type { Question } from "../../lib/attribution/methods/work.ts";
import type { TapSession } from "../../lib/attribution/taps/tap_session.ts";
import { openBundledGradients, openBundledTaps } from "../attribution.ts";
import { ROOT } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { number } from "../report.ts";
import { summarise } from "../stats.ts";
import type { OcclusionKind } from "../../lib/wire/attribution_methods.ts";

/** What methods run on. */
interface Sessions {
  readonly taps: TapSession;
  readonly gradients: GradientSession;
}
type Method = (sessions: Sessions, question: Question) => Promise<readonly number[]>;

const occluding = (how: OcclusionKind): Method => ({ taps }, question) => occlusion(taps, question, how);
const integrated = (signed: boolean): Method => async ({ gradients }, question) =>
  (await integratedGradients(gradients, { ...question, baseline: "zero" }, { steps: STEPS, signed })).scores;
const STEPS = 10; // hundreds of steps take minutes over all texts

/** Scores of every method, one a token. */
const METHODS: Readonly<Record<string, Method>> = {
  "occlusion, zero embedding": occluding("zero_embedding"),
  "occlusion, deletion": occluding("delete_token"),
  "occlusion, zero values": occluding("zero_value"),
  "attention, mean": async ({ taps }, question) => attentionScores(await attentionRows(taps, question)),
  "attention, last layer": async ({ taps }, question) =>
    attentionScores(await attentionRows(taps, question), { layer: -1 }),
  "attention rollout": ({ taps }, question) => attentionRollout(taps, question),
  "saliency, L2": async ({ gradients }, question) => (await saliency(gradients, question)).scores,
  "input × gradient, L2": async ({ gradients }, question) =>
    (await inputTimesGradient(gradients, question, { signed: false })).scores,
  "input × gradient, signed": async ({ gradients }, question) =>
    (await inputTimesGradient(gradients, question, { signed: true })).scores,
  "integrated gradients, 10 steps, L2": integrated(false),
  "integrated gradients, 10 steps, signed": integrated(true),
};

interface Row {
  readonly areas: number[];
  readonly times: number[];
}

export const faithfulness: Part = {
  name: "faithfulness",
  about:
    "how much further a target falls when the top tokens are deleted than when the bottom ones are, in nats",
  byDefault: false,
  async run({ quick, report }: Bench) {
    const sessions = { taps: await openBundledTaps(), gradients: await openBundledGradients() };
    const rows = new Map<string, Row>(Object.keys(METHODS).map((name) => [name, { areas: [], times: [] }]));
    const chance: number[] = [];
    for (const { context, target } of (await openTexts()).slice(0, quick ? 1 : Infinity)) {
      const scores = new Map<string, readonly number[]>();
      for (const [name, method] of Object.entries(METHODS)) {
        const begun = performance.now();
        scores.set(name, await method(sessions, { context, target }));
        rows.get(name)!.times.push(performance.now() - begun);
      }
      const { methods } = await compareMethods(
        scores,
        measureWithout(sessions.taps, context, { id: target.ids[0]! }),
      );
      for (const { method, score } of methods) rows.get(method)!.areas.push(score);
      chance.push(methods[0]!.chance);
    }
    for (const [name, { areas, times }] of rows) {
      report.add(name, "ms", times, {
        label: "",
        value: meanOf(areas),
        unit: "nats between the curves",
        goal: null,
      });
    }
    report.say(`random orders: 0 on average, ${number(meanOf(chance))} nats standard deviation`);
    report.say(
      `tokens a text: ${summarise((await openTexts()).map(({ context }) => context.length)).median} (median)`,
    );
    await sessions.taps.close();
    await sessions.gradients.dispose();
  },
};

/** The reference's contexts, each with its most probable next token. */
async function openTexts(): Promise<Question[]> {
  const path = `${ROOT}/tests/fixtures/refs/smollm2/attribution.json`;
  const { cases } = JSON.parse(await Deno.readTextFile(path)) as {
    cases: { ids: number[]; targets: { id: number }[] }[];
  };
  return cases.map(({ ids, targets }) => ({
    context: ids,
    target: { quantity: "logprob", ids: [targets[0]!.id], rival: null },
  }));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
