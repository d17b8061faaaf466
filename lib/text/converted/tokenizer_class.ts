// Which of Transformers' classes reads a folder's tokenizer: what the folder declares, unless its type of model has a
// class of its own (AutoTokenizer of Transformers 5).
import { isRecord } from "../../basics/is_record.ts";
import type { TokenizerConfig } from "../tokenizer_config.ts";
import { notConvertedError } from "./draft.ts";
import { BYTE_PAIR_CLASSES } from "./vocabulary_files.ts";

/** The class that does what the files say. */
export const GENERIC_CLASS = "TokenizersBackend";

const KNOWN = [...BYTE_PAIR_CLASSES, "BertTokenizer", "LlamaTokenizer", "GemmaTokenizer"];

/** What a folder may declare and the generic class reads. */
const GENERIC_NAMES = [GENERIC_CLASS, "PreTrainedTokenizer", "PythonBackend", "BloomTokenizer"];

/** Types of decoder-only models that have a class. */
const TYPES: Readonly<Record<string, string>> = {
  BertTokenizer: "bert",
  GPT2Tokenizer: "codegen dbrx emu3 gpt2 gpt_neo gptj jais2 opt phi starcoder2",
  GPTNeoXTokenizer: "falcon_mamba gpt_neox mamba mamba2 mpt olmo olmoe rwkv xlstm",
  Qwen2Tokenizer: "qwen2 qwen2_moe qwen3 qwen3_moe qwen3_next",
  Qwen3_5Tokenizer: "qwen3_5 qwen3_5_moe qwen3_5_moe_text qwen3_5_text qwen4_exp", // it reads tokenizer.json alone
  OpenAIGPTTokenizer: "openai-gpt",
  GemmaTokenizer: "gemma gemma2 gemma3 gemma3_text gemma3n gemma3n_text recurrent_gemma zaya",
  [GENERIC_CLASS]: [
    "arctic ernie4_5 ernie4_5_moe flex_olmo glm glm4 glm4_moe glm4_moe_lite gpt_bigcode granite granitemoe",
    "granitemoehybrid granitemoeshared h2ovl_chat internlm2 internlm3 jamba kimi_linear mimo_v2_flash",
    "minicpm3 minimax_m2 ministral ministral3 mistral mistral_large4 mixtral nemotron olmo2 olmo3",
    "olmo_hybrid persimmon phi3 phimoe stablelm chatlm hyperclovax iquestcoder modernbert-decoder nvfp4 opencua",
  ].join(" "),
};
const CLASSES = new Map(
  Object.entries(TYPES).flatMap(([name, types]) => types.split(" ").map((type) => [type, name] as const)),
);

/** Types whose own class is right where a folder declares another one. */
const MISDECLARED = ["qwen2", "qwen3_5", "qwen3_5_moe", "qwen3_5_moe_text", "qwen4_exp"];

/** The class for a folder with `files`. Throws `notConvertedError` where that is none that is read here. */
export function tokenizerClassOf(
  { config, tokenizerConfig }: {
    readonly config: TokenizerConfig;
    readonly tokenizerConfig: TokenizerConfig;
  },
  files: readonly string[],
): string {
  const declared = readDeclaredClass(tokenizerConfig.tokenizer_class ?? config.tokenizer_class);
  const type = String(config.model_type ?? "");
  const ofType = CLASSES.get(type) ?? null;
  const { auto_map } = tokenizerConfig;
  const isProgram = Array.isArray(auto_map) || isRecord(auto_map) && auto_map.AutoTokenizer !== undefined;
  const isKnown = declared !== null && KNOWN.includes(declared);
  // The generic class knows no vocab.json: a folder with one means what it declares, or what its type of model has.
  const isGeneric = ofType === GENERIC_CLASS && !(isKnown && files.includes("vocab.json"));
  if (isGeneric && !(isProgram && isKnown)) return GENERIC_CLASS;
  if (ofType !== null && !isProgram && (declared === null || MISDECLARED.includes(type))) return ofType;
  if (isKnown) return declared;
  if (!isProgram && declared === null) return GENERIC_CLASS;
  if (!isProgram && declared === GENERIC_CLASS) {
    return files.includes("vocab.json") ? ofType ?? GENERIC_CLASS : GENERIC_CLASS;
  }
  throw notConvertedError(
    declared === null ? "a program of its own" : `a tokenizer of the class ${declared}`,
  );
}

function readDeclaredClass(value: unknown): string | null {
  if (typeof value !== "string" || value === "") return null;
  const name = value.replace(/Fast$/, "");
  return GENERIC_NAMES.includes(name) ? GENERIC_CLASS : name;
}
