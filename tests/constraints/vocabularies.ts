// Vocabularies for the tests of masks: the bundled model's, and a small one with tokens for single bytes.
import { addedToken } from "../text/added_token.ts";
import { type SharedVocabulary, shareVocabulary } from "../../lib/constraints/position/shared_vocabulary.ts";
import { buildTokenTrie } from "../../lib/constraints/tokens/trie.ts";
import { SlicedVocabulary } from "../../lib/constraints/tokens/slices.ts";
import { createTextCodec, parseTokenizer } from "../../lib/text/codec.ts";
import type { TextCodec } from "../../lib/text/types.ts";

export interface TestVocabulary {
  readonly codec: TextCodec;
  readonly vocabulary: SlicedVocabulary;
  /** The bytes of each token; null for special ones. */
  readonly bytes: readonly (Uint8Array | null)[];
  readonly end: number;
}

const BUNDLED = new URL("../../models/HuggingFaceTB/SmolLM2-135M-Instruct/", import.meta.url);

/** The bundled model's: 49,152 tokens of byte-level BPE. */
export function openBundled(): TestVocabulary {
  const read = (name: string) => Deno.readTextFileSync(new URL(name, BUNDLED));
  return makeVocabulary(parseTokenizer(read("tokenizer.json"), read("tokenizer_config.json")), 2);
}

/** SentencePiece's kind: pieces of text, and a token for each byte for what they don't have. */
export function openByteFallback(): TestVocabulary {
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
  );
  const pieces = [
    ..."▁etaoinshrdluEATO.,:{}[]\"'+-*=",
    "▁t",
    "▁the",
    "tr",
    "true",
    '":',
    '",▁"',
    "é",
    "日",
    "日本",
  ];
  const letters = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789()\\/@!_"];
  const tokens = [...new Set(["<unk>", "<s>", "</s>", ...bytes, ...pieces, ...letters])];
  const special = (content: string, id: number) => addedToken({ id, content, special: true });
  const tokenizer = {
    model: {
      type: "BPE",
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: ["t r", "▁ t"],
      unk_token: "<unk>",
      byte_fallback: true,
    },
    added_tokens: ["<unk>", "<s>", "</s>"].map(special),
    normalizer: { type: "Replace", pattern: { String: " " }, content: "▁" },
    pre_tokenizer: null,
    post_processor: null,
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { String: "▁" }, content: " " },
        { type: "ByteFallback" },
        { type: "Fuse" },
      ],
    },
  };
  return makeVocabulary(createTextCodec(tokenizer, {}), 2);
}

function makeVocabulary(codec: TextCodec, end: number): TestVocabulary {
  const bytes = Array.from({ length: codec.size }, (_, id) => codec.isSpecial(id) ? null : codec.bytes(id));
  const building = buildTokenTrie({ size: codec.size, bytes: (id) => bytes[id] ?? null });
  let step = building.next();
  while (!step.done) step = building.next();
  return { codec, vocabulary: new SlicedVocabulary(step.value), bytes, end };
}

/** The bundled model's, as it is shared between threads. */
export function sharedBundled(): SharedVocabulary {
  const { bytes, end } = openBundled();
  const steps = shareVocabulary("bundled", { size: bytes.length, bytes: (id) => bytes[id]! }, [end]);
  for (let step = steps.next();; step = steps.next()) if (step.done) return step.value;
}
