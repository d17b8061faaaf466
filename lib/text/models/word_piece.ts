// WordPiece: the longest token first (tokenizers/src/models/wordpiece).
import { type Component, countOption, textOption, unwritableTextError } from "../file/component.ts";
import { Trie } from "./trie.ts";
import type { IdList } from "./id_list.ts";
import { type ModelKind, STEPS_A_SLICE } from "./types.ts";
import { readVocabulary } from "./vocabulary.ts";

/** WordPiece: the longest piece of the vocabulary first, from the left. */
export function wordPieceModel(component: Component): ModelKind {
  const { tokens, idOf } = readVocabulary(component);
  const unknown = textOption(component, "unk_token");
  const prefix = textOption(component, "continuing_subword_prefix");
  const longest = countOption(component, "max_input_chars_per_word");
  const trie = new Trie([...idOf]);
  const continuing = trie.node(prefix); // below it are the tokens that continue a word
  const unknownId = idOf.get(unknown) ?? null;
  const writeUnknown = (ids: IdList): boolean => {
    if (unknownId === null) {
      throw unwritableTextError(unknown);
    }
    ids.push(unknownId);
    return false;
  };
  return {
    ...{ tokens, idOf, unknownId, size: idOf.size },
    *encodeLong(word, ids) {
      if (word.length > longest && (word.length > 2 * longest || Array.from(word).length > longest)) {
        return writeUnknown(ids);
      }
      const before = ids.count;
      for (let start = 0; start < word.length;) {
        const found = trie.longest(word, start, start > 0 ? continuing : 0);
        if (found === null) {
          ids.count = before;
          return writeUnknown(ids);
        }
        ids.push(found.value);
        start = found.end;
        if (ids.count % STEPS_A_SLICE === 0) yield;
      }
      return true;
    },
  };
}
