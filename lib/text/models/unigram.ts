// Unigram: the most probable way to write a word (tokenizers/src/models/unigram/model.rs, `encode_optimized`).
import { type Component, fileError, flagOption, unwritableTextError } from "../file/component.ts";
import { Trie } from "./trie.ts";
import type { Slices } from "../../basics/slices.ts";
import { type ModelKind, STEPS_A_SLICE } from "./types.ts";
import { addByteIds } from "./vocabulary.ts";

/** Stands for a character that no token is, until its id is asked for. */
const UNKNOWN = -1;

/** How much less probable than the rarest token an unknown character is, as a logarithm. */
const UNKNOWN_PENALTY = 10;

/** So many are exact in a double, whatever they are. */
const DIGITS = 16;

interface Pieces {
  readonly tokens: string[];
  readonly scores: Float64Array;
  readonly idOf: Map<string, number>;
  readonly unknownId: number | null;
  readonly unknownScore: number;
  readonly trie: Trie;
}

/** Unigram: the segmentation of the highest summed score (Viterbi). Throws a fault for a component that cannot be
 * used. */
export function unigramModel(component: Component): ModelKind {
  const pieces = readPieces(component);
  const { tokens, idOf, unknownId } = pieces;
  const byteFallback = flagOption(component, "byte_fallback", false);
  return {
    ...{ tokens, idOf, unknownId, size: tokens.length },
    *encodeLong(word, ids): Slices<boolean> {
      let complete = true;
      let steps = 0;
      for (const part of yield* findBestPath(word, pieces)) {
        if (++steps % STEPS_A_SLICE === 0) yield;
        const id = idOf.get(part);
        if (id !== undefined) ids.push(id);
        else if (!byteFallback || !(yield* addByteIds(part, idOf, ids))) {
          complete = false;
          ids.push(requireUnknown(unknownId));
        }
      }
      return complete;
    },
  };
}

function requireUnknown(unknownId: number | null): number {
  if (unknownId === null) throw unwritableTextError(null);
  return unknownId;
}

/** `exact_scores`: the scores were never digits. It is our own option, for what is converted from other files. */
function readPieces({ vocab, unk_id = null, exact_scores }: Component): Pieces {
  if (!Array.isArray(vocab)) {
    throw fileError("tokenizer.json", 'its Unigram has no "vocab" of tokens and scores');
  }
  const tokens: string[] = [];
  const scores = new Float64Array(vocab.length);
  vocab.forEach((entry, id) => {
    const [token, score] = Array.isArray(entry) ? entry : [];
    if (typeof token !== "string" || typeof score !== "number") {
      throw fileError("tokenizer.json", `its token ${id} is not a text and a score`);
    }
    tokens.push(token);
    scores[id] = exact_scores === true ? score : asReferenceReads(score);
  });
  if (
    unk_id !== null && !(Number.isInteger(unk_id) && Number(unk_id) >= 0 && Number(unk_id) < tokens.length)
  ) {
    throw fileError("tokenizer.json", 'the "unk_id" of its Unigram is not in its vocabulary');
  }
  const entries = tokens.map((token, id) => [token, id] as const);
  return {
    ...{ tokens, scores, idOf: new Map(entries), unknownId: unk_id === null ? null : Number(unk_id) },
    unknownScore: scores.reduce((least, score) => Math.min(least, score), Infinity) - UNKNOWN_PENALTY,
    trie: new Trie(entries.filter(([token]) => token !== "")),
  };
}

/** A number as the reference reads it (serde_json): its digits as a double, divided by a power of ten. Where there are
 * more digits than a double has, that may be the number's neighbour, and decides between ways that are as good as each
 * other: ".." + "." and "." + "..". Numbers that are written with an exponent are left as they are. */
function asReferenceReads(score: number): number {
  const text = String(score);
  const point = text.indexOf(".");
  if (text.length < DIGITS || point < 0 || text.includes("e")) return score;
  return Number(text.slice(0, point) + text.slice(point + 1)) / 10 ** (text.length - point - 1);
}

/** The parts of the path with the highest sum of scores; unknown characters side by side are one part. */
function* findBestPath(word: string, pieces: Pieces): Slices<string[]> {
  const { starts, ids } = yield* search(word, pieces);
  const parts: string[] = [];
  let unknownEnd: number | null = null;
  let end = word.length;
  for (let steps = 1; end > 0; steps++) {
    if (steps % STEPS_A_SLICE === 0) yield;
    const start = starts[end]!;
    if (ids[end] === pieces.unknownId) unknownEnd ??= end;
    else {
      if (unknownEnd !== null) parts.push(word.slice(end, unknownEnd));
      unknownEnd = null;
      parts.push(word.slice(start, end));
    }
    end = start;
  }
  if (unknownEnd !== null) parts.push(word.slice(0, unknownEnd));
  return parts.reverse();
}

/** For each place in the word: where the last token of the best path to it begins, and which token it is. */
function* search(
  word: string,
  { scores, unknownId, unknownScore, trie }: Pieces,
): Slices<{ starts: Int32Array; ids: Int32Array }> {
  const best = new Float64Array(word.length + 1);
  const starts = new Int32Array(word.length + 1).fill(-1);
  const ids = new Int32Array(word.length + 1);
  const offer = (start: number, end: number, score: number, id: number) => {
    if (starts[end]! >= 0 && !(score > best[end]!)) return;
    best[end] = score;
    starts[end] = start;
    ids[end] = id === UNKNOWN ? requireUnknown(unknownId) : id;
  };
  for (let start = 0, steps = 1; start < word.length; steps++) {
    if (steps % STEPS_A_SLICE === 0) yield;
    const length = (word.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
    let single = false;
    let node = 0;
    for (let end = start; end < word.length;) {
      node = trie.child(node, word.charCodeAt(end++));
      if (node < 0) break;
      const id = trie.value(node);
      if (id < 0) continue;
      offer(start, end, scores[id]! + best[start]!, id);
      single ||= end - start === length;
    }
    if (!single) offer(start, start + length, unknownScore + best[start]!, UNKNOWN);
    start += length;
  }
  return { starts, ids };
}
