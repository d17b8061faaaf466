// A prompt as ids, and ids as text, for clients that keep ids themselves.
import type {
  DetokenizeInput,
  DetokenizeResult,
  EncodeInput,
  EncodeResult,
  ReadPromptInput,
  ReadPromptResult,
  TokensWithInput,
  TokensWithResult,
} from "../wire/sample.ts";
import { checkIds, checkKnown, contextOf } from "./context.ts";
import { encodeText } from "./encode_text.ts";
import { modelFacts } from "./inspect.ts";
import { bareToken } from "./token_entries.ts";
import { waitFor } from "./waiting.ts";
import type { LanguageModel, Sliced } from "./types.ts";

/** Tokens that are named between two chances for other jobs. */
const NAMED_A_SLICE = 8192;

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
    model: modelFacts(model),
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
  { text, parse_special, add_special }: EncodeInput,
  { codec, contextLength }: LanguageModel,
  signal: AbortSignal,
): Sliced<EncodeResult> {
  const options = { specials: parse_special, postProcess: add_special, signal };
  const { ids } = (yield* waitFor(codec.encodeInTurns(text, options)))!;
  const [names, bytes]: [string[], (readonly number[])[]] = [[], []];
  for (const id of Array.from(ids)) {
    const token = bareToken(id, "text", codec);
    names.push(token.name);
    bytes.push(token.bytes);
    if (names.length % NAMED_A_SLICE === 0) yield { done: names.length, total: ids.length };
  }
  return { ids: Array.from(ids), names, bytes, max_model_len: contextLength };
}

/** The text of ids. Throws unknown_token. */
export async function* detokenize(
  { ids }: DetokenizeInput,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<DetokenizeResult> {
  checkKnown(ids, model, "tokens");
  return { text: yield* waitFor(model.codec.decodeInTurns(ids, signal)) };
}

/** The tokens that have one of some characters. */
// deno-lint-ignore require-yield -- a job of one slice
export async function* tokensWith(
  { characters }: TokensWithInput,
  { codec, vocabSize }: LanguageModel,
): Sliced<TokensWithResult> {
  const wanted = new Set(characters.map((one) => one.charCodeAt(0)));
  const ids: number[] = [];
  for (let id = 0; id < Math.min(codec.size, vocabSize); id++) {
    if (codec.has(id) && codec.bytes(id).some((byte) => wanted.has(byte))) ids.push(id);
  }
  return await Promise.resolve({ ids });
}
