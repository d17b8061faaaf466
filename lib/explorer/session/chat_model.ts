// A conversation as it is written: roles, messages, and whether the assistant begins or goes on.
import type { Message } from "../../wire/token.ts";

export interface Chat {
  readonly messages: readonly Message[];
  /** The assistant's turn is opened: it begins a message, or goes on with the last one. */
  readonly open: boolean;
}

const ROLES = ["system", "user", "assistant"] as const;

/** How a role is called in the list; a role that a request brought along keeps its own name. */
export function roleLabel(role: string): string {
  return role.charAt(0).toUpperCase() + role.slice(1);
}

/** The roles to choose from for a message: the usual ones, and the one it has. */
function rolesFor({ role }: Message): readonly string[] {
  return (ROLES as readonly string[]).includes(role) ? ROLES : [...ROLES, role];
}

/** Adds an empty message of whoever is next: the assistant after the user, else the user. */
export function addMessage(chat: Chat): Chat {
  const role = chat.messages.at(-1)?.role === "user" ? "assistant" : "user";
  return { ...chat, messages: [...chat.messages, { role, content: "" }] };
}

/** Changes one message; an index without one changes nothing. */
export function editMessage(chat: Chat, index: number, change: Partial<Message>): Chat {
  const messages = chat.messages.map((message, at) => at === index ? { ...message, ...change } : message);
  return { ...chat, messages };
}

export function removeMessage(chat: Chat, index: number): Chat {
  return { ...chat, messages: chat.messages.filter((_, at) => at !== index) };
}

/** True where the last message is the assistant's: the model goes on with it (prefill). */
function continuesLast({ messages }: Chat): boolean {
  return messages.at(-1)?.role === "assistant";
}

/** The fields of a request that say the same. */
export function chatRequest(chat: Chat): {
  readonly messages: readonly Message[];
  readonly add_generation_prompt: boolean;
  readonly continue_final_message: boolean;
} {
  const goesOn = continuesLast(chat);
  return {
    messages: chat.messages,
    add_generation_prompt: chat.open && !goesOn,
    continue_final_message: chat.open && goesOn,
  };
}

/** Strings that look like special tokens where the model's own are not known. */
const USUAL_SPECIALS = /<\|[^|<>\s]{1,40}\|>|<\/?s>|<[a-z]+_of_[a-z]+>|\[\/?INST\]|<｜[^｜<>]{1,40}｜>/g;

/** The special-token strings of a text, each once, in order of appearance. `known`: the model's own; null: nobody
 * has said. */
export function specialStrings(text: string, known: readonly string[] | null): string[] {
  if (known === null) return [...new Set(text.match(USUAL_SPECIALS) ?? [])];
  const found = known.filter((special) => special !== "" && text.includes(special));
  return found.sort((a, b) => text.indexOf(a) - text.indexOf(b));
}

export interface MessageView {
  readonly role: string;
  readonly roles: readonly string[];
  readonly content: string;
  readonly name: string; // "message 2"
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
      const warning = warningOf(specialStrings(message.content, specials), name);
      return { role: message.role, roles: rolesFor(message), content: message.content, name, warning };
    }),
    open: chat.open,
    switchLabel: continuesLast(chat) ? "Continue the last message" : "Add generation prompt",
  };
}
