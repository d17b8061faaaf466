// BPE (tokenizers/src/models/bpe).
import { type Component, flagOption, unsupportedError, unusable, withoutToken } from "../file/component.ts";
import { mergeAll, type Merges } from "./merge.ts";
import { PairTable } from "./pair_table.ts";
import type { Slices } from "../../basics/slices.ts";
import { type Encoded, type ModelKind, STEPS_A_SLICE } from "./types.ts";
import { byteIds, longestText, readVocabulary, type Vocabulary } from "./vocabulary.ts";

interface Options {
  readonly unknown: string | null;
  readonly prefix: string;
  readonly suffix: string;
  readonly fuseUnknown: boolean;
  readonly byteFallback: boolean;
}

/** Byte-pair encoding by ranks of merges. Throws a fault for a component that cannot be used. */
export function bpeModel(component: Component): ModelKind {
  const vocabulary = readVocabulary(component);
  const { tokens, idOf } = vocabulary;
  const options = readOptions(component);
  const merges = readMerges(component, vocabulary, options.prefix);
  const wholeWords = isSet(component, "ignore_merges");
  let longest = 0; // letters of the longest token, once that is asked for
  return {
    tokens,
    idOf,
    size: idOf.size,
    unknownId: (options.unknown === null ? undefined : idOf.get(options.unknown)) ?? null,
    *encodeLong(word, most) {
      const whole = wholeWords ? idOf.get(word) : undefined;
      if (whole !== undefined) return { ids: [whole], complete: true };
      const { ids, complete } = yield* symbolsOf(word, idOf, options);
      // No token is made of more symbols than it has letters.
      if (ids.length > most && ids.length > most * (longest ||= longestText(tokens))) return null;
      return { ids: ids.length < 2 ? ids : yield* mergeAll(new Int32Array(ids), merges), complete };
    },
  };
}

function readOptions(component: Component): Options {
  const { dropout = null } = component;
  if (dropout !== null && dropout !== 0) {
    throw unsupportedError(`a BPE with dropout (${JSON.stringify(dropout)})`);
  }
  const text = (key: string): string | null => {
    const value = component[key] ?? null;
    if (value === null || typeof value === "string") return value;
    throw unusable("tokenizer.json", `its BPE has a "${key}" that is no string`);
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

function readMerges(component: Component, { tokens, idOf }: Vocabulary, prefix: string): Merges {
  const { merges } = component;
  if (!Array.isArray(merges)) throw unusable("tokenizer.json", 'its BPE has no "merges"');
  // Older files write a merge as one string and may begin with a line that names the version.
  const pairs = merges.filter((merge) => typeof merge !== "string" || !merge.startsWith("#version"));
  const ranks = new PairTable(pairs.length);
  const results = new Int32Array(pairs.length);
  const idOrThrow = (token: string): number => {
    const id = idOf.get(token);
    if (id !== undefined) return id;
    throw unusable(
      "tokenizer.json",
      `the token ${JSON.stringify(token)} of its merges is not in its vocabulary`,
    );
  };
  let result = -1;
  for (let rank = 0; rank < pairs.length; rank++) {
    const [left, right] = readPair(pairs[rank], rank);
    ranks.set(idOrThrow(left), idOrThrow(right), rank);
    // Most tokens stand in the order of their merges: seeing that takes a third of looking them up.
    const rest = prefix === "" ? right : restOf(right, prefix);
    result = isMade(tokens[result + 1], left, rest) ? result + 1 : idOrThrow(left + rest);
    results[rank] = result;
  }
  return { ranks, results };
}

const encoder = new TextEncoder();

/** A token without the prefix of those that continue a word: as many bytes as that has, whatever they are. */
function restOf(token: string, prefix: string): string {
  if (token.startsWith(prefix)) return token.slice(prefix.length);
  const rest = encoder.encode(token).subarray(encoder.encode(prefix).length);
  const text = new TextDecoder().decode(rest);
  if (token.endsWith(text) && encoder.encode(token).length >= encoder.encode(prefix).length) return text;
  throw unusable(
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
  throw unusable("tokenizer.json", `its merge ${rank + 1} is not a pair of tokens`);
}

/** Whether `token` is `left` and `right`, one after the other. */
function isMade(token: string | undefined, left: string, right: string): boolean {
  return token !== undefined && token.length === left.length + right.length && token.startsWith(left) &&
    token.endsWith(right);
}

/** Ids of a word's characters, before any merge. */
function* symbolsOf(
  word: string,
  idOf: ReadonlyMap<string, number>,
  options: Options,
): Slices<Encoded & { ids: number[] }> {
  const { unknown, prefix, suffix, fuseUnknown, byteFallback } = options;
  const ids: number[] = [];
  let complete = true;
  let pending: number | null = null; // an unknown token that is not written yet, so that others fuse with it
  let at = 0;
  let steps = 0;
  for (const character of word) {
    if (++steps % STEPS_A_SLICE === 0) yield;
    const first = at === 0;
    at += character.length;
    const symbol = (first ? "" : prefix) + character + (at === word.length ? suffix : "");
    const id = idOf.get(symbol);
    if (id !== undefined) {
      if (pending !== null) ids.push(pending);
      pending = null;
      ids.push(id);
      continue;
    }
    const bytes = byteFallback ? byteIds(symbol, idOf) : null;
    if (bytes !== null) {
      for (const byte of bytes) ids.push(byte);
      continue;
    }
    complete = false;
    if (unknown === null) continue;
    if (pending !== null && fuseUnknown) continue;
    if (pending !== null) ids.push(pending);
    pending = idOf.get(unknown) ?? null;
    if (pending === null) {
      throw withoutToken(`its unknown token ${JSON.stringify(unknown)} is not in its vocabulary`);
    }
  }
  if (pending !== null) ids.push(pending);
  return { ids, complete };
}
