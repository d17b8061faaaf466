// The stages between logits and draw, without a model: a slider moves, and this is what it costs.
import { ledgerOf, orderShown } from "../../lib/sampling/ledger.ts";
import { DEFAULT_PARAMS, type Params } from "../../lib/sampling/params.ts";
import { runPipeline } from "../../lib/sampling/pipeline.ts";
import { uniformAt } from "../../lib/sampling/rng.ts";
import { digest } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { inRounds, measureTime } from "../stats.ts";

const SHOWN = 50;
const HISTORY = 200;
const WARM_UP = 3;

/** Filters of every family at once: the longest pipeline a user may build. */
const MANY: Params = {
  ...DEFAULT_PARAMS,
  ...{
    presence_penalty: 0.2,
    frequency_penalty: 0.1,
    top_k: 200,
    top_p: 0.95,
    min_p: 0.001,
    typical_p: 0.98,
  },
  ...{ epsilon_cutoff: 1e-5, eta_cutoff: 1e-5, top_n_sigma: 4, dry_multiplier: 0.8 },
};

export const sampling: Part = {
  name: "sampling",
  about: "stages and ledger of 50 tokens over a whole vocabulary, no model",
  byDefault: true,
  async run({ quick, report }: Bench) {
    for (const [size, goal] of [[49_152, "< 10 ms"], [152_000, "< 30 ms"]] as const) {
      const logits = drawPeakedLogits(size);
      const history = Array.from({ length: HISTORY }, (_, i) => (i * 31) % size);
      const ledger = (params: Params) => {
        const run = runPipeline(logits, history, HISTORY, params);
        return ledgerOf(run, orderShown(run, SHOWN));
      };
      const variants = {
        softmax: async () => [await measureTime(() => digest(logits))],
        stages: async () => [await measureTime(() => runPipeline(logits, history, HISTORY, DEFAULT_PARAMS))],
        ledger: async () => [await measureTime(() => ledger(DEFAULT_PARAMS))],
        many: async () => [await measureTime(() => ledger(MANY))],
      };
      await inRounds(WARM_UP, variants);
      const samples = await inRounds(quick ? 5 : 25, variants);
      const beside = { label: "median", unit: "ms", goal };
      const median = (list: number[]) => list.toSorted((a, b) => a - b)[list.length >> 1]!;
      report.add(`${size}, softmax and best 50`, "ms", samples.softmax);
      report.add(`${size}, default stages`, "ms", samples.stages);
      report.add(`${size}, with ledger`, "ms", samples.ledger, { ...beside, value: median(samples.ledger) });
      report.add(`${size}, many stages, ledger`, "ms", samples.many, {
        ...beside,
        value: median(samples.many),
      });
    }
  },
};

/** Logits as a model gives them: a bell of standard deviation 3, and a few that stand out. */
function drawPeakedLogits(size: number): Float32Array {
  const logits = new Float32Array(size);
  for (let id = 0; id < size; id++) {
    const [u, v] = [uniformAt(1, id), uniformAt(2, id)];
    logits[id] = 3 * Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
  }
  for (let i = 0; i < 40; i++) logits[(i * 997) % size]! += 14 - i / 4;
  return logits;
}
