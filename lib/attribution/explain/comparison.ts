// Every way to score tokens on one text, on the same removals: which one is most faithful here.
import { faultOf } from "../../fault.ts";
import type { ComparedMethod, MethodComparison } from "../../wire/attribution.ts";
import { compareMethods } from "../faithfulness/compare.ts";
import { valueWithout } from "../methods/occlusion.ts";
import { faithfulnessOf, measurable } from "./faithfulness.ts";
import type { AttributionTask } from "./task.ts";
import { TOKEN_METHODS } from "./token_scores.ts";
import { counted, type Sessions, type Steering, within } from "./work.ts";

/** One way to score tokens: a name, and the fields of a task that make it. */
interface Contestant {
  readonly label: string;
  readonly method: AttributionTask["method"];
  readonly options: ComparedMethod["options"];
}

const STEPS = 20;

/** Gradients first: where memory is short their graph is closed before the other one opens. */
export const CONTESTANTS: readonly Contestant[] = [
  { label: "saliency, L2", method: "saliency", options: { signed: false } },
  { label: "input × gradient, L2", method: "input_x_gradient", options: { signed: false } },
  { label: "input × gradient, signed", method: "input_x_gradient", options: { signed: true } },
  {
    label: `integrated gradients, ${STEPS} steps, L2`,
    method: "integrated_gradients",
    options: { signed: false, steps: STEPS },
  },
  {
    label: `integrated gradients, ${STEPS} steps, signed`,
    method: "integrated_gradients",
    options: { signed: true, steps: STEPS },
  },
  { label: "attention, mean", method: "attention", options: { layer: null } },
  { label: "attention, last layer", method: "attention", options: { layer: -1 } },
  { label: "attention rollout", method: "attention_rollout", options: {} },
  { label: "occlusion, zero embedding", method: "occlusion", options: { occlusion: "zero_embedding" } },
  { label: "occlusion, deleted token", method: "occlusion", options: { occlusion: "delete_token" } },
  { label: "occlusion, zero values", method: "occlusion", options: { occlusion: "zero_value" } },
];

const MEASURING_FROM = 0.8;

/** The task of one contestant, about the log-probability of the same target. */
export function contestantTask(task: AttributionTask, { method, options }: Contestant): AttributionTask {
  const { layer = null, occlusion = task.occlusion, signed = false, steps = STEPS } = options;
  return {
    ...task,
    ...{
      method,
      layer,
      occlusion,
      signed,
      steps,
      head: null,
      heads: false,
      normalize: false,
      faithfulness: false,
    },
  };
}

type Scored = Pick<ComparedMethod, "attributions" | "ms">;

/** Scores of all contestants, the most faithful first; those that this model cannot have are named with the reason. */
export async function compare(
  task: AttributionTask,
  sessions: Sessions,
  steering: Steering,
): Promise<MethodComparison> {
  const token = measurable(task);
  const { found, left_out } = await scoreAll(task, sessions, within(steering, 0, MEASURING_FROM));
  const scores = new Map([...found].map(([label, { attributions }]) => [label, attributions]));
  const measuring = counted(within(steering, MEASURING_FROM, 1));
  const without = valueWithout(await sessions.taps(), task.context, token, measuring);
  const options = { signal: steering.signal, rival: token.rival !== null };
  const { methods, agreement } = await compareMethods(scores, without, options);
  return {
    methods: methods.map(({ method: label, curves, ...score }) => {
      const { method, options } = CONTESTANTS.find((one) => one.label === label)!;
      return { ...faithfulnessOf(curves, score), label, method, options, ...found.get(label)! };
    }),
    agreement,
    left_out,
  };
}

async function scoreAll(task: AttributionTask, sessions: Sessions, steering: Steering) {
  const found = new Map<string, Scored>();
  const left_out: { label: string; reason: string }[] = [];
  for (const [index, contestant] of CONTESTANTS.entries()) {
    const own = within(steering, index / CONTESTANTS.length, (index + 1) / CONTESTANTS.length);
    const begun = performance.now();
    try {
      const score = TOKEN_METHODS[contestant.method]!;
      const { scores } = await score(contestantTask(task, contestant), sessions, own);
      found.set(contestant.label, { attributions: scores, ms: performance.now() - begun });
    } catch (error) {
      const { code } = faultOf(error) ?? {};
      if (code !== "unsupported" && code !== "inference_failed") throw error;
      left_out.push({ label: contestant.label, reason: (error as Error).message });
    }
    own.progress(1);
  }
  return { found, left_out };
}
