// Every way to score tokens on one text, on the same removals: which one is most faithful here.
import { faultOf } from "../../fault.ts";
import type { ComparedMethod, MethodComparison } from "../../wire/attribution.ts";
import { compareMethods } from "../faithfulness/compare.ts";
import { measureWithout } from "../methods/occlusion.ts";
import { faithfulnessOf, requireMeasurable } from "./faithfulness.ts";
import { CONTESTANTS, taskOfContestant } from "./contestants.ts";
import { costOfTask, countMeasuring, workOf } from "./cost.ts";
import type { AttributionTask } from "./task.ts";
import { TOKEN_METHODS } from "./token_scores.ts";
import { countWork, type Sessions, type Steering, steerPart } from "./work.ts";

type Scored = Pick<ComparedMethod, "attributions" | "ms">;

/** Scores of all contestants, the most faithful first; those that this model cannot have are named with the reason. */
export async function compare(
  task: AttributionTask,
  sessions: Sessions,
  steering: Steering,
): Promise<MethodComparison> {
  const token = requireMeasurable(task);
  const measuringFrom = 1 - countMeasuring(task) / workOf(task);
  const { found, left_out } = await scoreAll(task, sessions, steerPart(steering, 0, measuringFrom));
  const scores = new Map([...found].map(([label, { attributions }]) => [label, attributions]));
  const measuring = countWork(steerPart(steering, measuringFrom, 1));
  const without = measureWithout(await sessions.taps(), task.context, token, measuring);
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
  const tasks = CONTESTANTS.map((contestant) => taskOfContestant(task, contestant));
  const whole = tasks.reduce((sum, one) => sum + workOf(one), 0);
  let done = 0;
  for (const [index, contestant] of CONTESTANTS.entries()) {
    const after = done + workOf(tasks[index]!);
    const own = steerPart(steering, done / whole, after / whole);
    done = after;
    try {
      await (costOfTask(tasks[index]!).gradients > 0 ? sessions.gradients() : sessions.taps());
      const begun = performance.now(); // opening a graph is no part of a method's time
      const { scores } = await TOKEN_METHODS[contestant.method].score(tasks[index]!, sessions, own);
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
