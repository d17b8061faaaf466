// BPE (tokenizers/src/models/bpe).
import { type Component, fileError, flagOption, unsupportedError } from "../file/component.ts";
import { IdList } from "./id_list.ts";
import { MergeIndex, mergeLong, mergeShort, SHORT_WORD } from "./merge.ts";
import { PairTable } from "./pair_table.ts";
import { createSymbolReader, Reading, type SymbolOptions, type SymbolReader } from "./symbols.ts";
import { type ModelKind, STEPS_A_SLICE } from "./types.ts";
import { measureLongest, readVocabulary, type Vocabulary } from "./vocabulary.ts";

/** Byte-pair encoding by ranks of merges. Throws a fault for a component that cannot be used. */
export function bpeModel(component: Component): ModelKind {
  const vocabulary = readVocabulary(component);
  const { tokens, idOf } = vocabulary;
  const options = readOptions(component);
  const merges = mergesOf(component, vocabulary, options.prefix);
  const read = createSymbolReader(idOf, options);
  const wholeWords = isSet(component, "ignore_merges");
  const wholeWord = (word: string) => wholeWords ? idOf.get(word) : undefined;
  const leastOf = createLeast(tokens);
  return {
    tokens,
    idOf,
    size: idOf.size,
    unknownId: (options.unknown === null ? undefined : idOf.get(options.unknown)) ?? null,
    encodeShort: createShortEncoder(read, wholeWord, merges),
    *encodeLong(word, ids, most) {
      const whole = wholeWord(word);
      if (whole !== undefined) return ids.push(whole), true;
      const reading = new Reading(word, new IdList(word.length));
      while (!read(reading, STEPS_A_SLICE)) yield;
      const { count, values } = reading.ids;
      if (merges.grows && count > most && leastOf(values, count) > most) return null;
      ids.add(yield* mergeLong(values.subarray(0, count), merges));
      return reading.complete;
    },
  };
}

/** A function that says how many tokens a word's symbols are at least, where merges grow: each is a part of the longest
 * token that has its last letter, and no token is made of more symbols than it has letters. */
function createLeast(tokens: readonly string[]): (ids: Int32Array, count: number) => number {
  let parts: Float64Array | null = null; // of a token, by id, once that is asked for
  return (ids, count) => {
    if (parts === null) {
      const longest = measureLongest(tokens);
      parts = Float64Array.from(
        tokens,
        (token = "") => 1 / (longest[token.charCodeAt(token.length - 1)] ?? 1),
      );
    }
    let least = 0;
    for (let at = 0; at < count; at++) least += parts[ids[at]!]!;
    return Math.floor(least);
  };
}

/** Encodes words of few ids, where they lie in the list. */
function createShortEncoder(
  read: SymbolReader,
  wholeWord: (word: string) => number | undefined,
  merges: MergeIndex,
): (word: string, ids: IdList) => boolean | null {
  const ranksAt = new Int32Array(SHORT_WORD);
  return (word, ids) => {
    if (!merges.grows || word.length > SHORT_WORD) return null;
    const whole = wholeWord(word);
    if (whole !== undefined) return ids.push(whole), true;
    const start = ids.count;
    const reading = new Reading(word, ids);
    read(reading, word.length);
    if (ids.count > start + SHORT_WORD) {
      ids.count = start;
      return null;
    }
    mergeShort(ids, start, merges, ranksAt);
    return reading.complete;
  };
}

function readOptions(component: Component): SymbolOptions {
  const { dropout = null } = component;
  if (dropout !== null && dropout !== 0) {
    throw unsupportedError(`a BPE with dropout (${JSON.stringify(dropout)})`);
  }
  const text = (key: string): string | null => {
    const value = component[key] ?? null;
    if (value === null || typeof value === "string") return value;
    throw fileError("tokenizer.json", `its BPE has a "${key}" that is no string`);
  };
  return {
    unknown: text("unk_token"),
    prefix: text("continuing_subword_prefix") ?? "",
    suffix: text("end_of_word_suffix") ?? "",
    fuseUnknown: isSet(component, "fuse_unk"),
    byteFallback: isSet(component, "byte_fallback"),
  };
}

/** A flag that may be null, which is no. */
function isSet(component: Component, key: string): boolean {
  return (component[key] ?? null) !== null && flagOption(component, key);
}

/** The merges of a BPE as {@link bpeModel} takes them in place of those of tokenizer.json. Throws as it does. */
export function readMerges(component: Component): MergeIndex {
  return mergesOf(component, readVocabulary(component), readOptions(component).prefix);
}

function mergesOf(component: Component, vocabulary: Vocabulary, prefix: string): MergeIndex {
  const { merges } = component;
  return merges instanceof MergeIndex ? merges : indexMerges(idsOfMerges(merges, vocabulary, prefix));
}

/** The index of merges, rank by rank the ids of the left, the right and the made token [3 × merges]. */
function indexMerges(ids: Int32Array): MergeIndex {
  const count = ids.length / 3;
  const ranks = new PairTable(count);
  const results = new Int32Array(count);
  let grows = true;
  for (let rank = 0, at = 0; rank < count; rank++, at += 3) {
    const [left, right, made] = [ids[at]!, ids[at + 1]!, ids[at + 2]!];
    ranks.set(left, right, rank);
    results[rank] = made;
    grows &&= made !== left && made !== right;
  }
  return new MergeIndex(ranks, results, grows);
}

function idsOfMerges(merges: unknown, { tokens, idOf }: Vocabulary, prefix: string): Int32Array {
  if (!Array.isArray(merges)) throw fileError("tokenizer.json", 'its BPE has no "merges"');
  // Older files write a merge as one string and may begin with a line that names the version.
  const pairs = merges.filter((merge) => typeof merge !== "string" || !merge.startsWith("#version"));
  const ids = new Int32Array(3 * pairs.length);
  const idOrThrow = (token: string): number => {
    const id = idOf.get(token);
    if (id !== undefined) return id;
    throw fileError(
      "tokenizer.json",
      `the token ${JSON.stringify(token)} of its merges is not in its vocabulary`,
    );
  };
  let result = -1;
  for (let rank = 0; rank < pairs.length; rank++) {
    const [left, right] = readPair(pairs[rank], rank);
    ids[3 * rank] = idOrThrow(left);
    ids[3 * rank + 1] = idOrThrow(right);
    // Most tokens stand in the order of their merges: seeing that takes a third of looking them up.
    const rest = prefix === "" ? right : restOf(right, prefix);
    result = isMade(tokens[result + 1], left, rest) ? result + 1 : idOrThrow(left + rest);
    ids[3 * rank + 2] = result;
  }
  return ids;
}

const encoder = new TextEncoder();

/** A token without the prefix of those that continue a word: as many bytes as that has, whatever they are. */
function restOf(token: string, prefix: string): string {
  if (token.startsWith(prefix)) return token.slice(prefix.length);
  const rest = encoder.encode(token).subarray(encoder.encode(prefix).length);
  const text = new TextDecoder().decode(rest);
  if (token.endsWith(text) && encoder.encode(token).length >= encoder.encode(prefix).length) return text;
  throw fileError(
    "tokenizer.json",
    `its merge into ${JSON.stringify(token)} is shorter than its continuing_subword_prefix`,
  );
}

/** The two tokens of a merge, which is written as one string or as two. */
function readPair(merge: unknown, rank: number): readonly [string, string] {
  if (typeof merge === "string") {
    const space = merge.indexOf(" ");
    if (space >= 0 && merge.indexOf(" ", space + 1) < 0) {
      return [merge.slice(0, space), merge.slice(space + 1)];
    }
  } else if (Array.isArray(merge) && merge.length === 2) {
    const [left, right] = merge;
    if (typeof left === "string" && typeof right === "string") return [left, right];
  }
  throw fileError("tokenizer.json", `its merge ${rank + 1} is not a pair of tokens`);
}

/** Whether `token` is `left` and `right`, one after the other. */
function isMade(token: string | undefined, left: string, right: string): boolean {
  return token !== undefined && token.length === left.length + right.length && token.startsWith(left) &&
    token.endsWith(right);
}
