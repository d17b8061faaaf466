import { withLogits } from "../adjust.ts";
import type { TextBreaks } from "../context.ts";
import type { Dist } from "../dist.ts";

interface DrySettings {
  readonly multiplier: number;
  readonly base: number;
  readonly allowedLength: number; // repeats shorter than this are free
  readonly lastN: number; // tokens looked at; 0 or less: all
  readonly breakers: readonly number[]; // ids that no repeat reaches over, never penalised themselves
  readonly textBreaks: TextBreaks | null; // nor over these texts
}

/** ln of the largest float32: llama.cpp keeps base ^ exponent below it. */
const LOG_LARGEST_FLOAT32 = 88.7228391;

/**
 * DRY ("don't repeat yourself"): a token that would lengthen a repeat of length L >= allowed length gets
 * s' = s - multiplier * base ^ (L - allowed length). L: the longest suffix of the history that also stands right
 * before an earlier occurrence of the token, no longer than the tokens since the last breaker. p-e-w,
 * text-generation-webui pull request 5677; llama.cpp's llama_sampler_dry.
 */
export function dry(dist: Dist, history: ArrayLike<number>, settings: DrySettings): Dist {
  const { multiplier, base, lastN } = settings;
  const reversed = Array.from(history).slice(lastN > 0 ? -lastN : 0).reverse();
  const listed = new Set(settings.breakers);
  const breaksAt = (id: number) => [...listed.has(id) ? [[]] : [], ...settings.textBreaks?.(id) ?? []];
  const limit = countSinceBreaker(reversed, breaksAt);
  const allowed = Math.max(1, settings.allowedLength);
  if (reversed.length <= settings.allowedLength || limit < allowed) return dist;
  const longest = new Map<number, number>();
  const lengths = measurePrefixMatches(reversed);
  for (let at = 1; at < reversed.length; at++) {
    const next = reversed[at - 1]!; // the token that followed the earlier occurrence
    const length = Math.min(lengths[at]!, limit);
    if (length < allowed || breaksAt(next).some((rest) => rest.length === 0)) continue;
    longest.set(next, Math.max(longest.get(next) ?? 0, length));
  }
  const cap = base > 1.000001 ? Math.floor(LOG_LARGEST_FLOAT32 / Math.log(base)) : 0;
  return withLogits(dist, longest.keys(), (logit, id) => {
    const exponent = longest.get(id)! - settings.allowedLength;
    return logit - multiplier * base ** (cap > 0 ? Math.min(exponent, cap) : exponent);
  });
}

/** Tokens since the last breaker: of several that begin in the same token the longest counts. */
function countSinceBreaker(reversed: readonly number[], breaksAt: TextBreaks): number {
  for (const [at, id] of reversed.entries()) {
    const follows = (rest: readonly number[]) =>
      rest.length <= at && rest.every((one, place) => reversed[at - 1 - place] === one);
    const lengths = breaksAt(id).filter(follows).map((rest) => 1 + rest.length);
    if (lengths.length > 0) return at + 1 - Math.max(...lengths);
  }
  return reversed.length;
}

/**
 * Z function: for each position the length of the longest common prefix of the list and its rest from there. On a
 * reversed history these are the repeats of its end, all in linear time.
 */
function measurePrefixMatches(list: readonly number[]): Int32Array {
  const lengths = new Int32Array(list.length);
  let [left, right] = [0, 0]; // the match that reaches furthest
  for (let at = 1; at < list.length; at++) {
    let length = at < right ? Math.min(right - at, lengths[at - left]!) : 0;
    while (at + length < list.length && list[length] === list[at + length]) length++;
    if (at + length > right) [left, right] = [at, at + length];
    lengths[at] = length;
  }
  return lengths;
}
