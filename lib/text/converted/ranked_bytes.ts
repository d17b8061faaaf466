// Tokens as bytes in the order of their ranks: tiktoken's files, and Mistral's tekken.json. Merges are not written
// there: a token is made of any two others, the one of lower rank first.
import { isRecord } from "../../basics/is_record.ts";
import { tokenContentOf } from "../../basics/token_content_of.ts";
import { fileError } from "../file/component.ts";
import { listOfConfig, type TokenizerConfig } from "../tokenizer_config.ts";
import { parseJson } from "../tokenizer_json.ts";
import { STAND_INS } from "../unicode/stand_ins.ts";
import {
  BYTE_LEVEL_DECODER,
  createWordRule,
  type Draft,
  mapTokensById,
  notConvertedError,
  PLAIN_BPE,
  splitToBytes,
} from "./draft.ts";
import { listMerges } from "./merges.ts";

/** How a text is cut where the file does not say (Llama 3's rule). */
const TIKTOKEN_RULE = createWordRule("\\p{N}{1,3}");

/** The most special tokens that are made up for ids without one: no tokenizer comes near it. */
const MOST_FILLERS = 100_000;

const decoder = new TextDecoder();

/** Whether a file is one of tiktoken's: a token in base64 and its rank on each line. */
export function isTiktoken(bytes: Uint8Array): boolean {
  return /^[A-Za-z0-9+/]+={0,2} \d+\r?\n/.test(decoder.decode(bytes.subarray(0, 1024)));
}

/** A draft from tiktoken's file `name`. Throws model_failed. */
export function draftTiktoken(name: string, bytes: Uint8Array, config: TokenizerConfig): Draft {
  const ranks = new Map<string, number>();
  for (const line of decoder.decode(bytes).split(/\r?\n/)) {
    if (line === "") continue;
    const [token = "", rank, ...more] = line.trim().split(/\s+/);
    const written = standInsOf(token);
    if (written === null || !/^\d+$/.test(rank ?? "") || more.length > 0) {
      throw fileError(name, `its line ${JSON.stringify(line.slice(0, 40))} is not a token and its rank`);
    }
    ranks.set(written, Number(rank));
  }
  const listed = listSpecialsBehind(ranks.size, config);
  return draftOf(ranks, Object.fromEntries(ranks), TIKTOKEN_RULE, listed, config);
}

/** Special tokens that follow `size` tokens of a file: those that the config gives an id, with names for the ids
 * between them, then the others that it lists. */
function listSpecialsBehind(size: number, config: TokenizerConfig): string[] {
  const list = listOfConfig(config);
  const others = (Array.isArray(list) ? list : []).flatMap((token) => tokenContentOf(token) ?? []);
  const known = mapTokensById(config);
  const last = Math.max(...known.keys(), 0);
  if (last < size) return others;
  if (last - size > MOST_FILLERS) throw notConvertedError(`a token of the id ${last} behind ${size} others`);
  const placed = Array.from(
    { length: last + 1 - size },
    (_, at) => known.get(size + at) ?? `<|reserved_token_${size + at}|>`,
  );
  return [...placed, ...others.filter((token) => !placed.includes(token))];
}

/** A draft from tekken.json. Throws model_failed. */
export function draftTekken(bytes: Uint8Array, tokenizerConfig: TokenizerConfig): Draft {
  const json = parseJson(decoder.decode(bytes), "tekken.json");
  const { config, vocab, special_tokens } = isRecord(json) ? json : {};
  if (!isRecord(config) || typeof config.pattern !== "string" || !Array.isArray(vocab)) {
    throw fileError("tekken.json", "it has no vocab, or no pattern");
  }
  const listed = specialsOf(special_tokens, config.default_num_special_tokens);
  const { default_vocab_size: size } = config;
  const kept = typeof size === "number" ? vocab.slice(0, size - listed.length) : vocab;
  const ranks = new Map<string, number>();
  kept.forEach((entry, rank) => {
    const written = isRecord(entry) && typeof entry.token_bytes === "string"
      ? standInsOf(entry.token_bytes)
      : null;
    if (written === null) throw fileError("tekken.json", `its token ${rank} has no bytes`);
    ranks.set(written, rank);
  });
  const ids = Array.from(ranks, ([token, rank]) => [token, rank + listed.length] as const);
  const ofSpecials = listed.map((token, id) => [token, id] as const);
  return draftOf(
    ranks,
    Object.fromEntries([...ids, ...ofSpecials]),
    config.pattern,
    listed,
    tokenizerConfig,
  );
}

/** The special tokens of tekken.json by their ranks, and fillers up to `count` of them. */
function specialsOf(list: unknown, count: unknown): string[] {
  if (!Array.isArray(list)) {
    throw fileError("tekken.json", "it lists no special_tokens, as the first of these files did not");
  }
  const tokens: string[] = [];
  for (const entry of list) {
    const { rank, token_str } = isRecord(entry) ? entry : {};
    if (typeof rank === "number" && typeof token_str === "string") tokens[rank] = token_str;
  }
  const whole = tokens.length === list.length && Object.keys(tokens).length === tokens.length;
  if (!whole || typeof count === "number" && count < tokens.length) {
    throw fileError("tekken.json", "the ranks of its special_tokens are not those of so many tokens");
  }
  const fillers = typeof count === "number" ? count - tokens.length : 0;
  if (fillers > MOST_FILLERS) throw notConvertedError(`${count} special tokens`);
  return [...tokens, ...Array.from({ length: fillers }, (_, at) => `<SPECIAL_${tokens.length + at}>`)];
}

function draftOf(
  ranks: ReadonlyMap<string, number>,
  vocab: Readonly<Record<string, number>>,
  rule: string,
  listed: readonly string[],
  config: TokenizerConfig,
): Draft {
  return {
    model: { ...PLAIN_BPE, ignore_merges: true, vocab, merges: mergesOf(ranks) },
    normalizer: null,
    pre_tokenizer: splitToBytes(rule),
    decoder: BYTE_LEVEL_DECODER,
    ...{ listed, config },
  };
}

/** Every way to make a token of two others: by the ranks of the token, the left one and the right one. */
function mergesOf(ranks: ReadonlyMap<string, number>): [string, string][] {
  const inOrder = [...ranks].sort(([, a], [, b]) => a - b);
  const listByRank = (token: string) =>
    listMerges([token], (part) => ranks.has(part))
      .sort(([a], [b]) => ranks.get(a)! - ranks.get(b)!); // no two have one left side
  return inOrder.flatMap(([token]) => listByRank(token));
}

/** Bytes in base64 as stand-ins; null where it is none. */
function standInsOf(base64: string): string | null {
  try {
    return atob(base64).replace(/[^]/g, (byte) => STAND_INS[byte.charCodeAt(0)]!);
  } catch {
    return null;
  }
}
