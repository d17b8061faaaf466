// Where @huggingface/tokenizers 0.2.0 differs from the Rust library that models are trained with, corrected
// from outside. Each function says the difference.
import {
  type AddedToken as AddedTokenOfLibrary,
  BPE,
  ByteLevelPreTokenizer,
  DigitsPreTokenizer,
  type PreTokenizer,
  SequencePreTokenizer,
  type Tokenizer,
} from "@huggingface/tokenizers";
import { isRecord } from "../basics/is_record.ts";
import { type AddedToken, type Component, namedSpecials } from "./tokenizer_json.ts";
import type { TokenizerConfig, TokenizerJson } from "./tokenizer_json.ts";

// Digits: Rust's `char::is_numeric` is Nd, Nl and No (½ ² ① Ⅷ); JavaScript's `\d` is 0 to 9.
const numericOneByOne = /[^\p{N}]+|\p{N}/gu;
const numericRuns = /[^\p{N}]+|\p{N}+/gu;

// GPT-2's pattern: `\s` there is White_Space, with U+0085 and without U+FEFF; JavaScript's is the other way round.
const gpt2 =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** Gives the library's pre-tokenizers the patterns they should have. */
export function correctPatterns(preTokenizer: PreTokenizer | null): void {
  if (preTokenizer instanceof SequencePreTokenizer) {
    for (const part of preTokenizer.tokenizers) correctPatterns(part);
  } else if (preTokenizer instanceof DigitsPreTokenizer) {
    preTokenizer.pattern = preTokenizer.config.individual_digits ? numericOneByOne : numericRuns;
  } else if (preTokenizer instanceof ByteLevelPreTokenizer) {
    preTokenizer.pattern = gpt2;
  }
}

type Splitter = { split(text: string): string[] };
type AddedTokens = ReadonlyMap<string, AddedTokenOfLibrary>;

/** Added tokens take the white space beside them where they say so: Unicode's; the library takes JavaScript's. One
 * that must be a word of its own is none inside another word; the library finds it everywhere. */
export function correctAddedSplits(tokenizer: Tokenizer): void {
  const tokens = Reflect.get(tokenizer, "added_tokens_map") as AddedTokens;
  const added: AddedTokens = new Map(Array.from(tokens, ([content, token]) => [content, { ...token }]));
  if (!Array.from(added.values()).some((one) => one.lstrip || one.rstrip || one.single_word)) return;
  for (const token of tokens.values()) token.lstrip = token.rstrip = false; // done here
  for (const name of ["splitter_unnormalized", "splitter_normalized"]) {
    const splitter = Reflect.get(tokenizer, name) as Splitter;
    const split = splitter.split.bind(splitter);
    splitter.split = (text) => trimAroundTokens(joinPartsOfWords(split(text), added), added);
  }
}

// Rust's `\w`.
const wordAtEnd = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u;
const wordAtStart = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;

/** Sections of a text, tokens that are only part of a word back in the text around them. */
function joinPartsOfWords(sections: readonly string[], added: AddedTokens): string[] {
  const inWord = (at: number) =>
    wordAtEnd.test(sections[at - 1] ?? "") || wordAtStart.test(sections[at + 1] ?? "");
  const isToken = sections.map((section, at) => {
    const token = added.get(section);
    return token !== undefined && !(token.single_word && inWord(at));
  });
  const whole: string[] = [];
  sections.forEach((section, at) => {
    if (at > 0 && !isToken[at] && !isToken[at - 1]) whole[whole.length - 1] += section;
    else whole.push(section);
  });
  return whole;
}

function trimAroundTokens(sections: readonly string[], added: AddedTokens): string[] {
  return sections.map((section, at) => {
    if (added.has(section)) return section;
    const start = added.get(sections[at - 1] ?? "")?.rstrip
      ? section.replace(/^\p{White_Space}+/u, "")
      : section;
    return added.get(sections[at + 1] ?? "")?.lstrip ? start.replace(/\p{White_Space}+$/u, "") : start;
  });
}

/** Characters without any token are gone before Rust's BPE merges, so that their neighbours meet; the library merges
 * around them and drops them then. Where there is an unknown token it stands in their place, in both. */
export function correctMerges(model: object): void {
  if (!(model instanceof BPE) || (model.unk_token ?? null) !== null) return;
  if (model.end_of_word_suffix || model.continuing_subword_suffix) return; // the characters' tokens are others
  const { tokens_to_ids } = model;
  const encoder = new TextEncoder();
  const byteToken = (byte: number) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
  const asBytes = (character: string) =>
    model.byte_fallback && encoder.encode(character).every((byte) => tokens_to_ids.has(byteToken(byte)));
  const known = (character: string) => tokens_to_ids.has(character) || asBytes(character);
  const merge = model.bpe.bind(model);
  model.bpe = (word) => merge(Array.from(word).filter(known).join(""));
}

/** Metaspace splits before every replacement character unless `split` is false; the library never splits. */
export function correctMetaspace(json: TokenizerJson): TokenizerJson {
  return { ...json, pre_tokenizer: json.pre_tokenizer === null ? null : splitMetaspace(json.pre_tokenizer) };
}

function splitMetaspace(component: Component): Component {
  if (component.type === "Sequence" && Array.isArray(component.pretokenizers)) {
    return { ...component, pretokenizers: (component.pretokenizers as Component[]).map(splitMetaspace) };
  }
  const mark = component.replacement ?? "▁";
  if (component.type !== "Metaspace" || component.split === false || typeof mark !== "string") {
    return component;
  }
  const pattern = { Regex: `\\x{${mark.codePointAt(0)?.toString(16)}}[^${mark}]*|[^${mark}]+` };
  const split = { type: "Split", pattern, behavior: "Isolated", invert: false };
  return { type: "Sequence", pretokenizers: [component, split] };
}

/** Tokens that tokenizer_config.json names (eos_token, ...) are special, and found in a text, even where
 * tokenizer.json lists them only as ordinary ones; so does Transformers at load. */
export function correctAddedTokens(json: TokenizerJson, config: TokenizerConfig): TokenizerJson {
  const names = namedSpecials(config);
  const listed = json.added_tokens.map((token) =>
    names.has(token.content) ? { ...token, special: true } : token
  );
  const known = new Set(listed.map((token) => token.content));
  const vocab = json.model.vocab;
  const more = [...names].filter((name) => !known.has(name)).map((content): AddedToken | null => {
    const id = isRecord(vocab) && Object.hasOwn(vocab, content) ? vocab[content] : undefined;
    return typeof id === "number" ? { id, content, special: true, normalized: false } : null;
  });
  return { ...json, added_tokens: [...listed, ...more.filter((token) => token !== null)] };
}
