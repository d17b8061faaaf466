// From a request to the ids the model reads. Every endpoint goes through here, so that a bad id or a context that
// is too long gets the same sentence everywhere. Text is never cut.
import type { ChatMessage, Message } from "../wire/token.ts";
import type { ContextInput } from "../wire/preview.ts";
import { isRecord } from "../basics/is_record.ts";
import type { Slices } from "../basics/slices.ts";
import { fault, faultOf, unknownTokenError } from "../fault.ts";
import { encodeText } from "./encode_text.ts";
import type { ChatRenderer, LanguageModel } from "./types.ts";
import { DEFAULT_SYSTEM_PROMPT } from "../wire/system_prompt.ts";
import type { TextCodec } from "../text/types.ts";

/** A context: the prompt's ids, then the completion's. */
export interface Context {
  readonly ids: readonly number[];
  readonly promptLength: number;
  readonly templateText: string | null; // what the chat template wrote
  readonly warnings: readonly string[];
}

/** The ids of a context given as exact `ids`, or as `text` read with the tokenizer's defaults (its BOS if it has
 * one; special-token strings are special tokens).
 *
 * Throws faults: empty_context, unknown_token, context_too_long. `complete`: every character has a token. */
export async function readContextIds(
  source: { readonly text: string | null; readonly ids: readonly number[] | null },
  model: LanguageModel,
  signal: AbortSignal,
): Promise<{ readonly ids: readonly number[]; readonly complete: boolean }> {
  const { ids, text } = source;
  const read = ids === null
    ? await encodeText(text ?? "", model, { signal, field: "text" })
    : { ids, complete: true };
  checkIds(read.ids, model, ids ? "ids" : "text");
  return read;
}

/** The context of a request: prompt_ids, else messages, else the prompt (a user's turn of the chat template, or
 * plain text), and behind it the completion.
 *
 * Throws faults: empty_context, unknown_token, context_too_long; unsupported where the model has no chat template or
 * the template refuses the conversation; invalid_request where the fields contradict each other. */
export async function contextOf(
  source: ContextInput,
  model: LanguageModel,
  signal: AbortSignal,
): Promise<Context> {
  const { ids: prompt, field, templateText, warnings } = await promptOf(source, model, signal);
  const ids = [...prompt, ...source.completion_ids];
  checkLength(ids, model, field); // first: a body has room for half a million
  checkKnown(prompt, model, field);
  checkKnown(source.completion_ids, model, "completion_ids");
  return { ids, promptLength: prompt.length, templateText, warnings };
}

/** Throws where a context cannot be read by the model; `field` names the part of the request it came from. */
export function checkIds(ids: readonly number[], model: LanguageModel, field: string): void {
  checkLength(ids, model, field);
  checkKnown(ids, model, field);
}

/** Throws empty_context or context_too_long. */
export function checkLength(ids: readonly number[], model: LanguageModel, field: string): void {
  if (ids.length === 0) {
    throw fault("empty_context", "The context has no token. Write at least one character.", field);
  }
  const over = ids.length - model.contextLength;
  if (over <= 0) return;
  const count = over === 1 ? "1 token" : `${over} tokens`;
  const message =
    `The context has ${ids.length} tokens, ${count} more than the ${model.contextLength} that ${model.id} can read. Shorten it by ${count}.`;
  throw fault("context_too_long", message, field);
}

/** Throws unknown_token for the first id that the model has no logit for. */
export function checkKnown(ids: readonly number[], model: LanguageModel, field: string): void {
  const bad = ids.findIndex((id) => !(id >= 0 && id < model.vocabSize));
  if (bad < 0) return;
  throw unknownTokenError(ids[bad]!, model, `${field}[${bad}]`);
}

interface PromptIds {
  readonly ids: readonly number[];
  readonly field: string;
  readonly templateText: string | null;
  readonly warnings: readonly string[];
}

async function promptOf(
  source: ContextInput,
  model: LanguageModel,
  signal: AbortSignal,
): Promise<PromptIds> {
  const { prompt, prompt_ids, messages, use_chat_template } = source;
  if (prompt_ids !== null) {
    const warnings = warnUnused(source, "With prompt_ids", ["system_prompt", "prompt"]);
    return { ids: prompt_ids, field: "prompt_ids", templateText: null, warnings };
  }
  if (messages === null && !(use_chat_template ?? model.chat !== null)) {
    const { ids, complete } = await encodeText(prompt, model, {
      signal,
      field: "prompt",
      has: "The prompt has",
    });
    checkLength([...ids, ...source.completion_ids], model, "prompt");
    const warnings = [
      ...warningsOfText(source, ids, complete, model),
      ...warnUnused(source, "Without a chat template", ["system_prompt"]),
    ];
    return { ids, field: "prompt", templateText: null, warnings };
  }
  const field = messages === null ? "prompt" : "messages";
  const { text, warnings } = await renderChat(source, chatOf(source, model), signal);
  const spoken = messages ??
    [{ role: "user", content: prompt }, { role: "system", content: source.system_prompt }];
  // As Transformers reads what a template wrote: it has its own BOS, and special-token strings count everywhere.
  const options = { signal, field, has: "The chat template wrote", postProcess: false };
  const { ids } = await encodeText(text, model, options);
  checkLength([...ids, ...source.completion_ids], model, field);
  return {
    ids,
    field,
    templateText: text,
    warnings: [...warnings, ...await findSpecials(spoken, model, signal)],
  };
}

/** The chat template, or a fault that says why there is none to use. */
function chatOf({ messages, use_chat_template }: ContextInput, model: LanguageModel): ChatRenderer {
  if (messages !== null && use_chat_template === false) {
    const message = "Messages need the chat template: leave use_chat_template out, or send a prompt instead.";
    throw fault("invalid_request", message, "use_chat_template");
  }
  if (messages?.length === 0) {
    throw fault("invalid_request", "messages must hold at least one message.", "messages");
  }
  if (model.chat !== null) return model.chat;
  const message = `${model.id} has no chat template. Send use_chat_template false and a prompt.`;
  throw fault("unsupported", message, messages === null ? "use_chat_template" : "messages");
}

/** A conversation as text. Where a template takes no system turn and the request has none but our default, it is
 * left out, with a warning. */
async function renderChat(
  source: ContextInput,
  chat: ChatRenderer,
  signal: AbortSignal,
): Promise<{ text: string; warnings: string[] }> {
  const options = {
    addGenerationPrompt: source.add_generation_prompt && !source.continue_final_message,
    continueFinalMessage: source.continue_final_message,
    template: source.chat_template ?? null,
    variables: { ...source.chat_template_kwargs, tools: source.tools, documents: source.documents },
    signal,
  };
  const read = async (messages: readonly ChatMessage[]) => {
    const text = await chat.render(messages, options);
    return {
      text,
      warnings: chat.findUnread(options).map((name) => `The chat template does not read ${name}.`),
    };
  };
  if (source.messages !== null) return await read(source.messages);
  const user: Message = { role: "user", content: source.prompt };
  if (source.system_prompt === "") return await read([user]);
  try {
    return await read([{ role: "system", content: source.system_prompt }, user]);
  } catch (error) {
    if (source.system_prompt !== DEFAULT_SYSTEM_PROMPT || faultOf(error)?.code !== "invalid_request") {
      throw error;
    }
    const { text, warnings } = await read([user]);
    const left = "The chat template takes no system turn: the default system prompt is left out.";
    return { text, warnings: [left, ...warnings] };
  }
}

/** What a request says that is not used where no chat template is asked; `where`: why; `texts`: which of its texts. */
function warnUnused(
  source: ContextInput,
  where: string,
  texts: readonly ("system_prompt" | "prompt")[],
): string[] {
  const { messages, tools, documents, chat_template, chat_template_kwargs } = source;
  const given = {
    ...Object.fromEntries(texts.map((name) => [name, source[name]])),
    ...{ messages, tools, documents, chat_template, chat_template_kwargs },
  };
  const isGiven = (value: unknown) =>
    typeof value === "string"
      ? value !== "" && value !== DEFAULT_SYSTEM_PROMPT
      : Object.keys(value ?? {}).length > 0;
  const names = Object.keys(given).filter((name) => isGiven(given[name as keyof typeof given]));
  return names.map((name) => `${where}, ${name} ${name.endsWith("s") ? "are" : "is"} not used.`);
}

function warningsOfText(
  { prompt, completion_ids }: ContextInput,
  ids: readonly number[],
  complete: boolean,
  model: LanguageModel,
) {
  const warnings: string[] = [];
  if (/ $/.test(prompt) && completion_ids.length === 0) {
    warnings.push("The prompt ends in a space: most tokens begin with theirs, so the next token is unusual.");
  }
  const { codec } = model;
  if (!complete && codec.decode(ids.filter((id) => !codec.isSpecial(id))) !== prompt) {
    warnings.push("The tokenizer changed this text: some of its characters have no token.");
  }
  return warnings;
}

/** What people wrote in a turn: its content, or the texts of its parts. */
function textsOf({ content }: ChatMessage): string[] {
  const parts: readonly unknown[] = Array.isArray(content) ? content : [content];
  return parts.map((part) => isRecord(part) ? part.text : part).filter((text) => typeof text === "string");
}

/** Special-token strings in what people wrote are special tokens; they should know. */
async function findSpecials(
  messages: readonly ChatMessage[],
  { codec, turns }: LanguageModel,
  signal: AbortSignal,
): Promise<string[]> {
  const found = await turns.finish(listSpecials(messages.flatMap(textsOf), codec), signal);
  if (found.size === 0) return [];
  const [tokens, are] = [
    [...found].join(", "),
    found.size === 1 ? "is a special token" : "are special tokens",
  ];
  return [`${tokens} in a message ${are} to the model, not text.`];
}

function* listSpecials(texts: readonly string[], codec: TextCodec): Slices<Set<string>> {
  const found = new Set<string>();
  for (const text of texts) {
    // A template may leave out a turn that is far longer than the context.
    const { ids } = (yield* codec.encodeInSlices(text, { postProcess: false }))!;
    for (const id of new Set(Array.from(ids))) {
      if (codec.isSpecial(id)) found.add(codec.single(id).text);
    }
    yield;
  }
  return found;
}
