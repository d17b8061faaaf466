// A token's log-probabilities as JSON, in the two forms that clients of other servers read: OpenAI's dictionary by
// text, and the entry {id, token, bytes, logprob, top_logprobs} of chat completions and llama.cpp. Written here, in
// the worker: with the whole vocabulary it is megabytes.
import type { JsonBytes, LogprobsInput, ScoredId } from "../wire/sample.ts";
import { nameOfBytes } from "../text/token_name.ts";
import type { TextCodec } from "../text/types.ts";

/** What JSON has instead of minus infinity, as vLLM's server writes it. */
const IMPOSSIBLE = -9999;

/** Log-probabilities in a place of a path: those listed, and of the token that stands there. */
export interface PlaceScores {
  readonly id: number;
  readonly logprob: number;
  readonly topIds: ArrayLike<number>;
  readonly topLogprobs: ArrayLike<number>;
}

/** A token without log-probabilities: nothing comes before it, or they were not asked for. */
export function bareTokenOf(id: number, names: LogprobsInput["names"], codec: TextCodec): ScoredId {
  const bytes = [...codec.bytes(id)];
  const common = { id, name: nameOf(id, bytes, names), bytes, special: codec.isSpecial(id) };
  return { ...common, logprob: null, top: null, entry: null };
}

/** A token with its log-probabilities. */
export function describeScored(
  scores: PlaceScores,
  { of, names }: LogprobsInput,
  codec: TextCodec,
): ScoredId {
  const token = bareTokenOf(scores.id, names, codec);
  const logprob = boundLogprob(scores.logprob);
  const listed = Array.from(
    scores.topIds,
    (id, at) => ({ id, logprob: boundLogprob(scores.topLogprobs[at]!) }),
  );
  const value = of === "final" ? ["prob", "top_probs"] as const : ["logprob", "top_logprobs"] as const;
  const entry = (id: number, logprob: number) => {
    const bytes = [...codec.bytes(id)];
    return {
      id,
      token: nameOf(id, bytes, names),
      bytes,
      [value[0]]: of === "final" ? Math.exp(logprob) : logprob,
    };
  };
  const tops = listed.map(({ id, logprob }) => entry(id, logprob));
  const dictionary = new Map<string, number>(); // no object: it would move names like "1" ahead
  const all = listed.some(({ id }) => id === scores.id) ? listed : [...listed, { id: scores.id, logprob }];
  for (const { id, logprob } of all) {
    const name = nameOf(id, codec.bytes(id), names);
    // Two ids of one text: the more probable one is what clients take for the argmax.
    if (logprob > (dictionary.get(name) ?? -Infinity)) dictionary.set(name, logprob);
  }
  return {
    ...token,
    logprob,
    top: encodeUtf8(`{${Array.from(dictionary, ([name, value]) => `${JSON.stringify(name)}:${value}`)}}`),
    entry: encodeUtf8(JSON.stringify({ ...entry(scores.id, logprob), [value[1]]: tops })),
  };
}

/** vLLM's form of a place: {"12": {logprob, rank, decoded_token}}, the token itself among them. `rank`: its own,
 * 0-based; below 0 where it is not known. */
export function rankedJson(
  { id, logprob, rank, topIds, topLogprobs }: PlaceScores & { readonly rank: number },
  codec: TextCodec,
): string {
  const listed = Array.from(topIds, (one, at) => ({ id: one, logprob: topLogprobs[at]!, rank: at }));
  if (!listed.some((one) => one.id === id)) listed.push({ id, logprob, rank });
  const entries = listed.map((one) => {
    const decoded_token = nameOf(one.id, codec.bytes(one.id), "text");
    const entry = {
      logprob: boundLogprob(one.logprob),
      rank: one.rank < 0 ? null : one.rank + 1,
      decoded_token,
    };
    return `"${one.id}":${JSON.stringify(entry)}`;
  });
  return `{${entries}}`;
}

/** A token's text, or its bytes as OpenAI writes them (`bytes:\xe2\x96`), or its id as vLLM does. */
function nameOf(id: number, bytes: ArrayLike<number>, names: LogprobsInput["names"]): string {
  return names === "id" ? `token_id:${id}` : nameOfBytes(bytes);
}

function boundLogprob(logprob: number): number {
  return logprob > IMPOSSIBLE ? logprob : IMPOSSIBLE;
}

function encodeUtf8(json: string): JsonBytes {
  return new TextEncoder().encode(json);
}
