// A word of the page explained, with what the page shows now.
import type { DistResult } from "../../wire/distribution.ts";
import type { Params } from "../../sampling/params.ts";
import { modelIdOf, readyModel } from "../session/model.ts";
import type { Session } from "../session/types.ts";
import { explain, type Explanation, type Term } from "../words/glossary.ts";
import type { TermNumbers } from "../words/glossary_entry.ts";

/** A word of the page with the present numbers. */
export function explainNow(term: Term, session: Session): Explanation {
  return explain(term, numbersOf(session));
}

function numbersOf({ answer, settings, model }: Session): TermNumbers {
  const ready = readyModel({ model });
  const backend = ready?.backend ?? null;
  const numbers = answer === null
    ? { params: settings.params }
    : numbersOfDistribution(answer.dist, answer.settings.params, ready?.vocabulary ?? null);
  return {
    ...numbers,
    modelName: modelIdOf({ model }) ?? undefined,
    variant: backend?.kind === "onnx" ? backend.variant : undefined,
  };
}

/** The present numbers of a distribution. */
export function numbersOfDistribution(
  dist: DistResult,
  params: Params,
  vocabulary: number | null,
): TermNumbers {
  const best = [...dist.tokens, ...dist.kept_top].reduce((most, { p_final }) => Math.max(most, p_final), 0);
  return {
    entropyBits: dist.entropy_final_bits,
    effectiveChoices: dist.effective_choices,
    mass90: dist.mass_90_count,
    eosP: dist.eos_p,
    kept: dist.kept_token_count,
    firstP: best,
    params,
    ...dist.stages.length === 0 ? {} : { sumRemoved: removedMassOf(dist) },
    ...vocabulary === null ? {} : { vocabulary },
  };
}

/** The share that all stages together took away: each removes from what the ones before had left. */
function removedMassOf({ stages }: DistResult): number {
  return 1 - stages.reduce((left, { removed_mass }) => left * (1 - removed_mass), 1);
}
