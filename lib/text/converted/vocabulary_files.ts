// vocab.json with merges.txt (GPT-2, Qwen2 and others), and BERT's vocab.txt, as Transformers 5 reads them.
import { isRecord } from "../../basics/is_record.ts";
import { tokenContentOf } from "../../basics/token_content_of.ts";
import { type Component, fileError } from "../file/component.ts";
import type { TokenizerConfig } from "../tokenizer_config.ts";
import { parseJson } from "../tokenizer_json.ts";
import {
  BYTE_LEVEL_DECODER,
  createByteLevel,
  createPart,
  createWordRule,
  type Draft,
  PLAIN_BPE,
  splitToBytes,
  type TokenizerFiles,
} from "./draft.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const END_OF_TEXT = "<|endoftext|>";

/** How Qwen2 cuts a text. */
const QWEN2_RULE = createWordRule("\\p{N}");

/** A class's part in a draft: all but the vocabulary. */
type Pipeline =
  & Pick<Draft, "normalizer" | "pre_tokenizer" | "plain">
  & { readonly decoder?: Component; readonly model?: object; readonly defaults: TokenizerConfig };

const GPT2 = { unk_token: END_OF_TEXT, bos_token: END_OF_TEXT, eos_token: END_OF_TEXT };

function createGpt2Pipeline(prefix: boolean): Pipeline {
  return { normalizer: null, pre_tokenizer: createByteLevel(prefix, true), defaults: GPT2 };
}

/** How each class cuts a text; `prefix`: a space is put before it (`add_prefix_space`). */
const PIPELINES: Readonly<Record<string, (prefix: boolean, config: TokenizerConfig) => Pipeline>> = {
  GPT2Tokenizer: createGpt2Pipeline,
  CodeGenTokenizer: createGpt2Pipeline,
  GPTNeoXTokenizer: (prefix) => ({
    ...createGpt2Pipeline(prefix),
    normalizer: createPart("NFC"),
    defaults: { ...GPT2, pad_token: "<|padding|>" },
  }),
  Qwen2Tokenizer: (prefix) => ({
    normalizer: createPart("NFC"),
    pre_tokenizer: splitToBytes(QWEN2_RULE, prefix),
    plain: true,
    defaults: { unk_token: END_OF_TEXT, eos_token: END_OF_TEXT, pad_token: END_OF_TEXT },
  }),
  OpenAIGPTTokenizer: (_, { unk_token = "<unk>" }) => ({
    normalizer: createBertNormalizer({}),
    pre_tokenizer: createPart("BertPreTokenizer"),
    decoder: createPart("BPEDecoder", { suffix: "</w>" }),
    model: { unk_token: tokenContentOf(unk_token), end_of_word_suffix: "</w>" },
    defaults: { unk_token: "<unk>" },
  }),
};

/** The classes that read vocab.json and merges.txt. */
export const BYTE_PAIR_CLASSES: readonly string[] = Object.keys(PIPELINES);

/** A draft from vocab.json and merges.txt for one of `BYTE_PAIR_CLASSES`. Throws model_failed. */
export function draftBytePairs(name: string, files: TokenizerFiles, config: TokenizerConfig): Draft {
  const vocab = parseJson(decoder.decode(files["vocab.json"]), "vocab.json");
  if (!isRecord(vocab)) throw fileError("vocab.json", "it holds no JSON object");
  const { defaults, model = {}, ...pipeline } = PIPELINES[name]!(config.add_prefix_space === true, config);
  const merges = readMerges(decoder.decode(files["merges.txt"]));
  return {
    decoder: BYTE_LEVEL_DECODER,
    ...pipeline,
    model: { ...PLAIN_BPE, continuing_subword_prefix: "", end_of_word_suffix: "", ...model, vocab, merges },
    config: { ...defaults, ...config },
  };
}

/** The pairs of merges.txt, one a line. Throws model_failed where a line is none. */
function readMerges(text: string): string[][] {
  const lines = text.split("\n").map((line) => line.endsWith("\r") ? line.slice(0, -1) : line);
  if (lines.at(-1) === "") lines.pop();
  return lines.flatMap((line, at) => {
    if (line.startsWith("#version")) return [];
    const pair = line.split(" ");
    if (pair.length === 2) return [pair];
    throw fileError("merges.txt", `its line ${at + 1} is not a pair of tokens`);
  });
}

/** A draft from vocab.txt for BertTokenizer. */
export function draftWordPieces(files: TokenizerFiles, config: TokenizerConfig): Draft {
  const lines = decoder.decode(files["vocab.txt"]).split("\n");
  if (lines.at(-1) === "") lines.pop();
  const vocab = Object.fromEntries(lines.map((line, id) => [line.trimEnd(), id]));
  const named = { ...BERT, ...config };
  const contentOf = (name: keyof typeof BERT) => tokenContentOf(named[name]) ?? BERT[name];
  return {
    model: {
      ...{ type: "WordPiece", unk_token: contentOf("unk_token"), continuing_subword_prefix: "##" },
      ...{ max_input_chars_per_word: 100, vocab },
    },
    normalizer: createBertNormalizer(config),
    pre_tokenizer: createPart("BertPreTokenizer"),
    decoder: createPart("WordPiece", { prefix: "##", cleanup: true }),
    config: named,
    around: { first: contentOf("cls_token"), last: contentOf("sep_token") },
  };
}

const BERT = {
  unk_token: "[UNK]",
  sep_token: "[SEP]",
  pad_token: "[PAD]",
  cls_token: "[CLS]",
  mask_token: "[MASK]",
};

function createBertNormalizer(config: TokenizerConfig): Component {
  const { do_lower_case = true, tokenize_chinese_chars = true, strip_accents = null } = config;
  return createPart("BertNormalizer", {
    ...{ clean_text: true, handle_chinese_chars: tokenize_chinese_chars, strip_accents },
    lowercase: do_lower_case,
  });
}
