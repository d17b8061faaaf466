// The messages of a conversation as the editor shows them: roles, warnings, and the parts of a turn.
import { findOwn } from "../../basics/find_own.ts";
import type { JsonObject, Message } from "../../wire/token.ts";
import { type Chat, continuesLast } from "../session/chat_model.ts";

const ROLES = ["system", "user", "assistant", "tool"] as const;

/** How a role is called in the list; a role that a request brought along keeps its own name. */
export function roleLabel(role: string): string {
  return role.charAt(0).toUpperCase() + role.slice(1);
}

/** The roles to choose from for a message: the usual ones, and the one it has. */
function listRoles({ role }: Message): readonly string[] {
  return (ROLES as readonly string[]).includes(role) ? ROLES : [...ROLES, role];
}

/** Strings that look like special tokens where the model's own are not known. */
const USUAL_SPECIALS = /<\|[^|<>\s]{1,40}\|>|<\/?s>|<[a-z]+_of_[a-z]+>|\[\/?INST\]|<｜[^｜<>]{1,40}｜>/g;

/** The special-token strings of a text, each once, in order of appearance. `known`: the model's own; null: they are not
 * known. */
export function findSpecialStrings(text: string, known: readonly string[] | null): string[] {
  if (known === null) return [...new Set(text.match(USUAL_SPECIALS) ?? [])];
  const found = known.filter((special) => special !== "" && text.includes(special));
  return found.sort((a, b) => text.indexOf(a) - text.indexOf(b));
}

/** The keys of a turn that templates know by role: thinking (Qwen, GLM), calls and their answers (OpenAI's form). */
export const TURN_KEYS: Readonly<Record<string, readonly string[]>> = {
  assistant: ["reasoning_content", "tool_calls"],
  tool: ["name", "tool_call_id"],
};

const KEY_LABELS: Readonly<Record<string, string>> = {
  reasoning_content: "thinking",
  reasoning: "thinking",
  tool_calls: "tool calls",
  tool_call_id: "call id",
};

/** A key of a turn as the editor names it. */
export function keyLabel(key: string): string {
  return findOwn(KEY_LABELS, key) ?? key;
}

/** A key's value as it is written in its field: a text as it is, anything else as JSON. */
export function writeKey(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What a field says: calls are JSON; of other keys a list or an object is JSON too, the rest is text. */
export function parseKey(
  key: string,
  text: string,
): { readonly value: unknown } | { readonly refused: string } {
  if (key !== "tool_calls" && !/^\s*[[{]/.test(text)) return { value: text };
  try {
    const value: unknown = JSON.parse(text);
    if (key !== "tool_calls" || Array.isArray(value)) return { value };
    return { refused: 'Calls are a list: [{"function": {"name": …, "arguments": {…}}}]' };
  } catch (error) {
    if (key !== "tool_calls") return { value: text };
    return { refused: `This is no JSON yet: ${(error as Error).message}` };
  }
}

/** Parts that models write into their text: thinking (DeepSeek, Qwen) and calls (Hermes, Qwen, Mistral). */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/<\/?think(ing)?>/, "Thinking"],
  [/<tool_call>|\[TOOL_CALLS\]|<\|python_tag\|>/, "Calls a tool"],
  [/<tool_response>|\[TOOL_RESULTS\]/, "A tool's answer"],
];

function partsOf({ role, content, more = {} }: Message): string[] {
  const written = PARTS.filter(([pattern]) => pattern.test(content)).map(([, name]) => name);
  if (role === "tool") written.push("A tool's answer");
  if ("reasoning_content" in more || "reasoning" in more) written.push("Thinking");
  if ("tool_calls" in more) written.push("Calls a tool");
  return [...new Set(written)];
}

export interface MessageView {
  readonly role: string;
  readonly roles: readonly string[];
  readonly content: string;
  readonly name: string; // "message 2"
  /** What the content has besides an answer: "Thinking", "Calls a tool". */
  readonly parts: readonly string[];
  /** The other keys of the turn. */
  readonly more: JsonObject;
  /** "Message 2 contains <|im_end|>, which becomes a special token."; "" = none. */
  readonly warning: string;
}

export interface ChatView {
  readonly messages: readonly MessageView[];
  readonly open: boolean;
  readonly switchLabel: string;
}

function warningOf(found: readonly string[], name: string): string {
  if (found.length === 0) return "";
  const subject = name.charAt(0).toUpperCase() + name.slice(1);
  const rest = found.length === 1 ? "which becomes a special token" : "which become special tokens";
  return `${subject} contains ${found.join(", ")}, ${rest} and may end the message early.`;
}

/** The editor's rows. `specials`: the model's special-token strings; null where they are not known. */
export function chatView(chat: Chat, specials: readonly string[] | null): ChatView {
  return {
    messages: chat.messages.map((message, at) => {
      const name = `message ${at + 1}`;
      const warning = warningOf(findSpecialStrings(message.content, specials), name);
      const { role, content, more = {} } = message;
      return { role, roles: listRoles(message), content, name, parts: partsOf(message), more, warning };
    }),
    open: chat.open,
    switchLabel: continuesLast(chat) ? "Continue the last message" : "Add generation prompt",
  };
}
