// Text, ids and the server's own facts, in the union of llama.cpp's and vLLM's forms: POST /tokenize, /detokenize,
// /apply-template, GET /tokenizer_info, /props, /health.
import type { Context } from "fresh";
import { z } from "zod";
import type { State } from "../../define.ts";
import type { SubmitOptions } from "../../engine/types.ts";
import type { EncodeInput } from "../../wire/sample.ts";
import type { ChatMessage, JsonObject } from "../../wire/token.ts";
import { MEANINGLESS, toOwnWords } from "../completions/other_names.ts";
import { optionsOf, promptInput } from "../completions/request.ts";
import { previewFields } from "../endpoints/preview.ts";
import { chatFields } from "../schemas/chat.ts";
import { answerAtOnce, answerWork, type Asked } from "../http/answer.ts";
import { readJson } from "../http/body.ts";
import { apiFault } from "../http/errors.ts";
import { parseRequest } from "../http/parse.ts";
import { checkTemplateName } from "../http/template_name.ts";
import { chatRequest, withChatRequest } from "../openai/chat.ts";
import { openAiEndpoint, openAiGet } from "../openai/operation.ts";
import { readChat, readTurns, turnOf } from "../openai/turns.ts";
import { allowValue, CONTINUED, requireAbsent, requireValue, SOME } from "../schemas/rules.ts";
import { text, tokenIds } from "../schemas/values.ts";
import { generationSettings, LLAMA_DEFAULTS } from "./settings.ts";

const { add_generation_prompt, continue_final_message } = previewFields;
const chat = { ...chatFields, add_generation_prompt, continue_final_message };

const TEXT = { type: "string" };
/** What is said to the chat template, and so means nothing to a text. */
const OF_CHAT = Object.keys(chat).filter((name) => name !== "messages");
const PLAIN = OF_CHAT.map(requireAbsent);

const tokenizeRequest = z.strictObject({
  ...chat,
  content: text.optional().describe("llama.cpp's form: nothing is added unless add_special_tokens says so."),
  prompt: text.optional().describe("vLLM's form: a BOS is added unless add_special_tokens says no."),
  model: z.string().optional(),
  add_special: z.boolean().optional().describe("llama.cpp's word; add_special_tokens wins over it."),
  add_special_tokens: z.boolean().optional().describe("Adds a BOS, if there is one, also to a conversation."),
  parse_special: z.boolean().default(true).describe("Special-token strings are special tokens."),
  with_pieces: z.boolean().default(false).describe(
    "Tokens are {id, piece}; a piece is text, or bytes that are none.",
  ),
  return_token_strs: z.boolean().default(false),
}).meta({
  allOf: [CONTINUED],
  anyOf: [
    { allOf: [requireValue("content", TEXT), requireAbsent("prompt"), requireAbsent("messages"), ...PLAIN] },
    { allOf: [requireValue("prompt", TEXT), requireAbsent("content"), requireAbsent("messages"), ...PLAIN] },
    {
      allOf: [
        ...[requireValue("messages", SOME), requireAbsent("content"), requireAbsent("prompt")],
        allowValue("parse_special", { enum: [true, null] }),
      ],
    },
  ],
});
const piece = z.union([z.string(), z.array(z.int().min(0).max(255))]);

export const clientTokenizeEndpoint = openAiEndpoint({
  path: "/tokenize",
  id: "clientTokenize",
  summary: "The ids of a text or conversation, in llama.cpp's form and vLLM's.",
  request: tokenizeRequest,
  result: z.object({
    tokens: z.union([z.array(z.int()), z.array(z.object({ id: z.int(), piece }))]),
    count: z.int(),
    max_model_len: z.int(),
    token_strs: z.array(z.string()).optional(),
  }),
  nulls: true,
});

/** POST /tokenize: ids, with their pieces where asked. Throws what the request's schema refuses, and queue_full where
 * too many long answers are on their way. */
export async function answerTokenize(ctx: Context<State>): Promise<Response> {
  const request = await readWords(ctx, tokenizeRequest, refuseUnread);
  const { engine } = ctx.state;
  checkTemplateName(request, engine.status());
  const options = optionsOf(ctx);
  const { model_key, ...asked } = await textOf(request, engine, options);
  const { with_pieces, return_token_strs } = request;
  const input = { model_key, ...asked, with_pieces, return_token_strs };
  const described = with_pieces || return_token_strs ? Math.ceil(asked.text.length / 2) : 0;
  const work = ({ signal }: Asked) => {
    return engine.submit("client_tokens", input, { ...options, signal, encoded: true });
  };
  return await answerWork(ctx, work, described);
}

/** A request, of which a field that is null counts as left out. Throws invalid_request for one that nothing reads, and
 * what `check` of its words throws. */
async function readWords<T extends z.ZodObject>(
  { req }: Context<State>,
  schema: T,
  check: (words: JsonObject) => void = () => {},
): Promise<z.output<T>> {
  const own = new Set(Object.keys(schema.shape));
  const { words } = toOwnWords(await readJson(req), own, MEANINGLESS);
  const request = parseRequest(schema, words);
  check(words);
  return request;
}

/** Throws invalid_request for fields that mean nothing beside the text or the conversation that is sent. */
function refuseUnread(words: JsonObject): void {
  if (words.messages === undefined) {
    const name = OF_CHAT.find((name) => words[name] !== undefined);
    if (name === undefined) return;
    throw apiFault(
      "invalid_request",
      `${name} is read with messages only: a text has no chat template.`,
      name,
    );
  }
  if (words.parse_special !== false) return;
  const message =
    "parse_special must be true with messages: the special tokens that the template writes are some.";
  throw apiFault("invalid_request", message, "parse_special");
}

/** The text that a request is about, and how it is read. */
async function textOf(
  request: z.output<typeof tokenizeRequest>,
  engine: Context<State>["state"]["engine"],
  options: SubmitOptions,
): Promise<EncodeInput> {
  const { content, prompt, messages, parse_special } = request;
  if ([content, prompt, messages ?? undefined].filter((one) => one !== undefined).length !== 1) {
    throw apiFault("invalid_request", "Send one of content, prompt and messages.", "prompt");
  }
  const add_special = request.add_special_tokens ?? request.add_special ?? prompt !== undefined;
  if (messages !== null) {
    const rendered = await readChat(engine, conversationInput(request, messages), options);
    const asked = { text: rendered.template_text ?? "", parse_special: true, add_special };
    return { model_key: rendered.model.model_key, ...asked };
  }
  return { model_key: null, text: content ?? prompt!, parse_special, add_special };
}

function conversationInput(request: z.output<z.ZodObject<typeof chat>>, messages: readonly ChatMessage[]) {
  const { tools, documents, chat_template, chat_template_kwargs } = request;
  const { add_generation_prompt, continue_final_message } = request;
  return {
    ...promptInput("", { texts: false, add_special_tokens: false }),
    ...{ messages: readTurns(messages), tools, documents, chat_template, chat_template_kwargs },
    ...{ use_chat_template: null, add_generation_prompt, continue_final_message },
  };
}

const detokenizeRequest = z.strictObject({ tokens: tokenIds, model: z.string().optional() });

export const clientDetokenizeEndpoint = openAiEndpoint({
  path: "/detokenize",
  id: "clientDetokenize",
  summary: "The text of ids, as content (llama.cpp) and prompt (vLLM).",
  request: detokenizeRequest,
  result: z.object({ content: z.string(), prompt: z.string() }),
  nulls: true,
});

/** POST /detokenize: the text of ids, as `content` (llama.cpp) and `prompt` (vLLM). */
export async function answerDetokenize(ctx: Context<State>): Promise<Response> {
  const { tokens } = await readWords(ctx, detokenizeRequest);
  const input = { model_key: null, ids: tokens };
  const options = { ...optionsOf(ctx), encoded: true };
  return await answerAtOnce(ctx.state, 0, () => ctx.state.engine.submit("detokenize", input, options));
}

export const applyTemplateEndpoint = openAiEndpoint({
  path: "/apply-template",
  id: "applyTemplate",
  summary: "A conversation as the chat template writes it, of all that POST /v1/chat/completions takes.",
  request: chatRequest,
  result: z.object({ prompt: z.string() }),
  nulls: true,
});

/** POST /apply-template: a conversation as the model's chat template writes it; "" where the model has none. */
export async function answerApplyTemplate(ctx: Context<State>): Promise<Response> {
  return await withChatRequest(await readJson(ctx.req), async (sent) => {
    const input = conversationInput({ ...sent, ...turnOf(sent) }, sent.messages);
    const { template_text } = await readChat(ctx.state.engine, input, optionsOf(ctx));
    return Response.json({ prompt: template_text ?? "" });
  });
}

export const tokenizerInfoEndpoint = openAiGet(
  "/tokenizer_info",
  "tokenizerInfo",
  "The tokenizer's special tokens and chat template, as vLLM gives them.",
  z.looseObject({ tokenizer_class: z.string().nullable(), chat_template: z.string().nullable() }),
);

/** GET /tokenizer_info: special tokens and chat template, as vLLM's server gives them. */
export async function answerTokenizerInfo(ctx: Context<State>): Promise<Response> {
  const { tokens, ...info } = await ctx.state.engine.submit(
    "tokenizer_info",
    { model_key: null },
    optionsOf(ctx),
  );
  return Response.json({ ...info, ...tokens });
}

export const propsEndpoint = openAiGet(
  "/props",
  "props",
  "The model and its defaults, as llama.cpp's server gives them.",
  z.looseObject({ total_slots: z.int(), chat_template: z.string() }),
);

/** GET /props: the model and its defaults, as llama.cpp's server gives them. */
export async function answerProps(ctx: Context<State>): Promise<Response> {
  const { engine } = ctx.state;
  const { tokens, chat_template } = await engine.submit(
    "tokenizer_info",
    { model_key: null },
    optionsOf(ctx),
  );
  const { model } = engine.status();
  const info = model.state === "ready" ? model.info : null;
  return Response.json({
    default_generation_settings: {
      n_ctx: info?.contextLength ?? 0,
      params: generationSettings(LLAMA_DEFAULTS),
    },
    total_slots: 1,
    model_alias: info?.id ?? "",
    model_path: info?.id ?? "",
    chat_template: chat_template ?? "",
    bos_token: tokens.bos_token ?? "",
    eos_token: tokens.eos_token ?? "",
    modalities: { vision: false, audio: false },
    is_sleeping: false,
  });
}

const WHETHER_ONE_SERVES = "Whether a model serves; 503 while it is loading.";
const isWell = z.object({ status: z.literal("ok") });
export const healthEndpoint = openAiGet("/health", "health", WHETHER_ONE_SERVES, isWell);
export const openAiHealthEndpoint = openAiGet("/v1/health", "openAiHealth", WHETHER_ONE_SERVES, isWell);

/** Throws model_loading and model_failed. */
export function answerHealth({ state: { engine } }: Context<State>): Response {
  const { model, load } = engine.status();
  if (model.state === "ready") return Response.json({ status: "ok" });
  if (model.state === "failed" && load === null) throw apiFault("model_failed", model.reason);
  throw apiFault("model_loading", "The model is still loading.");
}
