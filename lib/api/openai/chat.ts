// POST /v1/chat/completions, as OpenAI's API and vLLM have it.
import type { Context } from "fresh";
import { allowValue, FALSE, requireAbsent, requireValue } from "../schemas/rules.ts";
import { z } from "zod";
import type { State } from "../../define.ts";
import type { SubmitOptions } from "../../engine/types.ts";
import type { ReadPromptResult } from "../../wire/sample.ts";
import { type Amount, checkAmount } from "../completions/amount.ts";
import { withBreakers } from "../completions/breakers.ts";
import { type ChoiceInput, type ChoicePiece, collect, runChoice } from "../completions/choice.ts";
import { completionFields, listFields, promptLogprobsSchema, streamRule } from "../completions/fields.ts";
import { writeJson } from "../http/json_parts.ts";
import { entriesOf, tokenEntry } from "../completions/logprobs.ts";
import { toOwnWords } from "../completions/other_names.ts";
import {
  checkListed,
  checkLists,
  checkStreamOptions,
  choiceInput,
  optionsOf,
  promptLogprobsOf,
  readDrawLimit,
  withChoiceSeed,
} from "../completions/request.ts";
import { withSentNames } from "../completions/sent_names.ts";
import type { Json } from "../schemas/operation.ts";
import { chatFields, conversation } from "../schemas/chat.ts";
import { tokenIds } from "../schemas/values.ts";
import { answerAtOnce } from "../http/answer.ts";
import { readJson } from "../http/body.ts";
import { apiFault } from "../http/errors.ts";
import { parseRequest } from "../http/parse.ts";
import { answerStream } from "./chunks.ts";
import { openAiEndpoint } from "./operation.ts";
import { readChat, readTurns, TURN_RULE, turnFields, turnOf } from "./turns.ts";
import { endingOf, finishReason, stopReason, usageOf, usageSchema } from "./finish.ts";

const tokens = z.int().min(-1).max(1_000_000).meta({ not: { const: 0 } });

/** Log-probabilities are asked for, or nothing that is a part of them. */
const LISTED_RULE: Json = {
  anyOf: [
    requireValue("logprobs", { const: true }),
    {
      allOf: [
        allowValue("logprobs", FALSE),
        requireAbsent("logprob_token_ids"),
        allowValue("top_logprobs", { enum: [0, null] }),
      ],
    },
  ],
};

export const chatRequest = z.strictObject({
  ...completionFields,
  ...listFields,
  ...chatFields,
  messages: conversation,
  max_tokens: tokens.optional().describe("Without it, or with -1, until the text or the context ends."),
  max_completion_tokens: tokens.optional().describe("As max_tokens."),
  logprobs: z.boolean().default(false),
  top_logprobs: z.int().min(0).default(0).describe(
    "Most probable tokens listed a token, up to the vocabulary.",
  ),
  ...turnFields,
}).meta({
  allOf: [
    TURN_RULE,
    streamRule(),
    LISTED_RULE,
  ],
});
type Request = z.output<typeof chatRequest>;
const OWN_FIELDS = new Set(Object.keys(chatRequest.shape));

const choice = z.object({
  index: z.int().min(0),
  message: z.object({ role: z.literal("assistant"), content: z.string(), refusal: z.null() }),
  logprobs: z.object({ content: z.array(tokenEntry), refusal: z.null() }).nullable(),
  finish_reason: finishReason,
  stop_reason: stopReason,
  token_ids: tokenIds.optional(),
});
export const chatResult = z.object({
  id: z.string(),
  object: z.literal("chat.completion"),
  created: z.int(),
  model: z.string(),
  choices: z.array(choice),
  usage: usageSchema,
  prompt_logprobs: promptLogprobsSchema.optional(),
  prompt_token_ids: tokenIds.optional(),
});

export const chatEndpoint = openAiEndpoint({
  path: "/v1/chat/completions",
  id: "chatCompletions",
  summary:
    "The next turn of a conversation, as OpenAI's API and vLLM have it. Tools shape the prompt; calls are text.",
  nulls: true,
  request: chatRequest,
  result: chatResult,
  events: "Data lines: chat.completion.chunk objects with a delta each, then `[DONE]`.",
});

/** One answer, or a stream of deltas and `[DONE]`. */
export async function answerChat(ctx: Context<State>): Promise<Response> {
  return await withChatRequest(await readJson(ctx.req), (sent) => answerWords(ctx, sent));
}

/** What `work` makes of a body that is such a request. Throws invalid_request by the fields' names as sent. */
export async function withChatRequest<T>(body: unknown, work: (request: Request) => Promise<T>): Promise<T> {
  const { words, names } = toOwnWords(body, OWN_FIELDS);
  return await withSentNames(names, async () => {
    const sent = parseRequest(chatRequest, words);
    checkStreamOptions(sent);
    checkLists(sent, sent.logprobs);
    checkChat(sent);
    return await work(sent);
  });
}

async function answerWords(ctx: Context<State>, sent: Request): Promise<Response> {
  const described = checkAmount(amountOf(sent), ctx.state);
  const request = withBreakers(sent);
  const run = new ChatRun(ctx, request);
  if (request.stream) return await answerStream(ctx, (left) => run.chunks(optionsOf(ctx, left)));
  return await answerAtOnce(ctx.state, described, () => run.whole(optionsOf(ctx)));
}

/** What all choices of a request make together. */
function amountOf(request: Request): Amount {
  const { n, max_completion_tokens, ignore_eos, top_logprobs } = request;
  return {
    ...{ prompts: [""], choices: n, most: drawLimitOf(request) },
    lengthField: max_completion_tokens === undefined ? "max_tokens" : "max_completion_tokens",
    ...{ endless: ignore_eos, repeats: false, listed: top_logprobs },
  };
}

/** Tokens a choice; null: until the text or the context ends. */
function drawLimitOf({ max_tokens, max_completion_tokens }: Request): number | null {
  const most = max_completion_tokens ?? max_tokens;
  return most === undefined ? null : readDrawLimit(most);
}

/** Throws invalid_request for fields that do not go together. */
function checkChat({ logprobs, top_logprobs, ...request }: Request): void {
  if (top_logprobs > 0 && !logprobs) {
    throw apiFault("invalid_request", "top_logprobs needs logprobs true.", "top_logprobs");
  }
  for (const name of ["max_completion_tokens", "max_tokens"] as const) {
    if (request[name] === 0) throw apiFault("invalid_request", `${name} must be at least 1, or -1.`, name);
  }
  turnOf(request);
}

/** One request on its way. */
class ChatRun {
  readonly #ctx: Context<State>;
  readonly #request: Request;
  readonly #id = `chatcmpl-${crypto.randomUUID()}`;
  readonly #created = Math.floor(Date.now() / 1000);

  constructor(ctx: Context<State>, request: Request) {
    this.#ctx = ctx;
    this.#request = request;
  }

  async whole(options: SubmitOptions): Promise<Uint8Array<ArrayBuffer>> {
    const { prompt, input } = await this.#read(options);
    const choices: unknown[] = [];
    let drawn = 0;
    for (let index = 0; index < this.#request.n; index++) {
      const { pieces, end } = await collect(this.#run(prompt, withChoiceSeed(input, index), options));
      drawn += end.tokens;
      const content = pieces.map((piece) => piece.text).join("") + end.text;
      choices.push({
        index,
        message: { role: "assistant", content, refusal: null },
        logprobs: this.#logprobs(pieces),
        ...endingOf(end),
        token_ids: this.#ids(pieces),
      });
    }
    const usage = usageOf(prompt.ids.length, drawn);
    const { prompt_logprobs: asked, return_token_ids } = this.#request;
    const prompt_logprobs = await promptLogprobsOf(this.#ctx.state.engine, prompt, asked, options);
    const prompt_token_ids = return_token_ids ? prompt.ids : undefined;
    const answer = { ...this.#head(prompt, "chat.completion"), choices, usage };
    return writeJson({ ...answer, prompt_logprobs, prompt_token_ids });
  }

  /** Data of the events, in order. */
  async *chunks(options: SubmitOptions): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    const { prompt, input } = await this.#read(options);
    const { n, return_token_ids, stream_options } = this.#request;
    const { include_usage: counted, continuous_usage_stats: always } = stream_options ?? {};
    const prompt_token_ids = return_token_ids ? prompt.ids : undefined;
    let drawn = 0;
    let ofChoices = 0; // tokens of the choices before
    const soFar = () => always ? usageOf(prompt.ids.length, drawn - ofChoices) : counted ? null : undefined;
    const chunk = (choices: readonly unknown[], usage: unknown = soFar(), first = false) =>
      writeJson({
        ...{ ...this.#head(prompt, "chat.completion.chunk"), choices, usage },
        prompt_token_ids: first ? prompt_token_ids : undefined,
      });
    for (let index = 0; index < n; index++) {
      ofChoices = drawn;
      const delta = { role: "assistant", content: "" };
      yield chunk([{ index, delta, logprobs: null, finish_reason: null }], soFar(), true);
      const run = this.#run(prompt, withChoiceSeed(input, index), options);
      for (let next = await run.next();; next = await run.next()) {
        if (!next.done) {
          const { value: piece } = next;
          const logprobs = this.#logprobs([piece]);
          drawn += piece.tokens.length;
          const token_ids = this.#ids([piece]);
          yield chunk([{ index, delta: { content: piece.text }, logprobs, finish_reason: null, token_ids }]);
          continue;
        }
        const delta = next.value.text === "" ? {} : { content: next.value.text };
        yield chunk([{ index, delta, logprobs: null, ...endingOf(next.value) }]);
        break;
      }
    }
    if (counted) yield chunk([], usageOf(prompt.ids.length, drawn));
  }

  async #read(options: SubmitOptions): Promise<{ prompt: ReadPromptResult; input: ChoiceInput }> {
    const request = this.#request;
    const { messages, tools, documents, chat_template, chat_template_kwargs } = request;
    const { logprobs, return_tokens_as_token_ids } = request;
    const prompt = await readChat(this.#ctx.state.engine, {
      model_key: null,
      ...{ messages: readTurns(messages), tools, documents, chat_template, chat_template_kwargs },
      ...{ prompt: "", prompt_ids: null, system_prompt: "", use_chat_template: null },
      ...turnOf(request),
      ...{ texts: false, add_special_tokens: false },
    }, options);
    const { vocab_size, context_length } = prompt.model;
    const max_tokens = drawLimitOf(request);
    const top = Math.min(request.top_logprobs, vocab_size);
    const tokens = Math.min(max_tokens ?? Infinity, context_length - prompt.ids.length);
    const { logprob_token_ids: ids } = request;
    const most = Math.max(top, ids?.length ?? 0);
    if (logprobs) checkListed(request.stream ? tokens : request.n * tokens, most); // a stream goes out as it is made
    const names = return_tokens_as_token_ids ? "id" : "text";
    const asked = logprobs ? { top, of: "raw", names, ...ids === undefined ? {} : { ids } } as const : null;
    return {
      prompt,
      input: choiceInput(request, prompt.model, { max_tokens, echo: false, logprobs: asked }),
    };
  }

  #run(prompt: ReadPromptResult, input: ChoiceInput, options: SubmitOptions) {
    return runChoice(this.#ctx.state.engine, prompt, input, options);
  }

  #ids(pieces: readonly ChoicePiece[]) {
    if (!this.#request.return_token_ids) return undefined;
    return pieces.flatMap(({ tokens }) => tokens.map(({ id }) => id));
  }

  #logprobs(pieces: readonly ChoicePiece[]) {
    if (!this.#request.logprobs) return null;
    return { content: entriesOf(pieces.flatMap(({ tokens }) => tokens)), refusal: null };
  }

  #head({ model }: ReadPromptResult, object: string) {
    return { id: this.#id, object, created: this.#created, model: model.model_id };
  }
}
