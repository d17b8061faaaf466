// WordLevel: every word is a token or unknown (tokenizers/src/models/wordlevel).
import { type Component, textOption, unwritableTextError } from "../file/component.ts";
import type { ModelKind } from "./types.ts";
import { readVocabulary } from "./vocabulary.ts";

/** One token a word, by the vocabulary alone. */
export function wordLevelModel(component: Component): ModelKind {
  const { tokens, idOf } = readVocabulary(component);
  const unknown = textOption(component, "unk_token");
  const unknownId = idOf.get(unknown) ?? null;
  return {
    ...{ tokens, idOf, unknownId, size: idOf.size },
    // deno-lint-ignore require-yield -- it is one step
    *encodeLong(word, ids) {
      const id = idOf.get(word);
      if (id !== undefined) return ids.push(id), true;
      if (unknownId !== null) return ids.push(unknownId), false;
      throw unwritableTextError(unknown);
    },
  };
}
