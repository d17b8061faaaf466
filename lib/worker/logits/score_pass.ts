// The scores of every token of a path in one pass: logits come in chunks and each chunk is reduced at once, so that
// thousands of rows of a large vocabulary never sit in memory together.
import type { Cost, PathScores, PathTops, Sliced, Tops } from "../../decode/types.ts";
import { topIds } from "../../sampling/order.ts";
import { logprobFrom, type RowScale, scoreOf } from "../../sampling/score.ts";
import type { PassParts } from "./pass_parts.ts";
import type { ScoreCache } from "./score_cache.ts";

const CHUNK_BYTES = 32 * 2 ** 20; // of logits
const FEWEST_ROWS = 64;
const MOST_ROWS = 128;

interface ScoreParts extends PassParts {
  readonly cache: ScoreCache;
}

/** Scores of `ids` (1 or more), with `top` most probable tokens each. Only what the cache does not know is computed;
 * what was computed before an abort is kept. Rejects with an AbortError. */
export async function* scorePass(
  parts: ScoreParts,
  ids: readonly number[],
  signal: AbortSignal,
  top = 0,
): Sliced<PathScores & Tops & Cost> {
  const { runner, states, cache } = parts;
  const begun = cache.begin(ids, top);
  const pass: Pass = { ids, scores: begun.scores, known: begun.known };
  takeKnownRows(parts, pass);
  const cost = { computedTokens: 0, prefillMs: 0, decodeMs: 0 };
  if (pass.known === ids.length) {
    cache.keep(ids, pass.scores, pass.known);
    return { ...pass.scores, ...cost };
  }
  const size = Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, Math.floor(CHUNK_BYTES / 4 / runner.vocabSize)));
  let state = states.take(ids, pass.known - 1);
  try {
    while (true) {
      const start = state.ids.length;
      const chunk = ids.slice(start, start + Math.min(size, runner.pieceTokens(state.kv)));
      const end = start + chunk.length;
      const keep = Math.max(1, end - Math.max(start, pass.known - 1));
      const before = performance.now();
      const { logits, kv } = await runner.run(state.kv, chunk, { keep, signal });
      state = { ids: ids.slice(0, end), kv };
      reduce(pass, logits, end - keep, runner.vocabSize);
      cost.computedTokens += chunk.length;
      cost[chunk.length > 1 ? "prefillMs" : "decodeMs"] += performance.now() - before;
      if (end === ids.length) {
        parts.remember(ids, logits.slice((keep - 1) * runner.vocabSize));
        return { ...pass.scores, ...cost };
      }
      yield { done: end, total: ids.length };
    }
  } finally {
    states.put(state);
    cache.keep(ids, pass.scores, pass.known);
  }
}

interface Pass {
  readonly ids: readonly number[];
  readonly scores: PathScores & Tops;
  known: number; // leading tokens whose scores are there
}

/** After a click the logits that its token was drawn from are still known. */
function takeKnownRows({ known }: ScoreParts, pass: Pass): void {
  while (pass.known < pass.ids.length) {
    const logits = known(pass.ids.slice(0, pass.known));
    if (logits === null) return;
    setScore(pass, logits);
  }
}

/** `logits`: [rows, vocabulary], the first row is that of position `first` and scores the token after it. */
function reduce(pass: Pass, logits: Float32Array, first: number, vocabulary: number): void {
  while (pass.known < pass.ids.length) {
    const row = pass.known - 1 - first;
    if (row < 0 || (row + 1) * vocabulary > logits.length) return;
    setScore(pass, logits.subarray(row * vocabulary, (row + 1) * vocabulary));
  }
}

function setScore(pass: Pass, logits: Float32Array): void {
  const at = pass.known;
  const { logprob, rank, entropyBits, scale } = scoreOf(logits, pass.ids[at]!);
  pass.scores.logprobs[at] = logprob;
  pass.scores.ranks[at] = rank;
  pass.scores.entropies[at] = entropyBits;
  if (pass.scores.tops !== null) setTops(pass.scores.tops, at, logits, scale);
  pass.known++;
}

function setTops(tops: PathTops, at: number, logits: Float32Array, scale: RowScale): void {
  const best = topIds(logits, tops.count);
  tops.ids.set(best, at * tops.count);
  tops.logprobs.set(Float64Array.from(best, (id) => logprobFrom(logits[id]!, scale)), at * tops.count);
}
