// What the model thinks of every token of a text: one question, whose answer has each token's probability by the model
// itself and the entropy of the distribution it stood in.
import type { ScoredToken } from "../../wire/token.ts";
import type { Api } from "./api.ts";
import type { Explorer } from "./explorer.ts";
import { bodyOfPreview } from "./request.ts";
import { readyModel } from "../session/model.ts";
import type { TreeNode } from "../session/types.ts";

export interface TextScores {
  /** Every token of the text; the first has no score: nothing comes before it. */
  readonly tokens: readonly ScoredToken[];
  /** Those of the prompt among them. */
  readonly prompt: number;
  readonly modelKey: string;
}

/** Scores the text up to a place. Rejects as the API does. */
export async function scoresOf(
  { api, explorer }: { readonly api: Api; readonly explorer: Pick<Explorer, "session"> },
  place: TreeNode,
  signal: AbortSignal,
): Promise<TextScores> {
  const session = explorer.session.peek();
  const body = bodyOfPreview(place, session.settings, ["prompt_scores"], readyModel(session)?.key ?? null);
  const answer = await api.peek(body, signal, "ahead");
  const { prompt_tokens, completion_tokens, model } = answer;
  return {
    tokens: [...prompt_tokens, ...completion_tokens],
    prompt: prompt_tokens.length,
    modelKey: model.model_key,
  };
}
