// The model's own chat template: where it is found, what it may read, and how it is rendered (in the sandbox, since
// it is a program that came with the model). Behaviour is that of Transformers' apply_chat_template.
import { isRecord } from "../basics/is_record.ts";
import { SPACE } from "../basics/python_space.ts";
import { fault, noChatTemplateError } from "../fault.ts";
import type { Lanes } from "../sandbox/lanes.ts";

import { readNamedTokens, type TokenizerConfig } from "./tokenizer_config.ts";

/** One turn; content is a text, or parts of which those of type "text" count. Other keys go to the template too. */
export interface ChatMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly [key: string]: unknown;
}

/** What a model's folder says about its chat templates. */
interface ChatTemplateFiles {
  /** Parsed tokenizer_config.json, or null. */
  readonly config: unknown;
  /** Templates by their names; one without a name is "default". */
  readonly templates: Readonly<Record<string, string>>;
}

export interface RenderOptions {
  /** Ends with the header of an assistant's turn (default true, or false when a message is continued). */
  readonly addGenerationPrompt?: boolean;
  /** Leaves the last message open, so that the model goes on writing it. */
  readonly continueFinalMessage?: boolean;
  /** Name of the template (default: "tool_use" for tools where there is one, else "default"). */
  readonly template?: string;
  /** More variables for the template, for example `tools` or `enable_thinking`. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Milliseconds (default 2000). */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

export interface ChatTemplate {
  /** Names of the model's templates; one without a name is "default". */
  readonly names: readonly string[];
  /** The text that the model reads for `messages`. Encode it with `postProcess: false`: the template writes its own
   * BOS. Throws faults: `invalid_request` with the template's own sentence where it refuses the messages,
   * `unsupported` where the template can't be read or takes too long. */
  render(messages: readonly ChatMessage[], options?: RenderOptions): Promise<string>;
  /** Names of the given variables that the template reads nowhere: what they say changes nothing. */
  findUnread(options: Pick<RenderOptions, "template" | "variables">): readonly string[];
}

/** What Transformers appends to a message to find its end in the rendered text. */
const continueTag = "CONTINUE_FINAL_MESSAGE_TAG ";

/** The chat template of a model, or null where it has none. */
export function openChatTemplate(files: ChatTemplateFiles, sandbox: Pick<Lanes, "run">): ChatTemplate | null {
  const config: TokenizerConfig = isRecord(files.config) ? files.config : {};
  const templates = new Map(Object.entries(files.templates));
  if (templates.size === 0) return null;
  const tokens = readNamedTokens(config);
  return {
    names: [...templates.keys()],
    async render(messages, options = {}) {
      const { continueFinalMessage: continued = false, addGenerationPrompt = !continued, deadlineMs = 2000 } =
        options;
      checkMessages(messages, continued, addGenerationPrompt);
      const turns = messages.map(toReadableTurn);
      const variables = {
        tools: null,
        documents: null,
        ...tokens,
        ...options.variables,
        messages: continued ? tagContinuation(turns) : turns,
        add_generation_prompt: addGenerationPrompt,
      };
      const job = { template: chooseTemplate(templates, options), variables };
      const { signal } = options;
      const text = await sandbox.run("chat_template", job, signal ? { deadlineMs, signal } : { deadlineMs });
      return continued ? cutAtTag(text, continuedText(turns)) : text;
    },
    findUnread(options) {
      const source = chooseTemplate(templates, options);
      const given = Object.entries(options.variables ?? {}).filter(([, value]) => !isNothing(value));
      return given.map(([name]) => name).filter((name) => !source.includes(name));
    },
  };
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

/** As Transformers chooses: the one asked for, "tool_use" where tools are given, else "default". */
function chooseTemplate(
  templates: ReadonlyMap<string, string>,
  { template, variables }: Pick<RenderOptions, "template" | "variables">,
): string {
  const tools = variables?.tools;
  const name = template ?? (tools && templates.has("tool_use") ? "tool_use" : "default");
  const source = templates.get(name);
  if (source !== undefined) return source;
  throw noChatTemplateError(name, [...templates.keys()]);
}

function checkMessages(messages: readonly ChatMessage[], continued: boolean, prompted: boolean): void {
  if (messages.length === 0) throw fault("invalid_request", "A chat needs at least one message.", "messages");
  if (continued && prompted) {
    const message = "A message that is continued can't be followed by a new turn: choose one of " +
      "continue_final_message and add_generation_prompt.";
    throw fault("invalid_request", message, "continue_final_message");
  }
}

/** Names of a turn's reasoning; the first is the one that templates read, the second gpt-oss's. */
const reasoningKeys = ["reasoning_content", "thinking", "reasoning"];

/** A turn as Transformers hands it on: without the keys that are null (some clients send `content: null`, and many
 * templates would print it), and its reasoning under every name that templates know. */
function toReadableTurn(message: ChatMessage): ChatMessage {
  const isWhole = Object.values(message).every((value) => value !== null);
  const turn = isWhole
    ? message
    : Object.fromEntries(Object.entries(message).filter(([, value]) => value !== null)) as ChatMessage;
  const key = reasoningKeys.find((name) => turn[name] !== undefined);
  return key === undefined ? turn : { thinking: turn[key], ...turn, reasoning_content: turn[key] };
}

/** Index of the part of a content that has its last text; -1 where none has. */
function findLastTextPart(content: unknown): number {
  return Array.isArray(content)
    ? content.findLastIndex((part) => isRecord(part) && typeof part.text === "string")
    : -1;
}

/** The last text of the last message, which is continued. */
function continuedText(messages: readonly ChatMessage[]): string {
  const content = messages.at(-1)?.content;
  if (typeof content === "string") return content;
  const part: unknown = Array.isArray(content) ? content[findLastTextPart(content)] : undefined;
  if (isRecord(part)) return String(part.text);
  throw fault("invalid_request", "The last message has no text that could be continued.", "messages");
}

/** The messages with the tag behind the last text of the last one. */
function tagContinuation(messages: readonly ChatMessage[]): ChatMessage[] {
  const open = continuedText(messages) + continueTag;
  const last = messages.at(-1)!;
  if (!Array.isArray(last.content)) return [...messages.slice(0, -1), { ...last, content: open }];
  const at = findLastTextPart(last.content);
  const content: unknown[] = last.content.with(at, { ...last.content[at], text: open });
  return [...messages.slice(0, -1), { ...last, content }];
}

/** Python's `str.rstrip` and `str.strip`. */
const trailing = new RegExp(`(?<![${SPACE}])[${SPACE}]+$`, "v");
const leading = new RegExp(`^[${SPACE}]+`, "v");

/** Text before the tag; where the template trimmed the message, without the white space at its end. */
function cutAtTag(text: string, message: string): string {
  const at = text.lastIndexOf(continueTag.trimEnd());
  if (at < 0 || !text.includes(message.replace(trailing, "").replace(leading, ""))) {
    const message = "The last message can't be continued: the chat template leaves it out, or changes it.";
    throw fault("invalid_request", message, "messages");
  }
  const before = text.slice(0, at);
  return text.startsWith(continueTag, at) ? before : before.replace(trailing, "");
}
