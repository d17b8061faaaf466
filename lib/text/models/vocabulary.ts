// The `vocab` of a model that maps tokens to ids.
import { isRecord } from "../../basics/is_record.ts";
import type { Slices } from "../../basics/slices.ts";
import { KnownTokens, type TokenIds } from "../../basics/token_ids.ts";
import { type Component, fileError } from "../file/component.ts";
import type { IdList } from "./id_list.ts";

export interface Vocabulary {
  readonly tokens: string[];
  readonly idOf: TokenIds;
}

/** Ids are places in arrays; no vocabulary comes near this one. */
const LARGEST_ID = 2 ** 24 - 1;

/** The vocabulary of a component, which may have one that was read before. Throws a fault where an id is no
 * whole number up to LARGEST_ID. */
export function readVocabulary(component: Component): Vocabulary {
  const { vocab } = component;
  if (vocab instanceof KnownTokens) return { tokens: vocab.list(), idOf: vocab };
  if (!isRecord(vocab)) {
    throw fileError("tokenizer.json", `its ${component.type} has no "vocab" of tokens and ids`);
  }
  const tokens: string[] = [];
  const idOf = new Map<string, number>();
  for (const token of Object.keys(vocab)) {
    const id = vocab[token];
    if (typeof id !== "number" || !Number.isInteger(id) || id < 0 || id > LARGEST_ID) {
      throw fileError(
        "tokenizer.json",
        `its token ${JSON.stringify(token)} has the id ${JSON.stringify(id)}`,
      );
    }
    tokens[id] = token;
    idOf.set(token, id);
  }
  return { tokens, idOf };
}

/** Of each UTF-16 unit the length of the longest text that has it, 0 where none has; there may be holes among them. */
export function measureLongest(texts: readonly string[]): Int32Array {
  const longest = new Int32Array(0x10000);
  texts.forEach((text) => {
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (longest[unit]! < text.length) longest[unit] = text.length;
    }
  });
  return longest;
}

/** Of each UTF-16 unit how often it stands one after the other in a text, at most. */
export function measureLongestRuns(texts: readonly string[]): Int32Array {
  const longest = new Int32Array(0x10000);
  texts.forEach((text) => {
    for (let at = 0, run = 1; at < text.length; at++, run++) {
      const unit = text.charCodeAt(at);
      if (at > 0 && text.charCodeAt(at - 1) !== unit) run = 1;
      if (longest[unit]! < run) longest[unit] = run;
    }
  });
  return longest;
}

/** Name of the token that stands for a byte: `<0x0A>`. */
function byteTokenOf(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
}

const encoder = new TextEncoder();

/** Ids of the tokens for a text's bytes; null where one of them has none. */
export function findByteIds(text: string, idOf: Pick<TokenIds, "get">): number[] | null {
  const ids: number[] = [];
  for (const byte of encoder.encode(text)) {
    const id = idOf.get(byteTokenOf(byte));
    if (id === undefined) return null;
    ids.push(id);
  }
  return ids;
}

/** UTF-16 units whose bytes are looked up between two slices. */
const UNITS_A_SLICE = 4096;

/** Adds the ids of the tokens for the bytes of a text of any length; false, and none is added, where one has none. */
export function* addByteIds(text: string, idOf: Pick<TokenIds, "get">, ids: IdList): Slices<boolean> {
  const begun = ids.count;
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = Math.min(text.length, start + UNITS_A_SLICE);
    if ((text.codePointAt(end - 1) ?? 0) > 0xffff) end++; // the other half of a character
    const found = findByteIds(text.slice(start, end), idOf);
    if (found === null) {
      ids.count = begun;
      return false;
    }
    for (const id of found) ids.push(id);
    if (end < text.length) yield;
  }
  return true;
}
