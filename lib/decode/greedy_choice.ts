// The option that step-wise masking reaches: what a constraint of the same options does without any sampling.
import { hasToken } from "../constraints/tokens/token_set.ts";
import { fault } from "../fault.ts";
import { logprobsUnder } from "../sampling/score.ts";
import type { GreedyChoice } from "../wire/choices.ts";
import { fitConstraint } from "./constraint_fit.ts";
import type { Context } from "./context.ts";
import type { Option } from "./options.ts";
import { addCosts, NO_COST } from "./timing.ts";
import type { Cost, LanguageModel, Sliced } from "./types.ts";
import { waitFor } from "./waiting.ts";

/** JSON has no infinity: what is impossible is the smallest number. */
export const finite = (value: number) => Math.max(-Number.MAX_VALUE, value);

/** The most probable allowed token at each step, until the text must end, or an end-of-text token is the most probable
 * one where an option is whole. */
export async function* chooseGreedily(
  context: Context,
  options: readonly Option[],
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<Cost & { readonly choice: GreedyChoice }> {
  const constraint = { enabled: true, type: "regex", schema: patternOfOptions(options) } as const;
  const ids: number[] = [];
  const logprobs: number[] = [];
  let cost: Cost = NO_COST;
  while (true) {
    const position = (yield* waitFor(fitConstraint(constraint, { completion: ids }, model, signal)))!;
    if (position.over || position.mustEnd) break;
    if (ids.length > 0) yield { done: ids.length, total: ids.length + 1 };
    const answer = yield* model.logits.after([...context.ids, ...ids], signal, true);
    cost = addCosts(cost, answer);
    const best = findBestAllowed(answer.logits, (id) => hasToken(position.mask, id));
    if (model.eosTokenIds.includes(best)) break;
    logprobs.push(finite(logprobsUnder(answer.logits)(best)));
    ids.push(best);
  }
  const bytes = ids.flatMap((id) => [...model.codec.bytes(id)]).join();
  const option = options.findIndex((one) => one.bytes.join() === bytes);
  return { ...cost, choice: { option, tokens: model.codec.tokensOf(ids), logprobs } };
}

/** A pattern of exactly these texts. */
function patternOfOptions(options: readonly Option[]): string {
  return options.map(({ text }) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|");
}

function findBestAllowed(logits: Float32Array, allows: (id: number) => boolean): number {
  let best = -1;
  for (let id = 0; id < logits.length; id++) {
    if (allows(id) && (best < 0 || logits[id]! > logits[best]!)) best = id;
  }
  if (best >= 0) return best;
  throw fault(
    "invalid_request",
    "No token of the vocabulary begins one of the options.",
    "constraint.schema",
  );
}
