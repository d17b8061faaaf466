// Distributions of which only the most probable tokens are known, as engines behind the network list them: the rest
// is one mass, and no token of it is above the least that is listed. A stage acts on the whole distribution where that
// is enough to decide; otherwise what is not listed is removed first, as a stage of its own that is shown, or
// the stage is off and says why.
import type { StageContext } from "./context.ts";
import { argmax, type Dist, distOfOwned } from "./dist.ts";
import { RANKED } from "./dist_forms.ts";
import { topIds, type Values } from "./order.ts";
import type { Params, StageName } from "./params.ts";
import { mirostatMu } from "./stages/mirostat.ts";

/** What an engine's log-probabilities are worth. */
export interface EngineAnswer {
  /** Tokens that are listed, the most probable ones; null: all. */
  readonly listed: number | null;
  /** ln p that no other token can exceed; absent: the least that is listed. */
  readonly most?: number;
}

/** What becomes of a stage. "whole": it acts on what there is; "listed": after what is not listed is removed; else
 * the sentence says why it is off. */
type Ruling = "whole" | "listed" | { readonly off: string };

/** The log-probabilities of an engine, [vocabulary], -Infinity where it lists none, as a distribution. */
export function distOfListed(logprobs: Values, mostOfOthers?: number): Dist {
  const logits = new Float64Array(logprobs);
  const probs = new Float64Array(logits.length);
  let sum = 0;
  let kept = 0;
  let least = Infinity;
  for (let id = 0; id < logits.length; id++) {
    if (logits[id]! === -Infinity) continue;
    probs[id] = Math.exp(logits[id]!);
    sum += probs[id]!;
    least = Math.min(least, probs[id]!);
    kept++;
  }
  if (kept === logits.length) return distOfOwned(logits);
  const mass = Math.max(0, 1 - sum);
  const most = mostOfOthers === undefined ? least : Math.exp(mostOfOthers);
  const known = { size: logits.length, logits, probs, kept, logZ: 0, entropyBits: NaN };
  const best = topIds(probs, Math.min(RANKED, kept));
  return { ...known, best, beyond: { count: logits.length - kept, mass, most: Math.min(most, mass) } };
}

/** Whether a stage can act before `dist`. `cut`: what is not listed was removed although no setting asks for it. */
export function rulingOf(
  name: StageName,
  dist: Dist,
  cut: boolean,
  params: Params,
  context: StageContext,
): Ruling {
  const most = dist.beyond?.most ?? 0;
  const known = dist.kept;
  if (MEASURES_ALL.includes(name)) {
    if (dist.beyond === undefined && !cut) return "whole";
    if (name === "top_h" && known >= TOP_H_CONSIDERS) return "whole";
    return {
      off:
        `It measures the whole distribution, and the engine lists ${known} of ${context.vocabulary} tokens.`,
    };
  }
  if (dist.beyond === undefined || name === "greedy" || name === "listed") return "whole";
  const best = dist.probs[argmax(dist.logits)]!;
  const decided: Partial<Record<StageName, boolean>> = {
    top_k: params.top_k <= known,
    top_p: 1 - dist.beyond.mass > params.top_p,
    min_p: Math.min(1, params.min_p) * best > most,
    epsilon: Math.min(params.epsilon_cutoff, best) > most,
    mirostat: 2 ** -mirostatMu(params) > most,
  };
  const ruling = decided[name];
  if (ruling === undefined) return "listed";
  return ruling ? "whole" : { off: `It would keep tokens beyond the ${known} that the engine lists.` };
}

/** Entropy, standard deviation or the hundred best tokens are those of the whole vocabulary. */
const MEASURES_ALL: readonly StageName[] = ["eta", "typical_p", "top_n_sigma", "dynatemp", "top_h"];
const TOP_H_CONSIDERS = 100; // tokens; see stages/top_h.ts

/** Why the repetition penalty is off behind an engine: it divides logits, and log-probabilities are shifted ones. */
export const NO_LOGITS = "It divides logits, and the engine gives log-probabilities only.";
