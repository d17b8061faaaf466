// POST /v1/completions, as OpenAI's API and vLLM have it.
import type { Context } from "fresh";
import { z } from "zod";
import type { State } from "../../define.ts";
import { checkAmount } from "../completions/amount.ts";
import { withBreakers } from "../completions/breakers.ts";
import { promptLogprobsSchema } from "../completions/fields.ts";
import { logprobLists } from "../completions/logprobs.ts";
import { toOwnWords } from "../completions/other_names.ts";
import { optionsOf } from "../completions/request.ts";
import { withSentNames } from "../completions/sent_names.ts";
import { answerAtOnce } from "../http/answer.ts";
import { readJson } from "../http/body.ts";
import { parseRequest } from "../http/parse.ts";
import { tokenIds } from "../schemas/values.ts";
import { answerStream } from "./chunks.ts";
import { CompletionRun } from "./completion_run.ts";
import { amountOf, checkRequest, completionsRequest } from "./completions_request.ts";
import { openAiEndpoint } from "./operation.ts";
import { finishReason, stopReason, usageSchema } from "./finish.ts";

const OWN_FIELDS = new Set(Object.keys(completionsRequest.shape));

const choice = z.object({
  index: z.int().min(0),
  text: z.string(),
  logprobs: logprobLists.nullable(),
  finish_reason: finishReason.nullable(),
  stop_reason: stopReason,
  prompt_logprobs: promptLogprobsSchema.optional(),
  prompt_token_ids: tokenIds.optional(),
  token_ids: tokenIds.optional().describe(
    "With return_token_ids: of what was generated; in a stream, of each piece.",
  ),
});
export const completionsResult = z.object({
  id: z.string(),
  object: z.literal("text_completion"),
  created: z.int(),
  model: z.string(),
  choices: z.array(choice),
  usage: usageSchema,
});

export const completionsEndpoint = openAiEndpoint({
  path: "/v1/completions",
  id: "completions",
  summary: "Completions of prompts, as OpenAI's API and vLLM have them.",
  nulls: true,
  request: completionsRequest,
  result: completionsResult,
  events: "Data lines: completions with one piece of a choice each, then `[DONE]`.",
});

/** One answer, or a stream of pieces and `[DONE]`. */
export async function answerCompletions(ctx: Context<State>): Promise<Response> {
  const { words, names } = toOwnWords(await readJson(ctx.req), OWN_FIELDS);
  const sent = new Map([...names, ["prompt_ids", "prompt"]]);
  return await withSentNames(sent, () => answerWords(ctx, words));
}

async function answerWords(ctx: Context<State>, words: unknown): Promise<Response> {
  const sent = parseRequest(completionsRequest, words);
  checkRequest(sent);
  const described = checkAmount(amountOf(sent), ctx.state);
  const request = withBreakers(sent);
  const run = new CompletionRun(ctx, request);
  if (request.stream) return await answerStream(ctx, (left) => run.chunks(optionsOf(ctx, left)));
  return await answerAtOnce(ctx.state, described, () => run.whole(optionsOf(ctx)));
}
