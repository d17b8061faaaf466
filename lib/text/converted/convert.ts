// A tokenizer in other files than tokenizer.json, as that file and tokenizer_config.json would have it: the pipeline
// that Transformers 5 builds from them, so that lib/text reads one form. Pure, and imported only where a folder has no
// tokenizer.json.
import { SPECIAL_TOKEN_NAMES } from "../../basics/special_token_names.ts";
import { tokenContentOf } from "../../basics/token_content_of.ts";
import { assignIds } from "../added_tokens.ts";
import { createNormalizer } from "../normalizers/normalizer.ts";
import {
  listUnnamedTokens,
  type TokenizerConfig,
  tokensOfConfig,
  tokensOfFile,
} from "../tokenizer_config.ts";
import type { AddedToken } from "../tokenizer_json.ts";
import { fileError } from "../file/component.ts";
import { createPart, type Draft, mapTokensById, notConvertedError, type TokenizerFiles } from "./draft.ts";
import { readPieceModel } from "./piece_model.ts";
import { draftTekken, draftTiktoken, isTiktoken } from "./ranked_bytes.ts";
import { draftAsWritten, draftGemma, draftLlama } from "./sentence_pieces.ts";
import { GENERIC_CLASS, tokenizerClassOf } from "./tokenizer_class.ts";
import { BYTE_PAIR_CLASSES, draftBytePairs, draftWordPieces } from "./vocabulary_files.ts";

/** tokenizer.json and tokenizer_config.json, as objects. */
export interface Converted {
  readonly json: Readonly<Record<string, unknown>>;
  readonly config: TokenizerConfig;
}

const AS_IT_IS = createNormalizer(null); // of tokens: the codec normalizes them

/** The files of a tokenizer, one set of which a folder without tokenizer.json needs; the first that is whole is read,
 * as far as its class reads such files. */
export function convertTokenizer(
  files: TokenizerFiles,
  configs: { readonly config: TokenizerConfig; readonly tokenizerConfig: TokenizerConfig },
): Converted {
  const name = tokenizerClassOf(configs, Object.keys(files));
  const draft = chooseDraft(name, files, withFile(configs.tokenizerConfig));
  if (draft !== null) return withSpecials(draft);
  const there = Object.keys(files).join(" and ");
  throw notConvertedError(`the class ${name} has other files than ${there}`);
}

/** The tokens of added_tokens.json as those of the config: which of them are special does not depend on the class. */
function withFile(config: TokenizerConfig): TokenizerConfig {
  if ("added_tokens_decoder" in config || config.added_tokens_file === undefined) return config;
  return { ...config, added_tokens_decoder: Object.fromEntries(tokensOfFile(config)) };
}

function chooseDraft(name: string, files: TokenizerFiles, config: TokenizerConfig): Draft | null {
  const isThere = (file: string) => Object.hasOwn(files, file);
  if (BYTE_PAIR_CLASSES.includes(name)) {
    return isThere("vocab.json") && isThere("merges.txt") ? draftBytePairs(name, files, config) : null;
  }
  if (name === "BertTokenizer") return isThere("vocab.txt") ? draftWordPieces(files, config) : null;
  if (name === GENERIC_CLASS && isThere("tekken.json")) return draftTekken(files["tekken.json"]!, config);
  const model = ["tokenizer.model", "tiktoken.model"].find(isThere);
  if (model === undefined) return null;
  const bytes = files[model]!;
  if (isTiktoken(bytes)) return name === GENERIC_CLASS ? draftTiktoken(model, bytes, config) : null;
  const draftPieces = OF_PIECES.get(name);
  return draftPieces === undefined ? null : draftPieces(readPieceModel(model, bytes), config);
}

/** The classes that read tokenizer.model. */
const OF_PIECES = new Map([
  ["LlamaTokenizer", draftLlama],
  ["GemmaTokenizer", draftGemma],
  [GENERIC_CLASS, draftAsWritten],
]);

/** The draft with its special tokens, and what is put around a text. */
function withSpecials(draft: Draft): Converted {
  const { model, normalizer, pre_tokenizer, decoder, config } = draft;
  const added = listAddedTokens(draft).toSorted((a, b) => a.id - b.id);
  const idOf = new Map(added.map(({ content, id }) => [content, id]));
  const decoded = added.map(({ id, ...token }) => [id, token] as const);
  return {
    json: {
      ...{ version: "1.0", truncation: null, padding: null, added_tokens: added },
      ...{ normalizer, pre_tokenizer, post_processor: templateOf(draft, idOf), decoder, model },
    },
    config: { ...config, added_tokens_decoder: Object.fromEntries(decoded) },
  };
}

/** All tokens that are looked for in a text, with their ids. */
function listAddedTokens({ model, config, listed = [], plain, asWritten }: Draft): AddedToken[] {
  const { vocab } = model;
  const entries: readonly (readonly [string, number])[] = Array.isArray(vocab)
    ? vocab.map(([token], id) => [token, id])
    : Object.entries(vocab as Readonly<Record<string, number>>);
  const known = { idOf: new Map(entries), size: Array.isArray(vocab) ? vocab.length : entries.length };
  const withIds = (tokens: readonly AddedToken[]) => assignIds(tokens, known, AS_IT_IS);
  const first = withIds(listed.map(createToken));
  const placed = new Set(asWritten === true ? mapTokensById(config).values() : []);
  const found = tokensOfConfig(config, first).map((token) =>
    placed.has(token.content) ? { ...token, normalized: false } : token
  );
  const again = plain === true ? listNamesAndOthers(config).map(createToken) : [];
  return withIds([...first, ...found, ...again]).map(({ sought: _, written: __, ...token }) => token);
}

function createToken(content: string): AddedToken {
  return {
    id: 0,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  };
}

function listNamesAndOthers(config: TokenizerConfig): string[] {
  const all = [...SPECIAL_TOKEN_NAMES.map((name) => config[name]), ...listUnnamedTokens(config)];
  return all.flatMap((token) => tokenContentOf(token) ?? []);
}

/** The post-processor: special tokens before and after a text. */
function templateOf({ config, around }: Draft, idOf: ReadonlyMap<string, number>) {
  const asked = (key: string, name: string) => config[key] === true ? tokenContentOf(config[name]) : null;
  const first = around?.first ?? asked("add_bos_token", "bos_token");
  const last = around?.last ?? asked("add_eos_token", "eos_token");
  const place = (id: string | null, type_id: number) =>
    id === null ? [] : [{ SpecialToken: { id, type_id } }];
  const text = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  const single = [...place(first, 0), text("A", 0), ...place(last, 0)];
  const second = [...around === undefined ? place(first, 1) : [], text("B", 1), ...place(last, 1)];
  const used = [...new Set([first, last])].filter((token) => token !== null);
  const missing = used.find((token) => !idOf.has(token));
  if (missing !== undefined) throw fileError("tokenizer_config.json", `it does not name ${missing}`);
  const special_tokens = used.map((token) => [token, { id: token, ids: [idOf.get(token)], tokens: [token] }]);
  return createPart("TemplateProcessing", {
    ...{ single, pair: [...single, ...second] },
    special_tokens: Object.fromEntries(special_tokens),
  });
}
