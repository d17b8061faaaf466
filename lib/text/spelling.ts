// A vocabulary can hold a special token's string as an ordinary piece; one character at a time it can't be met.
import type { Slices } from "../basics/slices.ts";
import type { Added } from "./added_tokens.ts";
import type { IdList } from "./models/id_list.ts";
import type { Model } from "./models/types.ts";

/** Ids of a word that are looked at at once. */
const LOOKED_AT = 2 ** 15;
/** Ids that are written between two slices. */
const WRITTEN = 256;

interface Spelling {
  /** Writes the special tokens of a word whose ids begin at `start`, the last one of a list, character by character.
   * False, and nothing is done, where the word is long. */
  rewrite(ids: IdList, start: number): boolean;
  /** The same for a word of any length. */
  rewriteLong(ids: IdList, start: number): Slices<void>;
}

/** Spells out special tokens that a model made of ordinary text. */
export function createSpelling(
  { added, model }: { readonly added: readonly Added[]; readonly model: Model },
): Spelling {
  const special = new Uint8Array(added.reduce((most, { id }) => Math.max(most, id + 1), 0));
  for (const token of added) if (token.special && token.id !== model.unknownId) special[token.id] = 1;
  const find = ({ values }: IdList, start: number, end: number) => {
    while (start < end && special[values[start]!] !== 1) start++;
    return start;
  };
  const write = (id: number, ids: IdList) => {
    if (special[id] !== 1) ids.push(id);
    else for (const character of model.tokens[id] ?? "") model.encode(character, ids);
  };
  const takeFrom = (ids: IdList, start: number) => {
    const rest = ids.values.slice(start, ids.count);
    ids.count = start;
    return rest;
  };
  return {
    rewrite(ids, start) {
      if (ids.count - start > WRITTEN) return false;
      const at = find(ids, start, ids.count);
      if (at < ids.count) { for (const id of takeFrom(ids, at)) write(id, ids); }
      return true;
    },
    *rewriteLong(ids, start) {
      let at = start;
      for (let end = start; at === end && end < ids.count; yield) {
        end = Math.min(ids.count, end + LOOKED_AT);
        at = find(ids, at, end);
      }
      if (at === ids.count) return;
      const rest = takeFrom(ids, at);
      for (let from = 0; from < rest.length; from++) {
        write(rest[from]!, ids);
        if (from % WRITTEN === 0) yield;
      }
    },
  };
}
