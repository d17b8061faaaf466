// The bundled model's vocabulary, as masks are computed over it.
import { SlicedVocabulary } from "../lib/constraints/tokens/slices.ts";
import { buildTokenTrie } from "../lib/constraints/tokens/trie.ts";
import { parseTokenizer } from "../lib/text/codec.ts";
import type { TextCodec } from "../lib/text/types.ts";
import { BUNDLED_FOLDER } from "./model.ts";

export async function readBundledCodec(): Promise<TextCodec> {
  const read = (name: string) => Deno.readTextFile(`${BUNDLED_FOLDER}/${name}`);
  return parseTokenizer(await read("tokenizer.json"), await read("tokenizer_config.json"));
}

export function vocabularyOf(codec: TextCodec): SlicedVocabulary {
  const building = buildTokenTrie({
    size: codec.size,
    bytes: (id) => codec.has(id) && !codec.isSpecial(id) ? codec.bytes(id) : null,
  });
  for (;;) {
    const { done, value } = building.next();
    if (done) return new SlicedVocabulary(value);
  }
}
