// The jobs behind POST /api/vocabulary, every token by rank, and POST /api/tokenize.
import type { TokenizeInput } from "../wire/tokenize.ts";
import type { VocabularyInput, VocabularyResult } from "../wire/vocabulary.ts";
import { orderShown } from "../sampling/ledger.ts";
import { contextOf } from "./context.ts";
import { distributionAfter } from "./distribution.ts";
import { describeTokens, identityOf } from "./inspect.ts";
import { waitFor } from "./waiting.ts";
import { checkSettings } from "./settings.ts";
import { timingOf } from "./timing.ts";
import type { LanguageModel, Sliced } from "./types.ts";

/** A page of all tokens that match, in the order of p_base (ties by id). Throws faults: what contextOf and
 * checkSettings throw, and invalid_request for a query that its mode cannot read. */
export async function* listVocabulary(
  input: VocabularyInput,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<VocabularyResult> {
  checkSettings(input, model);
  const found = yield* model.vocabulary.find(input, signal);
  const context = yield* waitFor(contextOf(input, model, signal));
  const { params, constraint } = input;
  const answer = yield* distributionAfter({ ...context, params, constraint, u: null }, model, signal);
  const { run } = answer;
  const order = orderShown(run, model.vocabSize);
  const { offset, limit } = input;
  const ids: number[] = [];
  const ranks: number[] = [];
  let total = 0;
  order.forEach((id, rank) => {
    if (found !== null && found[id] === 0) return;
    if (total >= offset && total < offset + limit) {
      ids.push(id);
      ranks.push(rank);
    }
    total++;
  });
  return {
    ...identityOf(model),
    tokens: describeTokens(run, ids, ranks, input.include.includes("stages"), model),
    total,
    offset,
    vocab_size: model.vocabSize,
    timing: timingOf(answer),
  };
}

/** The JSON of the tokens that force_text would append (a TokenizeResult): special-token strings are ordinary text,
 * nothing is added around. */
export async function* tokenize(
  { text }: TokenizeInput,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<Uint8Array<ArrayBuffer>> {
  const { codec, turns } = model;
  const options = { specials: false, postProcess: false };
  const { ids } = (yield* waitFor(turns.finish(codec.encodeInSlices(text, options), signal)))!;
  const before = `${JSON.stringify(identityOf(model)).slice(0, -1)},"tokens":`;
  return yield* waitFor(turns.finish(codec.tokenJsonInSlices(ids, { before, after: "}" }), signal));
}
