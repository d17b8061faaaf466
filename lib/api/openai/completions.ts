// POST /v1/completions, as OpenAI's API and vLLM have it.
import type { Context } from "fresh";
import { z } from "zod";
import type { State } from "../../define.ts";
import type { CompletionEnd } from "../../engine/complete.ts";
import type { SubmitOptions } from "../../engine/types.ts";
import type { ReadPromptResult } from "../../wire/sample.ts";
import { type ChoiceInput, type ChoicePiece, collect, runChoice } from "../completions/choice.ts";
import { completionFields } from "../completions/fields.ts";
import { writeJson } from "../http/json_parts.ts";
import { logprobLists, logprobsOf } from "../completions/logprobs.ts";
import { inOwnWords } from "../completions/other_names.ts";
import { checkListed, choiceInput, ofChoice, optionsOf, promptInput } from "../completions/request.ts";
import { readJson } from "../http/body.ts";
import { apiFault } from "../http/errors.ts";
import { parseRequest } from "../http/parse.ts";
import { listOf } from "../schemas/list.ts";
import { CONTEXT_TEXT, given, unlessGiven } from "../schemas/rules.ts";
import { text, tokenIds } from "../schemas/values.ts";
import { answerStream } from "./chunks.ts";
import { openAiEndpoint } from "./operation.ts";
import { endingOf, finishReason, stopReason, usageOf, usageSchema } from "./finish.ts";

const MOST_PROMPTS = 2048;
const WHOLE_VOCABULARY = -1; // as vLLM

const many = { max: MOST_PROMPTS, sentence: `Send at most ${MOST_PROMPTS} prompts at once.` };
const someText = text.meta(CONTEXT_TEXT);
const someIds = tokenIds.meta({ minItems: 1 });
const prompts = z.union([
  someText,
  someIds,
  listOf(someText, many).meta({ minItems: 1 }),
  listOf(someIds, many).meta({ minItems: 1 }),
])
  .describe("Text or token ids, or a list of either.");

const completionsRequest = z.strictObject({
  ...completionFields,
  prompt: prompts,
  max_tokens: z.int().min(0).max(1_000_000).default(16),
  echo: z.boolean().default(false).describe("The prompt comes first, with its log-probabilities."),
  logprobs: z.union([z.boolean(), z.int().min(WHOLE_VOCABULARY)]).nullable().default(null)
    .describe("Most probable tokens listed a position, up to the vocabulary (-1); null: none."),
  return_token_ids: z.boolean().default(false).describe(
    "Choices have prompt_token_ids and token_ids, as vLLM's.",
  ),
  add_special_tokens: z.boolean().default(true).describe(
    "Text is read with the tokenizer's BOS, if it has one.",
  ),
}).meta({
  anyOf: [
    unlessGiven("max_tokens", { not: { const: 0 } }),
    given("echo", { const: true }),
    unlessGiven("logprobs", { enum: [null, false] }),
  ],
});
type Request = z.output<typeof completionsRequest>;
const OWN_FIELDS = new Set(Object.keys(completionsRequest.shape));

const choice = z.object({
  index: z.int().min(0),
  text: z.string(),
  logprobs: logprobLists.nullable(),
  finish_reason: finishReason.nullable(),
  stop_reason: stopReason,
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
  const request = parseRequest(completionsRequest, inOwnWords(await readJson(ctx.req), OWN_FIELDS));
  checkRequest(request);
  const run = new CompletionRun(ctx, request);
  if (request.stream) return await answerStream(ctx, (left) => run.chunks(optionsOf(ctx, left)));
  const body = await run.whole(optionsOf(ctx));
  return new Response(body, { headers: { "content-type": "application/json" } });
}

function checkRequest({ echo, max_tokens, logprobs }: Request): void {
  if (max_tokens === 0 && !echo && logprobs !== null && logprobs !== false) {
    throw apiFault("invalid_request", "With max_tokens 0, logprobs need echo true.", "logprobs");
  }
}

/** The prompts of a request one by one. */
function promptsOf(prompt: Request["prompt"]): readonly (string | readonly number[])[] {
  if (typeof prompt === "string") return [prompt];
  if (prompt.length === 0) throw apiFault("empty_context", "prompt has no token.", "prompt");
  return typeof prompt[0] === "number"
    ? [prompt as readonly number[]]
    : prompt as readonly (string | readonly number[])[];
}

/** One request on its way. */
class CompletionRun {
  readonly #ctx: Context<State>;
  readonly #request: Request;
  readonly #id = `cmpl-${crypto.randomUUID()}`;
  readonly #created = Math.floor(Date.now() / 1000);
  #promptTokens = 0;
  #completionTokens = 0;

  constructor(ctx: Context<State>, request: Request) {
    this.#ctx = ctx;
    this.#request = request;
  }

  async whole(options: SubmitOptions): Promise<Uint8Array<ArrayBuffer>> {
    const choices: unknown[] = [];
    let model = "";
    for await (const { prompt, input, index } of this.#choices(options)) {
      model = prompt.model.model_id;
      const { pieces, end } = await collect(runChoice(this.#ctx.state.engine, prompt, input, options));
      this.#completionTokens += end.tokens;
      choices.push({
        ...this.#choice(index, pieces, end),
        ...this.#ids(prompt, pieces.slice(this.#request.echo ? 1 : 0)),
      });
    }
    return writeJson(this.#answer(model, choices, this.#usage()));
  }

  /** Data of the events, in order. */
  async *chunks(options: SubmitOptions): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    let model = "";
    const usage = this.#request.stream_options.include_usage ? null : undefined;
    for await (const { prompt, input, index } of this.#choices(options)) {
      model = prompt.model.model_id;
      const run = runChoice(this.#ctx.state.engine, prompt, input, options);
      let echoes = this.#request.echo; // the first piece is the prompt
      for (let next = await run.next();; next = await run.next()) {
        const [pieces, end] = next.done ? [[], next.value] : [[next.value], null];
        const ids = this.#ids(prompt, echoes ? [] : pieces);
        echoes = false;
        yield writeJson(this.#answer(model, [{ ...this.#choice(index, pieces, end), ...ids }], usage));
        if (end === null) continue;
        this.#completionTokens += end.tokens;
        break;
      }
    }
    if (usage === null) yield writeJson(this.#answer(model, [], this.#usage()));
  }

  /** Every choice with its prompt, as it is due. */
  async *#choices(options: SubmitOptions): AsyncGenerator<
    { readonly prompt: ReadPromptResult; readonly input: ChoiceInput; readonly index: number }
  > {
    const { n, echo, stream, max_tokens, return_tokens_as_token_ids, add_special_tokens } = this.#request;
    const { engine } = this.#ctx.state;
    let index = 0;
    let listed = 0;
    for (const source of promptsOf(this.#request.prompt)) {
      const asked = promptInput(source, { texts: echo, add_special_tokens });
      const prompt = await engine.submit("read_prompt", asked, options);
      this.#promptTokens += prompt.ids.length;
      const top = listedOf(this.#request.logprobs, prompt.model.vocab_size);
      if (top !== null) {
        const { length } = prompt.ids;
        const tokens = n * ((echo ? length : 0) + Math.min(max_tokens, prompt.model.context_length - length));
        listed = stream ? tokens / n : listed + tokens; // a stream goes out as it is made
        checkListed(listed, top);
      }
      const names = return_tokens_as_token_ids ? "id" : "text";
      const logprobs = top === null ? null : { top, of: "raw", names } as const;
      const input = choiceInput(this.#request, prompt.model, { max_tokens, echo, logprobs });
      for (let choice = 0; choice < n; choice++) {
        yield { prompt, input: ofChoice(input, choice), index: index++ };
      }
    }
  }

  #choice(index: number, pieces: readonly ChoicePiece[], end: CompletionEnd | null) {
    const asked = this.#request.logprobs !== null && this.#request.logprobs !== false;
    const tokens = pieces.flatMap((piece) => piece.tokens);
    return {
      index,
      text: pieces.map((piece) => piece.text).join("") + (end?.text ?? ""),
      logprobs: tokens.length === 0 && end !== null && this.#request.stream
        ? null
        : logprobsOf(tokens, asked),
      ...(end === null ? { finish_reason: null, stop_reason: null } : endingOf(end)),
    };
  }

  /** The prompt's ids and those of what was generated, where they are asked for. */
  #ids({ ids }: ReadPromptResult, pieces: readonly ChoicePiece[]) {
    if (!this.#request.return_token_ids) return {};
    return { prompt_token_ids: ids, token_ids: pieces.flatMap(({ tokens }) => tokens.map(({ id }) => id)) };
  }

  #answer(model: string, choices: readonly unknown[], usage: unknown) {
    return { id: this.#id, object: "text_completion", created: this.#created, model, choices, usage };
  }

  #usage() {
    return usageOf(this.#promptTokens, this.#completionTokens);
  }
}

/** How many tokens are listed; null: none, and no log-probabilities. `true` is that of the chosen token alone. */
function listedOf(logprobs: Request["logprobs"], vocabulary: number): number | null {
  if (logprobs === null || logprobs === false) return null;
  if (logprobs === true) return 0;
  return logprobs === WHOLE_VOCABULARY ? vocabulary : Math.min(logprobs, vocabulary);
}
