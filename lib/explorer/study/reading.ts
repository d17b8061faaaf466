// A text read by one model behind one context: what it thought of every token, and the distribution before each. What
// comes from the page is read as the tokens that it has there: a path may be divided otherwise than its text would be,
// hold special tokens, and end inside a character.
import type { DistResult } from "../../wire/distribution.ts";
import type { ScoredToken } from "../../wire/token.ts";
import { NO_CONSTRAINT } from "../../sampling/constraint_kinds.ts";
import { NEUTRAL_PARAMS } from "../../sampling/params.ts";
import { type Api, failureError } from "../asking/api.ts";
import { contextOfPrompt } from "../asking/request.ts";
import type { PromptSource } from "../session/types.ts";

/** What is read: a text, or exact tokens. */
export type Passage = Exclude<PromptSource, { readonly kind: "chat" }>;

export interface Reading {
  readonly id: number;
  readonly modelKey: string;
  readonly tokenizerKey: string;
  /** "SmolLM2-135M-Instruct q4" */
  readonly model: string;
  readonly context: string;
  readonly text: string;
  /** The tokens of the text, not of the context. */
  readonly tokens: readonly ScoredToken[];
  /** Before each token; shorter where the text is longer than `MOST_DISTRIBUTIONS`. */
  readonly dists: readonly DistResult[];
}

/** Tokens whose distributions are asked for, one by one. */
const MOST_DISTRIBUTIONS = 200;
/** Tokens that each of them lists. */
const LISTED = 50;

export interface ToRead {
  readonly context: Passage;
  readonly text: Passage;
  readonly modelKey: string | null;
  readonly tokenizerKey: string | null;
}

/** The passage as the model of a tokenizer can take it: its tokens, or where they mean others there, its text. Throws
 * where the text does not say what the tokens are. */
function fitToTokenizer(passage: Passage, tokenizerKey: string | null): Passage {
  if (passage.kind === "text" || passage.tokenizerKey === tokenizerKey) return passage;
  if (!passage.text.includes("\uFFFD")) return { kind: "text", text: passage.text };
  const message =
    "The text holds bytes that make no character (\uFFFD). Only a model with the tokenizer that it was " +
    "written with can read them; change the text to go on.";
  throw failureError({ kind: "refused", message, detail: "reading", field: null });
}

/** The tokens of the text: its own, or those that it has by itself, so that two contexts are held against each other on
 * the same ones. */
async function idsOf(api: Api, text: Passage, modelKey: string | null, signal: AbortSignal) {
  if (text.kind === "tokens") return text.ids;
  const { tokens } = await api.tokenize(text.text, modelKey, signal, "study");
  return tokens.filter(({ special }) => !special).map(({ id }) => id);
}

/** Reads a text behind a context, with every stage off. Calls `onProgress` with the share done. Rejects as the API
 * does, and where the model's tokenizer cannot write the text. */
export async function readText(
  api: Api,
  { context, text, modelKey, tokenizerKey }: ToRead,
  signal: AbortSignal,
  onProgress: (share: number) => void = () => {},
): Promise<Omit<Reading, "id" | "model">> {
  const before = fitToTokenizer(context, tokenizerKey);
  const ids = await idsOf(api, fitToTokenizer(text, tokenizerKey), modelKey, signal);
  const body = {
    ...contextOfPrompt(before),
    ...{ params: NEUTRAL_PARAMS, constraint: NO_CONSTRAINT, model_key: modelKey, top_k: LISTED },
  };
  const ask = (completion_ids: readonly number[], include: readonly "prompt_scores"[]) =>
    api.peek({ ...body, completion_ids, include }, signal, "ahead");
  const whole = await ask(ids, ["prompt_scores"]);
  const dists: DistResult[] = [];
  const nothing = before.kind === "text" ? before.text === "" : before.ids.length === 0;
  const most = nothing ? 0 : Math.min(ids.length, MOST_DISTRIBUTIONS); // nothing comes before the first token
  for (let at = 0; at < most; at++) {
    dists.push((await ask(ids.slice(0, at), [])).dist);
    onProgress((at + 1) / most);
  }
  const { model_key, tokenizer_key } = whole.model;
  return {
    ...{ modelKey: model_key, tokenizerKey: tokenizer_key, context: context.text, text: text.text },
    ...{ tokens: whole.completion_tokens, dists },
  };
}
