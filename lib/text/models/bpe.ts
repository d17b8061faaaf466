// BPE (tokenizers/src/models/bpe).
import { type Component, flagOption, unsupportedError, unusable, withoutToken } from "../file/component.ts";
import { mergeAll, type Merges } from "./merge.ts";
import { PairTable } from "./pair_table.ts";
import type { Encoded, Model } from "./types.ts";
import { byteIds, readVocabulary } from "./vocabulary.ts";

interface Options {
  readonly unknown: string | null;
  readonly prefix: string;
  readonly suffix: string;
  readonly fuseUnknown: boolean;
  readonly byteFallback: boolean;
}

/** Byte-pair encoding by ranks of merges. Throws a fault for a component that cannot be used. */
export function bpeModel(component: Component): Model {
  const { tokens, idOf } = readVocabulary(component);
  const options = readOptions(component);
  const merges = readMerges(component, idOf, options.prefix);
  const wholeWords = flagOption(component, "ignore_merges", false);
  return {
    tokens,
    idOf,
    size: idOf.size,
    unknownId: (options.unknown === null ? undefined : idOf.get(options.unknown)) ?? null,
    encode(word) {
      const whole = wholeWords ? idOf.get(word) : undefined;
      if (whole !== undefined) return { ids: [whole], complete: true };
      const { ids, complete } = symbolsOf(word, idOf, options);
      return { ids: ids.length < 2 ? ids : mergeAll(Int32Array.from(ids), merges), complete };
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
    fuseUnknown: flagOption(component, "fuse_unk", false),
    byteFallback: flagOption(component, "byte_fallback", false),
  };
}

function readMerges(component: Component, idOf: ReadonlyMap<string, number>, prefix: string): Merges {
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
  pairs.forEach((merge, rank) => {
    const [left, right, more] = typeof merge === "string"
      ? merge.split(" ")
      : Array.isArray(merge)
      ? merge
      : [];
    if (typeof left !== "string" || typeof right !== "string" || more !== undefined) {
      throw unusable("tokenizer.json", `its merge ${rank + 1} is not a pair of tokens`);
    }
    ranks.set(idOrThrow(left), idOrThrow(right), rank);
    results[rank] = idOrThrow(left + right.slice(prefix.length));
  });
  return { ranks, results };
}

/** Ids of a word's characters, before any merge. */
function symbolsOf(
  word: string,
  idOf: ReadonlyMap<string, number>,
  options: Options,
): Encoded & { ids: number[] } {
  const { unknown, prefix, suffix, fuseUnknown, byteFallback } = options;
  const ids: number[] = [];
  let complete = true;
  let pending: number | null = null; // an unknown token that is not written yet, so that others fuse with it
  let at = 0;
  for (const character of word) {
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
