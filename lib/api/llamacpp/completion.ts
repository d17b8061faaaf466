// POST /completion, as llama.cpp's server has it.
import type { Context } from "fresh";
import { z } from "zod";
import type { State } from "../../define.ts";
import type { CompletionEnd } from "../../engine/complete.ts";
import type { SubmitOptions } from "../../engine/types.ts";
import type { ReadPromptResult } from "../../wire/sample.ts";
import { type Amount, checkAmount } from "../completions/amount.ts";
import { type ChoiceInput, type ChoicePiece, collect, runChoice } from "../completions/choice.ts";
import { paramsOf } from "../completions/fields.ts";
import { writeJson } from "../http/json_parts.ts";
import { entriesOf } from "../completions/logprobs.ts";
import {
  checkListed,
  choiceInput,
  optionsOf,
  promptInput,
  readDrawLimit,
  withChoiceSeed,
} from "../completions/request.ts";
import { withSentNames } from "../completions/sent_names.ts";
import { answerAtOnce } from "../http/answer.ts";
import { readJson } from "../http/body.ts";
import { apiFault } from "../http/errors.ts";
import { answerStream } from "../openai/chunks.ts";
import { openAiEndpoint } from "../openai/operation.ts";
import {
  checkPrompts,
  choiceLimitOf,
  type LlamaRequest as Request,
  llamaRequest,
  measurePrompt,
  readLlamaRequest,
  translateLlama,
} from "./completion_request.ts";
import { pickFields } from "./response_fields.ts";
import { generationSettings, withActingTemperature } from "./settings.ts";
import { Timings } from "./timings.ts";

const llamaResult = z.looseObject({
  index: z.int().min(0).optional(),
  content: z.string().optional(),
  tokens: z.array(z.int()).optional().describe("With return_tokens, or while streaming."),
  stop: z.boolean().optional(),
}).describe("A list of these where there are several: of a list of prompts, or with n above 1.");

export const llamaCompletionEndpoint = openAiEndpoint({
  path: "/completion",
  id: "llamaCompletion",
  summary: "A completion, as llama.cpp's server has it.",
  nulls: true,
  request: llamaRequest,
  result: z.union([llamaResult, z.array(llamaResult)]),
  events: "Data lines: one a token, the last with stop true.",
});

/** One answer, or a stream of tokens. */
export async function answerLlamaCompletion(ctx: Context<State>): Promise<Response> {
  const body = await readJson(ctx.req);
  const { words, names } = translateLlama(body);
  return await withSentNames(names, () => answerWords(ctx, words, body));
}

async function answerWords(ctx: Context<State>, words: unknown, body: unknown): Promise<Response> {
  const options = optionsOf(ctx);
  const request = await readLlamaRequest(words, body, ctx.state.engine, options);
  const several = isSeveral(request.prompt);
  const all = several ? request.prompt as Request["prompt"][] : [request.prompt];
  checkPrompts(all);
  const most = choiceLimitOf(all.length);
  if (request.n > most) {
    const message =
      `Of ${all.length} prompts n is at most ${most}, but is ${request.n}. Send fewer prompts at once.`;
    throw apiFault("invalid_request", message, "n");
  }
  const described = checkAmount(amountOf(request, all), ctx.state);
  if (!request.stream) {
    return await answerAtOnce(ctx.state, described, async () => {
      const answers = await writeAnswers(ctx, request, all, options);
      return answers.length > 1 ? writeJson(answers) : answers[0]!; // a list of one prompt too, as there
    });
  }
  return await answerStream(ctx, (left) => writeChunks(ctx, request, all, optionsOf(ctx, left)), {
    done: false,
  });
}

/** What all prompts and choices of a request make together. Every answer has its prompt. */
function amountOf(request: Request, all: readonly Request["prompt"][]): Amount {
  const { n, ignore_eos, n_probs } = request;
  return {
    ...{ prompts: all.map(measurePrompt), choices: n, most: drawLimitOf(request) },
    lengthField: "n_predict",
    ...{ endless: ignore_eos, repeats: true, listed: n_probs },
  };
}

/** Every answer, written. */
async function writeAnswers(
  ctx: Context<State>,
  request: Request,
  all: readonly Request["prompt"][],
  options: SubmitOptions,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const answers: Uint8Array<ArrayBuffer>[] = [];
  for await (const choice of listChoices(ctx, request, all, options)) {
    const timings = new Timings(choice.prompt.ids.length);
    const run = runChoice(ctx.state.engine, choice.prompt, choice.input, options);
    const { pieces, end } = await collect(run, (piece) => timings.take(piece));
    const final = { ...finalOf(request, choice, pieces, end), timings: timings.figures() };
    answers.push(writeJson(pickFields(final, request.response_fields)));
  }
  return answers;
}

/** A list is one prompt where it has an id, and several where it has texts or lists alone, as there. */
function isSeveral(prompt: Request["prompt"]): boolean {
  return Array.isArray(prompt) && prompt.length > 0 && prompt.every((part) => typeof part !== "number");
}

interface Choice {
  readonly prompt: ReadPromptResult;
  readonly input: ChoiceInput;
  readonly index: number;
}

/** Every choice of every prompt. All prompts are read first: nothing is computed of a request that lists too much. */
async function* listChoices(
  { state: { engine } }: Context<State>,
  request: Request,
  all: readonly Request["prompt"][],
  options: SubmitOptions,
): AsyncGenerator<Choice> {
  const prompts: ReadPromptResult[] = [];
  let listed = 0;
  for (const source of all) {
    const prompt = await engine.submit("read_prompt", await promptOf(source, engine, options), options);
    const { vocab_size, context_length } = prompt.model;
    const top = Math.min(request.n_probs, vocab_size);
    const most = Math.min(drawLimitOf(request) ?? Infinity, context_length - prompt.ids.length);
    listed = request.stream ? most : listed + request.n * most; // a stream goes out as it is made
    checkListed(top === 0 ? 0 : listed, top);
    prompts.push(prompt);
  }
  let index = 0;
  for (const prompt of prompts) {
    const input = choiceOf(request, prompt);
    for (let choice = 0; choice < request.n; choice++) {
      yield { prompt, input: withChoiceSeed(input, choice), index: index++ };
    }
  }
}

/** What the choices of a prompt are drawn with. */
function choiceOf(request: Request, { model }: ReadPromptResult): ChoiceInput {
  const top = Math.min(request.n_probs, model.vocab_size);
  const of = request.post_sampling_probs ? "final" : "raw";
  const logprobs = top === 0 ? null : { top, of, names: "text" } as const;
  const acting = { ...request, ...withActingTemperature(paramsOf(request)) };
  return choiceInput(acting, model, { max_tokens: drawLimitOf(request), echo: false, logprobs });
}

/** Tokens a choice, one of 0 too, as there; null: until the text or the context ends. */
const drawLimitOf = ({ n_predict }: Request) => readDrawLimit(n_predict === 0 ? 1 : n_predict);

/** Texts of a mixed prompt become ids each by itself; a BOS comes before the first alone. */
async function promptOf(
  source: Request["prompt"],
  engine: Context<State>["state"]["engine"],
  options: SubmitOptions,
) {
  const asked = { texts: true, add_special_tokens: true };
  if (typeof source === "string") return promptInput(source, asked);
  if (measurePrompt(source).texts === 0) return promptInput(source as readonly number[], asked);
  const ids: number[] = [];
  for (const [at, part] of (source as readonly (string | number)[]).entries()) {
    if (typeof part === "number") ids.push(part);
    else {
      const text = { model_key: null, text: part, parse_special: true, add_special: at === 0 };
      for (const id of (await engine.submit("encode", text, options)).ids) ids.push(id);
    }
  }
  return promptInput(ids, asked);
}

async function* writeChunks(
  ctx: Context<State>,
  request: Request,
  all: readonly Request["prompt"][],
  options: SubmitOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  for await (const choice of listChoices(ctx, request, all, options)) {
    const pieces: ChoicePiece[] = [];
    const timings = new Timings(choice.prompt.ids.length);
    const run = runChoice(ctx.state.engine, choice.prompt, choice.input, options);
    for (let next = await run.next();; next = await run.next()) {
      if (next.done) {
        const final = { ...finalOf(request, choice, pieces, next.value), ...endStream(next.value) };
        yield writeJson(pickFields({ ...final, timings: timings.figures() }, request.response_fields));
        break;
      }
      timings.take(next.value);
      pieces.push(next.value);
      const figures = request.timings_per_token ? { timings: timings.figures() } : {};
      const piece = pieceOf(request, choice, next.value);
      if (pieces.length === 1 && request.return_progress) {
        const read = { content: "", tokens: [], completion_probabilities: undefined };
        yield writeJson({ ...piece, ...read, tokens_predicted: 0, prompt_progress: timings.promptRead() });
      }
      yield writeJson({ ...piece, tokens_predicted: pieces.length, ...figures });
    }
  }
}

/** The text was streamed; what is left is what no token came after. */
function endStream({ text }: CompletionEnd) {
  return { content: text, tokens: [], completion_probabilities: undefined };
}

function pieceOf({ n_probs }: Request, { index, prompt }: Choice, { tokens, text }: ChoicePiece) {
  return {
    index,
    content: text,
    tokens: tokens.map(({ id }) => id),
    stop: false,
    id_slot: -1,
    tokens_evaluated: prompt.ids.length,
    completion_probabilities: n_probs > 0 ? entriesOf(tokens) : undefined,
  };
}

const STOP_TYPES = {
  ...{ end_of_text: "eos", stop: "word", constraint_end: "eos" },
  ...{ length: "limit", context_full: "limit" },
} as const satisfies Record<CompletionEnd["reason"], string>;

function finalOf(
  request: Request,
  { index, prompt }: Choice,
  pieces: readonly ChoicePiece[],
  end: CompletionEnd,
) {
  const tokens = pieces.flatMap((piece) => piece.tokens);
  return {
    index,
    content: pieces.map(({ text }) => text).join("") + end.text,
    tokens: request.return_tokens ? tokens.map(({ id }) => id) : [],
    id_slot: -1,
    stop: true,
    stop_type: STOP_TYPES[end.reason],
    stopping_word: typeof end.stoppedBy === "string" ? end.stoppedBy : "",
    model: prompt.model.model_id,
    prompt: (prompt.texts ?? []).join(""),
    generation_settings: settingsOf(request, prompt),
    tokens_predicted: end.tokens,
    tokens_evaluated: prompt.ids.length,
    tokens_cached: prompt.ids.length + Math.max(0, end.tokens - 1), // the last one's are not computed
    truncated: false,
    has_new_line: pieces.some(({ text }) => text.includes("\n")),
    completion_probabilities: request.n_probs > 0 ? entriesOf(tokens) : undefined,
  };
}

function settingsOf(request: Request, { model }: ReadPromptResult) {
  const { n_predict, n_probs, post_sampling_probs, stream, ignore_eos, constraint, timings_per_token } =
    request;
  return {
    ...generationSettings(paramsOf(request), request.dry_sequence_breakers),
    ...{
      n_predict,
      max_tokens: n_predict,
      n_probs,
      post_sampling_probs,
      stream,
      ignore_eos,
      timings_per_token,
    },
    grammar: constraint.enabled && constraint.type === "cfg" ? constraint.schema : "",
    n_ctx: model.context_length,
  };
}
