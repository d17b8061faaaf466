// The job behind POST /api/constraint/choices: whole options scored, next to the one that step-wise masking reaches.
import { logprobsUnder } from "../sampling/score.ts";
import type { ChoiceScore, ChoicesInput, ChoicesResult } from "../wire/choices.ts";
import { checkLength, type Context, contextOf } from "./context.ts";
import { listsTooFewError } from "./distribution.ts";
import { chooseGreedily, finite } from "./greedy_choice.ts";
import { modelFactsOf } from "./inspect.ts";
import { type Option, readOptions, rivalsOf } from "./options.ts";
import { priorOf } from "./prior.ts";
import { checkSettings } from "./settings.ts";
import { addCosts, NO_COST, timingOf } from "./timing.ts";
import type { Cost, LanguageModel, Sliced } from "./types.ts";
import { waitFor } from "./waiting.ts";

/** Computes the answer. Options are tokenised alone and appended to the context; no end token is scored. Throws faults:
 * what contextOf throws, and invalid_request for a constraint that lists no options. */
export async function* scoreChoices(
  input: ChoicesInput,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<ChoicesResult> {
  checkSettings(input, model);
  const options = readOptions(input.constraint, model);
  const context = yield* waitFor(contextOf(input, model, signal));
  const most = Math.max(...options.map(({ ids }) => ids.length));
  checkLength([...context.ids, ...new Array<number>(most).fill(0)], model, "constraint.schema");
  const here = yield* scoreOptions(context.ids, options, model, signal);
  const prior = yield* waitFor(priorOf(input, context, model, signal));
  const before = prior === null ? null : yield* scoreOptions(prior, options, model, signal);
  const ends = yield* endLogprobs(context, options, model, signal);
  const scores = scoresOf(options, here.logprobs, before?.logprobs ?? null, ends.logprobs, context, model);
  const greedy = yield* chooseGreedily(context, options, model, signal);
  const best = bestOf(scores);
  return {
    model: modelFactsOf(model),
    options: scores,
    best,
    greedy: greedy.choice,
    trap: greedy.choice.option !== best.total,
    prior_tokens: prior === null ? null : model.codec.tokensOf(prior),
    warnings: context.warnings,
    timing: timingOf([here, before ?? NO_COST, ends, greedy].reduce(addCosts, NO_COST)),
  };
}

interface Scored extends Cost {
  readonly logprobs: readonly Float64Array[]; // [options][tokens]
}

/** The log-probabilities of every option's tokens behind a path: the path is read once, what options share too. */
async function* scoreOptions(
  path: readonly number[],
  options: readonly Option[],
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<Scored> {
  const begun = yield* model.logits.after(path, signal, true);
  if (begun.engine?.listed != null) {
    throw listsTooFewError("A score of whole options", begun.engine.listed, model);
  }
  let cost: Cost = begun;
  const logprobs: Float64Array[] = [];
  for (const [at, { ids }] of options.entries()) {
    if (at > 0) yield { done: at, total: options.length };
    const scored = yield* model.logits.continuation([...path, ...ids], path.length, signal);
    cost = addCosts(cost, scored);
    logprobs.push(scored.logprobs);
  }
  return { ...cost, logprobs };
}

/** ln of the probability that the text ends behind each option that begins a longer one; null for the others. */
async function* endLogprobs(
  { ids }: Context,
  options: readonly Option[],
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<Cost & { readonly logprobs: readonly (number | null)[] }> {
  let cost: Cost = NO_COST;
  const logprobs: (number | null)[] = [];
  for (const option of options) {
    if (model.eosTokenIds.length === 0 || rivalsOf(option, options).length === 0) {
      logprobs.push(null);
      continue;
    }
    const answer = yield* model.logits.after([...ids, ...option.ids], signal, true);
    cost = addCosts(cost, answer);
    const of = logprobsUnder(answer.logits);
    const p = model.eosTokenIds.reduce((sum, id) => sum + Math.exp(of(id)), 0);
    logprobs.push(p > 0 ? Math.log(p) : null);
  }
  return { ...cost, logprobs };
}

function scoresOf(
  options: readonly Option[],
  here: readonly Float64Array[],
  before: readonly Float64Array[] | null,
  ends: readonly (number | null)[],
  context: Context,
  model: LanguageModel,
): ChoiceScore[] {
  const totals = here.map(sum);
  const max = Math.max(...totals);
  const all = totals.reduce((sum, total) => sum + Math.exp(total - max), 0);
  return options.map((option, at) => {
    const total = totals[at]!;
    const prior = before === null ? null : sum(before[at]!);
    return {
      text: option.text,
      tokens: model.codec.tokensOf(option.ids),
      logprobs: Array.from(here[at]!, finite),
      total: finite(total),
      mean_per_token: finite(total / option.ids.length),
      mean_per_byte: finite(total / option.bytes.length),
      share: all > 0 ? Math.exp(total - max) / all : 0,
      prior_total: prior === null ? null : finite(prior),
      pmi: prior === null ? null : finite(total) - finite(prior),
      prefix_of: rivalsOf(option, options),
      end_logprob: ends[at]!,
      joint_tokenisation_differs: joinsOtherwise(context.ids, option, model),
    };
  });
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

/** Tokens before an option at which a tokenizer is taken to look. */
const TAIL = 16;

/** Read together with the text before, the option's tokens are others. */
function joinsOtherwise(path: readonly number[], { text, ids }: Option, { codec }: LanguageModel): boolean {
  const before = codec.decode(path.slice(-TAIL));
  const apart = [...codec.encode(before, { postProcess: false }), ...ids];
  return codec.encode(before + text, { postProcess: false }).join() !== apart.join();
}

function bestOf(scores: readonly ChoiceScore[]): ChoicesResult["best"] {
  const best = (of: (score: ChoiceScore) => number) => {
    return scores.reduce((best, score, at) => of(score) > of(scores[best]!) ? at : best, 0);
  };
  return {
    total: best(({ total }) => total),
    mean_per_token: best(({ mean_per_token }) => mean_per_token),
    mean_per_byte: best(({ mean_per_byte }) => mean_per_byte),
    pmi: scores[0]!.pmi === null ? null : best(({ pmi }) => pmi!),
  };
}
