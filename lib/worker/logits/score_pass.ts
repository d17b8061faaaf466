// The scores of every token of a path in one pass: logits come in chunks and each chunk is reduced at once, so that
// thousands of rows of a large vocabulary never sit in memory together.
import type { Cost, PathScores, Sliced, Tops } from "../../decode/types.ts";
import { topIds } from "../../sampling/order.ts";
import type { Kv, ScoredRows } from "../../runners/types.ts";
import { logprobFrom, scoreFrom, scoreOf, type TokenScore } from "../../sampling/score.ts";
import type { CachedState } from "./kv_cache.ts";
import type { PassParts } from "./pass_parts.ts";
import type { ScoreCache } from "./score_cache.ts";

const CHUNK_BYTES = 32 * 2 ** 20; // of logits
const FEWEST_ROWS = 64;
const MOST_ROWS = 128;
/** Nothing comes after the last token; what its row says of this one is not looked at. */
const NO_TARGET = 0;

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
      const { last, kv } = await scoreChunk(parts, pass, state, { chunk, keep, signal });
      state = { ids: ids.slice(0, end), kv };
      cost.computedTokens += chunk.length;
      cost[chunk.length > 1 ? "prefillMs" : "decodeMs"] += performance.now() - before;
      if (end === ids.length) {
        parts.remember(ids, last);
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
    scoreRow(pass, logits);
  }
}

/** Runs a chunk and scores what its last `logitsToKeep` positions say; `last`: the logits after all of it. */
async function scoreChunk(
  { runner }: ScoreParts,
  pass: Pass,
  state: CachedState,
  { chunk, keep, signal }: {
    readonly chunk: readonly number[];
    readonly keep: number;
    readonly signal: AbortSignal;
  },
): Promise<{ readonly last: Float32Array; readonly kv: Kv }> {
  const first = state.ids.length + chunk.length - keep;
  if (runner.runScored === undefined) {
    const { logits, kv } = await runner.run(state.kv, chunk, { logitsToKeep: keep, signal });
    reduce(pass, logits, first, runner.vocabSize);
    return { last: logits.slice((keep - 1) * runner.vocabSize), kv };
  }
  const targets = Array.from({ length: keep }, (_, row) => pass.ids[first + row + 1] ?? NO_TARGET);
  const top = pass.scores.tops?.count ?? 0;
  const { rows, kv } = await runner.runScored(state.kv, chunk, { targets, top }, { signal });
  takeScored(pass, rows, first);
  return { last: rows.last, kv };
}

/** The first of `rows` is that of position `first` and scores the token after it; so `reduce`. */
function takeScored(pass: Pass, rows: ScoredRows, first: number): void {
  for (let row = pass.known - 1 - first; row < rows.own.length && pass.known < pass.ids.length; row++) {
    const { own, max, sum, weighted, ranks } = rows;
    const sums = { own: own[row]!, max: max[row]!, sum: sum[row]!, weighted: weighted[row]! };
    const { tops } = pass.scores;
    const range = [row * (tops?.count ?? 0), (row + 1) * (tops?.count ?? 0)] as const;
    setScore(pass, scoreFrom({ ...sums, rank: ranks[row]! }), () => ({
      ids: rows.topIds.subarray(...range),
      logits: rows.topLogits.subarray(...range),
    }));
  }
}

/** `logits`: [rows, vocabulary]. */
function reduce(pass: Pass, logits: Float32Array, first: number, vocabulary: number): void {
  while (pass.known < pass.ids.length) {
    const row = pass.known - 1 - first;
    if (row < 0 || (row + 1) * vocabulary > logits.length) return;
    scoreRow(pass, logits.subarray(row * vocabulary, (row + 1) * vocabulary));
  }
}

function scoreRow(pass: Pass, logits: Float32Array): void {
  setScore(pass, scoreOf(logits, pass.ids[pass.known]!), (count) => {
    const ids = topIds(logits, count);
    return { ids, logits: Float64Array.from(ids, (id) => logits[id]!) };
  });
}

/** The greatest logits of a row and their ids, falling. */
type Greatest = (count: number) => { readonly ids: Int32Array; readonly logits: Float64Array };

function setScore(
  pass: Pass,
  { logprob, rank, entropyBits, scale }: TokenScore,
  greatest: Greatest,
): void {
  const at = pass.known++;
  const { logprobs, ranks, entropies, tops } = pass.scores;
  logprobs[at] = logprob;
  ranks[at] = rank;
  entropies[at] = entropyBits;
  if (tops === null) return;
  const { ids, logits } = greatest(tops.count);
  tops.ids.set(ids, at * tops.count);
  tops.logprobs.set(logits.map((logit) => logprobFrom(logit, scale)), at * tops.count);
}
