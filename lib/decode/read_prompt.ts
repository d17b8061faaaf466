// A prompt as ids, and ids as text, for clients that keep ids themselves.
import { concat } from "../basics/concat.ts";
import { toNumbers } from "../basics/numbers.ts";
import type { Slices } from "../basics/slices.ts";
import type {
  ClientTokensInput,
  ClientTokensResult,
  DetokenizeInput,
  EncodeInput,
  EncodeResult,
  JsonBytes,
  ReadPromptInput,
  ReadPromptResult,
} from "../wire/sample.ts";
import { checkIds, checkKnown, contextOf } from "./context.ts";
import { encodeText } from "./encode_text.ts";
import { modelFactsOf } from "./inspect.ts";
import { bareTokenOf } from "./token_entries.ts";
import { waitFor } from "./waiting.ts";
import type { TextCodec } from "../text/types.ts";
import type { LanguageModel, Sliced } from "./types.ts";

/** Tokens that are named between two looks at the clock. */
const NAMED_A_SLICE = 1024;
/** UTF-16 units that are written as JSON between two. */
const WRITTEN_A_SLICE = 2 ** 16;

/** The ids of a prompt. Throws faults: what contextOf throws. */
export async function* readPrompt(
  input: ReadPromptInput,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<ReadPromptResult> {
  const { ids, added, templateText } = isText(input)
    ? { ...yield* waitFor(readText(input, model, signal)), templateText: null }
    : { ...yield* waitFor(contextOf({ ...input, completion_ids: [] }, model, signal)), added: 0 };
  const texts = input.texts ? model.codec.tokensOf(ids.slice(added)).map(({ text }) => text) : null;
  return {
    model: modelFactsOf(model),
    ...{ ids, added, template_text: templateText },
    texts: texts === null ? null : [...Array<string>(added).fill(""), ...texts],
  };
}

function isText({ prompt_ids, messages, use_chat_template }: ReadPromptInput): boolean {
  return prompt_ids === null && messages === null && use_chat_template === false;
}

async function readText(
  { prompt, add_special_tokens }: ReadPromptInput,
  model: LanguageModel,
  signal: AbortSignal,
) {
  const options = { signal, field: "prompt", has: "The prompt has" };
  const { ids: plain } = await encodeText(prompt, model, { ...options, postProcess: false });
  const { ids } = add_special_tokens ? await encodeText(prompt, model, options) : { ids: plain };
  checkIds(ids, model, "prompt");
  return { ids, added: countAdded(ids, plain) };
}

/** How many ids stand before `plain` in `ids`; 0 where it is not a part of them. */
function countAdded(ids: readonly number[], plain: readonly number[]): number {
  for (let start = 0; start <= ids.length - plain.length; start++) {
    if (plain.every((id, at) => ids[start + at] === id)) return start;
  }
  return 0;
}

/** The ids of a text. */
export async function* encode(
  input: EncodeInput,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<EncodeResult> {
  return { ids: toNumbers(yield* idsOf(input, model, signal)) };
}

async function* idsOf(
  { text, parse_special, add_special }: EncodeInput,
  { codec, turns }: LanguageModel,
  signal: AbortSignal,
): Sliced<ArrayLike<number>> {
  const options = { specials: parse_special, postProcess: add_special };
  return (yield* waitFor(turns.finish(codec.encodeInSlices(text, options), signal)))!.ids;
}

/** The tokens of a text. Those of one id are one object: a long text has a million tokens. */
export async function* listClientTokens(
  input: ClientTokensInput,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<ClientTokensResult> {
  const ids = yield* idsOf(input, model, signal);
  const { tokens, token_strs } = yield* waitFor(model.turns.finish(nameTokens(ids, input, model), signal));
  const facts = { count: ids.length, max_model_len: model.contextLength };
  return { tokens, ...facts, ...input.return_token_strs ? { token_strs } : {} };
}

function* nameTokens(
  ids: ArrayLike<number>,
  { with_pieces, return_token_strs }: ClientTokensInput,
  model: LanguageModel,
): Slices<{ tokens: ClientTokensResult["tokens"][number][]; token_strs: string[] }> {
  const known = new Map<number, NamedToken>();
  const tokens: ClientTokensResult["tokens"][number][] = [];
  const token_strs: string[] = [];
  for (let at = 0; at < ids.length; at++) {
    const id = ids[at]!;
    let token = known.get(id);
    if (token === undefined) known.set(id, token = nameToken(id, model));
    tokens.push(with_pieces ? token.entry : id);
    if (return_token_strs) token_strs.push(token.name);
    if (tokens.length % NAMED_A_SLICE === 0) yield;
  }
  return { tokens, token_strs };
}

interface NamedToken {
  readonly name: string;
  readonly entry: { readonly id: number; readonly piece: string | readonly number[] };
}

/** A piece is text, or the bytes that are none. */
function nameToken(id: number, { codec }: LanguageModel): NamedToken {
  const { name, bytes } = bareTokenOf(id, "text", codec);
  const isNamed = !name.startsWith("bytes:") || name === new TextDecoder().decode(Uint8Array.from(bytes));
  return { name, entry: { id, piece: isNamed ? name : bytes } };
}

/** The JSON of an answer that has the text of ids, as `content` and as `prompt`. Throws unknown_token. */
export async function* detokenize(
  { ids }: DetokenizeInput,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<JsonBytes> {
  checkKnown(ids, model, "tokens");
  return yield* waitFor(model.turns.finish(writeText(ids, model.codec), signal));
}

function* writeText(ids: readonly number[], codec: TextCodec): Slices<JsonBytes> {
  const encoder = new TextEncoder();
  const text = yield* codec.decodeInSlices(ids);
  const json: Uint8Array[] = [];
  for (let start = 0; start < text.length; start += WRITTEN_A_SLICE) {
    const part = text.slice(start, start + WRITTEN_A_SLICE); // half a character is written as an escape
    json.push(encoder.encode(JSON.stringify(part).slice(1, -1)));
    yield;
  }
  const [first, second, last] = ['{"content":"', '","prompt":"', '"}'].map((one) => encoder.encode(one));
  return concat(Uint8Array, [first!, ...json, second!, ...json, last!]) as JsonBytes;
}
