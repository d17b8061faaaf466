// The logit lens: the residual stream after every layer, read by the model's own final normalisation and head.
// nostalgebraist, "interpreting GPT: the logit lens", 2020.
import type { TapSession } from "../taps/tap_session.ts";
import { numbersOf } from "../taps/tensors.ts";
import { OUTPUTS, TOP } from "../taps/tap_graph.ts";
import { requireOnlyToken } from "./only_token.ts";
import { requireFinite } from "./target_value.ts";
import type { Question, Steering } from "./work.ts";

/** A token as one layer sees it. */
export interface LensToken {
  readonly id: number;
  readonly logit: number;
  readonly prob: number;
  readonly rank: number; // how many tokens have a greater logit
}

export interface LensLayer {
  readonly layer: number; // 0 = before the first layer
  readonly top: readonly LensToken[]; // the five best
  readonly tokens: readonly LensToken[]; // the ones asked for, in their order
}

/** Ids of one run: each is compared with the whole vocabulary in every layer at once. */
export const LENS_IDS = 16;

/** The lens over the target and its rivals, layer by layer. Throws an `unsupported` fault for a span. */
export async function logitLens(
  session: TapSession,
  { context, target }: Question,
  { rivals = [], signal }: Steering & { readonly rivals?: readonly number[] } = {},
): Promise<LensLayer[]> {
  const ids = [
    requireOnlyToken(target, "The logit lens"),
    ...target.rival === null ? [] : [target.rival],
    ...rivals,
  ];
  const states = Array.from({ length: session.graph.layers + 1 }, (_, layer) => layer);
  let layers: LensLayer[] = [];
  for (let from = 0; from < ids.length; from += LENS_IDS) {
    const some = ids.slice(from, from + LENS_IDS);
    const read = await readLayers(session, context, { states, ids: some }, signal);
    layers = from === 0
      ? read
      : layers.map((layer, at) => ({ ...layer, tokens: [...layer.tokens, ...read[at]!.tokens] }));
  }
  return layers;
}

/** `ids` as each of `states` has them, in one run. */
async function readLayers(
  session: TapSession,
  context: readonly number[],
  { states, ids }: { readonly states: readonly number[]; readonly ids: readonly number[] },
  signal: AbortSignal | undefined,
): Promise<LensLayer[]> {
  const { logsumexp, scores, ranks, topLogits, topIds } = OUTPUTS;
  const wanted = [logsumexp, scores, ranks, topLogits, topIds];
  const results = await session.run({ ids: context, states, scored: ids }, wanted, signal);
  const [sums, logits, places, best, bestIds] = wanted.map((name) => numbersOf(results[name]!));
  const token = (layer: number, id: number, logit: number, rank: number): LensToken => (
    { id, logit, prob: Math.exp(requireFinite(logit - sums![layer]!)), rank }
  );
  return states.map((layer) => ({
    layer,
    top: Array.from({ length: TOP }, (_, rank) => {
      const at = layer * TOP + rank;
      return token(layer, bestIds![at]!, best![at]!, rank);
    }),
    tokens: ids.map((id, i) => {
      const at = layer * ids.length + i;
      return token(layer, id, logits![at]!, places![at]!);
    }),
  }));
}
