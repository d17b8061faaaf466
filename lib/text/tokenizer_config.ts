// tokenizer_config.json: the special tokens that it names, and the tokens that it adds to those of tokenizer.json. Both
// as the class of Transformers 5 does it that reads any tokenizer.json (TokenizersBackend). Of the rest `add_bos_token`
// and `add_eos_token` are not looked at, as there: tokenizer.json's post-processor says what is added.
import { isRecord } from "../basics/is_record.ts";
import { SPECIAL_TOKEN_NAMES as NAMES } from "../basics/special_token_names.ts";
import { tokenContentOf } from "../basics/token_content_of.ts";
import { fileError } from "./file/component.ts";
import type { AddedToken } from "./tokenizer_json.ts";

export type TokenizerConfig = Readonly<Record<string, unknown>>;

/** Checks tokenizer_config.json; a model without one has an empty one. Throws a fault for what cannot be used. */
export function readTokenizerConfig(json: unknown): TokenizerConfig {
  if (json === null || json === undefined) return {};
  if (!isRecord(json)) throw fileError("tokenizer_config.json", "it holds no JSON object");
  return json;
}

/** A token as the config writes it: its text, or an object that says how it is found too. */
type Written = string | ConfigToken;
type ConfigToken = { readonly content: string } & Partial<Omit<AddedToken, "id" | "content">>;

/** Whether decoded texts lose the spaces before English punctuation. A BPE's do where the config says so by another
 * name as well: for years every config was saved with the first one. */
export function cleansUp(config: TokenizerConfig, modelType: string): boolean {
  const { clean_up_tokenization_spaces: asked } = config;
  const forced = config.clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output;
  return asked === true && (modelType !== "BPE" || forced === true);
}

/** The special tokens that tokenizer_config.json names and sets, by name (`eos_token`, `image_token`, those of
 * `extra_special_tokens`, ...), as templates read them. */
export function readNamedTokens(config: TokenizerConfig): Record<string, string> {
  return Object.fromEntries(
    Array.from(collectNamedTokens(config), ([name, token]) => [name, tokenContentOf(token)]),
  );
}

/** The special tokens of `additional_special_tokens`, which have no name; null where there is no such list. Templates
 * do not see them since Transformers 5. */
export function readAdditionalTokens({ additional_special_tokens: list }: TokenizerConfig): string[] | null {
  return Array.isArray(list) ? list.flatMap((token) => tokenContentOf(token) ?? []) : null;
}

/** The tokens that the config adds behind those `listed` in tokenizer.json, or says anew how they are found. Their ids
 * are given as those of listed ones are. Throws model_failed where an entry is no token. */
export function tokensOfConfig(config: TokenizerConfig, listed: readonly AddedToken[]): AddedToken[] {
  const named = collectNamedTokens(config);
  const tokens: Written[] = listDecodedTokens(config, listed);
  const known = new Set([...listed, ...tokens].map(tokenContentOf));
  for (const token of [...named.values(), ...listUnnamedTokens(config)]) {
    if (!known.has(tokenContentOf(token)) && !tokens.some((other) => isSame(token, other))) {
      tokens.push(token);
    }
  }
  const names = new Set(Array.from(named.values(), tokenContentOf));
  return tokens.map((token) => withFlags(token, names.has(tokenContentOf(token))));
}

/** What is written, or null where it is no token. */
function readWritten(value: unknown): Written | null {
  return tokenContentOf(value) === null ? null : value as Written;
}

/** The tokens with a name. An object under a name that only this model has is one where it says that it is; the common
 * names' are taken as they are (Transformers opens no such folder). */
function collectNamedTokens(config: TokenizerConfig): Map<string, Written> {
  const { model_specific_special_tokens: specific } = config;
  const extra = pickExtraTokens(config);
  const others = Object.entries(config).filter(([name, value]) =>
    name.endsWith("_token") && !NAMES.includes(name) && isReadAsToken(value)
  );
  const all = [
    ...NAMES.map((name) => [name, config[name]] as const),
    ...others,
    ...Object.entries(isRecord(extra) ? extra : {}),
  ];
  const found = all.flatMap(([name, value]) => {
    const token = readWritten(value);
    return token === null ? [] : [[name, token] as const];
  });
  const isSet = others.some(([, value]) => typeof value === "string") ||
    isRecord(extra) && Object.keys(extra).length > 0;
  const own = !isSet && isRecord(specific) ? specific : {};
  return new Map([
    ...found,
    ...Object.entries(own).map(([name, value]) => [name, tokenOf(value, name)] as const),
  ]);
}

function isReadAsToken(value: unknown): boolean {
  return typeof value === "string" ||
    isRecord(value) && (value.__type === "AddedToken" || value.special === true);
}

/** `extra_special_tokens`, or where that says nothing what it was called before. */
function pickExtraTokens(
  { extra_special_tokens: extra, additional_special_tokens: more }: TokenizerConfig,
): unknown {
  const isEmpty = isRecord(extra)
    ? Object.keys(extra).length === 0
    : !extra || Array.isArray(extra) && !extra[0];
  return isEmpty && isRecord(more) ? more : extra;
}

/** Special tokens without a name. Throws model_failed where an entry is no token. */
export function listUnnamedTokens(
  { extra_special_tokens: extra, additional_special_tokens: more }: TokenizerConfig,
): Written[] {
  const list = Array.isArray(extra) && extra.length > 0 ? extra : more;
  return Array.isArray(list) ? list.map((value) => tokenOf(value, "additional_special_tokens")) : [];
}

/** The tokens that have an id in the config, in the order of the ids. Configs that list none are older than such lists:
 * there those of added_tokens.json count, and those of tokenizer.json. */
function listDecodedTokens(config: TokenizerConfig, listed: readonly AddedToken[]): ConfigToken[] {
  const { added_tokens_decoder: decoder } = config;
  const found = new Map<number, ConfigToken>();
  if (decoder !== undefined) {
    for (const [id, value] of entriesOf(decoder, "added_tokens_decoder")) {
      const token = tokenOf(value, `added_tokens_decoder ${id}`);
      if (typeof token === "string") throw notTokenError(`added_tokens_decoder ${id}`);
      found.set(Number(id), token);
    }
  } else {
    for (const [id, token] of tokensOfFile(config)) found.set(id, token);
    for (const token of listed) found.set(token.id, token);
  }
  return [...found].sort(([a], [b]) => a - b).map(([, token]) => token);
}

/** The config's own list of tokens without a name; undefined where it has none. What special_tokens_map.json lists is
 * looked at later, if at all. */
export function listOfConfig(config: TokenizerConfig): unknown {
  const { extra_special_tokens: extra, additional_special_tokens: more, special_tokens_map_file: map } =
    config;
  const isSaid = Array.isArray(extra) ? extra.length > 0 : isRecord(extra) && Object.keys(extra).length > 0;
  const isOfMap = isRecord(map) && more === map.additional_special_tokens;
  return isSaid || more === undefined || isOfMap ? extra : more;
}

/** The tokens of added_tokens.json by their ids; special are those that the config names. */
export function tokensOfFile(config: TokenizerConfig): [id: number, token: ConfigToken][] {
  const list = listOfConfig(config);
  const named = [...NAMES.map((name) => config[name]), ...Array.isArray(list) ? list : []].filter(
    isReadBefore,
  );
  const names = new Set(named.flatMap((token) => tokenContentOf(token) ?? []));
  return entriesOf(config.added_tokens_file ?? {}, "added_tokens.json").map(([content, id]) => {
    const special = names.has(content);
    return [Number(id), { content, special, normalized: !special }];
  });
}

/** Transformers compares the names of added_tokens.json with texts, before it makes tokens of the config's objects. */
function isReadBefore(value: unknown): boolean {
  return !(isRecord(value) && value.__type === "AddedToken");
}

function entriesOf(value: unknown, name: string): [string, unknown][] {
  if (isRecord(value)) return Object.entries(value);
  throw fileError("tokenizer_config.json", `its ${name} is no object`);
}

function tokenOf(value: unknown, name: string): Written {
  const token = readWritten(value);
  if (token === null) throw notTokenError(name);
  return token;
}

function notTokenError(name: string): Error {
  return fileError("tokenizer_config.json", `its ${name} holds what is no token`);
}

const FLAGS = ["special", "normalized", "lstrip", "rstrip", "single_word"] as const;

/** As Python compares them: a text is no token with that text. */
function isSame(one: Written, other: Written): boolean {
  if (typeof one === "string" || typeof other === "string") return one === other;
  const [a, b] = [withFlags(one, false), withFlags(other, false)];
  return a.content === b.content && FLAGS.every((flag) => a[flag] === b[flag]);
}

function withFlags(token: Written, isNamed: boolean): AddedToken {
  const written = typeof token === "string" ? { content: token, special: true } : token;
  const special = isNamed || written.special === true;
  const { content, normalized = !special, lstrip = false, rstrip = false, single_word = false } = written;
  return { id: 0, content, special, normalized, lstrip, rstrip, single_word };
}
