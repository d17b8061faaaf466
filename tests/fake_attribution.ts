// Attribution without a graph: scores by position, in the shape of every method, so that job, route and page can be
// tested over them.
import type { AttributionTask, Findings } from "../lib/attribution/explain/task.ts";
import type { Attribution } from "../lib/decode/types.ts";
import { cancelledError } from "../lib/ort/session.ts";

export interface FakeAttribution extends Attribution {
  readonly tasks: readonly AttributionTask[];
  /** Tasks that were given up. */
  readonly dropped: number;
  /** Answers wait until `release`. */
  hold(): void;
  release(): void;
}

export function fakeAttribution(): FakeAttribution {
  const tasks: AttributionTask[] = [];
  let dropped = 0;
  let gate: PromiseWithResolvers<void> | null = null;
  return {
    tasks,
    get dropped() {
      return dropped;
    },
    hold: () => gate = Promise.withResolvers<void>(),
    release: () => gate?.resolve(),
    estimate: ({ context }) =>
      Promise.resolve({
        ms: 10 * context.length,
        opening_ms: 5,
        bytes: 1000,
        free_bytes: null,
        cached: false,
      }),
    async explain(task, { signal, progress }) {
      tasks.push(task);
      progress({ done: 0, total: 100, phase: "opening", left_ms: 20 });
      await Promise.resolve();
      progress({ done: 50, total: 100, phase: "computing", left_ms: 10 });
      if (gate !== null) {
        await untilAborted(gate.promise, signal).catch((error) => (dropped++, Promise.reject(error)));
      }
      return { findings: fakeFindings(task), cached: tasks.length > 1 };
    },
  };
}

async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const gone = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => gone.reject(cancelledError()), { once: true });
  await Promise.race([promise, gone.promise]);
}

/** Position i of n scores (i + 1) / (1 + … + n); of a signed method every second one is negative. */
export function fakeFindings(task: AttributionTask): Findings {
  const { context: { length }, target, method, signed: asked } = task;
  const signed = method === "occlusion" || asked;
  const score = (at: number) => 2 * (at + 1) / (length * (length + 1)) * (signed && at % 2 === 1 ? -1 : 1);
  const nothing: Findings = {
    ...{ tokens: null, normalized: false, scale: 1, heads: null, split: null, removal: null, lens: null },
    ...{ faithfulness: null, comparison: null, warnings: [] },
  };
  const id = target.ids[0]!;
  if (method === "direct_logit") {
    const parts = [
      { kind: "embedding", layer: null, head: null, value: 1.5 },
      { kind: "head", layer: 0, head: 0, value: -0.5 },
      { kind: "mlp", layer: 0, head: null, value: 2 },
    ] as const;
    const weighed = { logit: 1, prob: 0.5 };
    const token = {
      id,
      before: weighed,
      predicted: { logit: 0.5, prob: 0.25 },
      after: { logit: 0, prob: 0.125 },
    };
    const removal = task.remove.length === 0 ? null : { removed: task.remove, tokens: [token] };
    return { ...nothing, split: { parts, constant: 0, total: 3, unexplained: 0 }, removal };
  }
  if (method === "logit_lens") {
    const seen = { id, logit: 1, prob: 0.5, rank: 0 };
    return { ...nothing, lens: [{ layer: 0, top: [seen], tokens: [seen] }] };
  }
  const scores = task.context.map((_, at) => score(at));
  const completeness = method === "integrated_gradients"
    ? { delta: 0.5, error: 0.25, evaluations: 50 }
    : null;
  return {
    ...nothing,
    tokens: { scores, span: target.ids.slice(1).map(() => 0), signed, value: 0.5, completeness },
    normalized: task.normalize,
  };
}
