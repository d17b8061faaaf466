// A text read by one model behind one context: what it thought of every token, and the distribution before each.
import type { DistResult } from "../../wire/distribution.ts";
import type { ScoredToken } from "../../wire/token.ts";
import { NO_CONSTRAINT } from "../../sampling/constraint_kinds.ts";
import { NEUTRAL_PARAMS } from "../../sampling/params.ts";
import type { Api } from "../asking/api.ts";

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
  readonly context: string;
  readonly text: string;
  readonly modelKey: string | null;
}

/** Reads a text behind a context, with every stage off. Its tokens are those that the text has by itself, so that two
 * contexts are held against each other on the same ones. Calls `onProgress` with the share done. Rejects as the API
 * does. */
export async function readText(
  api: Api,
  { context, text, modelKey }: ToRead,
  signal: AbortSignal,
  onProgress: (share: number) => void = () => {},
): Promise<Omit<Reading, "id" | "model">> {
  const tokens = (await api.tokenize(text, modelKey, signal, "study")).tokens.filter(({ special }) =>
    !special
  );
  const ids = tokens.map(({ id }) => id);
  const body = {
    ...{ prompt: context, system_prompt: "", use_chat_template: false },
    ...{ params: NEUTRAL_PARAMS, constraint: NO_CONSTRAINT, model_key: modelKey, top_k: LISTED },
  };
  const ask = (completion_ids: readonly number[], include: readonly "prompt_scores"[]) =>
    api.peek({ ...body, completion_ids, include }, signal, "ahead");
  const whole = await ask(ids, ["prompt_scores"]);
  const dists: DistResult[] = [];
  const most = context === "" ? 0 : Math.min(ids.length, MOST_DISTRIBUTIONS); // nothing comes before the first token
  for (let at = 0; at < most; at++) {
    dists.push((await ask(ids.slice(0, at), [])).dist);
    onProgress((at + 1) / most);
  }
  const { model_key, tokenizer_key } = whole.model;
  return {
    ...{ modelKey: model_key, tokenizerKey: tokenizer_key, context, text },
    ...{ tokens: whole.completion_tokens, dists },
  };
}
