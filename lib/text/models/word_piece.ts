// WordPiece: the longest token first (tokenizers/src/models/wordpiece).
import { type Component, countOption, textOption, withoutToken } from "../file/component.ts";
import type { Encoded, Model } from "./types.ts";
import { readVocabulary } from "./vocabulary.ts";

export function wordPieceModel(component: Component): Model {
  const { tokens, idOf } = readVocabulary(component);
  const unknown = textOption(component, "unk_token");
  const prefix = textOption(component, "continuing_subword_prefix");
  const longest = countOption(component, "max_input_chars_per_word");
  const unknownId = idOf.get(unknown) ?? null;
  const unknownWord = (): Encoded => {
    if (unknownId === null) {
      throw withoutToken(`its unknown token ${JSON.stringify(unknown)} is not in its vocabulary`);
    }
    return { ids: [unknownId], complete: false };
  };
  return {
    ...{ tokens, idOf, unknownId, size: idOf.size },
    encode(word) {
      const characters = word.length > 2 * longest ? null : Array.from(word);
      if (characters === null || characters.length > longest) return unknownWord();
      const ids: number[] = [];
      for (let start = 0; start < characters.length;) {
        let end = characters.length;
        let id: number | undefined;
        for (; end > start; end--) {
          id = idOf.get((start > 0 ? prefix : "") + characters.slice(start, end).join(""));
          if (id !== undefined) break;
        }
        if (id === undefined) return unknownWord();
        ids.push(id);
        start = end;
      }
      return { ids, complete: true };
    },
  };
}
