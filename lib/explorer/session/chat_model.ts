// A conversation as it is written: roles, messages, and whether the assistant begins or goes on.
import type { ChatMessage, Message } from "../../wire/token.ts";

export interface Chat {
  readonly messages: readonly Message[];
  /** The assistant's turn is opened: it begins a message, or goes on with the last one. */
  readonly open: boolean;
}

/** Adds an empty message of the next role: the assistant after the user, else the user. */
export function addMessage(chat: Chat): Chat {
  const role = chat.messages.at(-1)?.role === "user" ? "assistant" : "user";
  return { ...chat, messages: [...chat.messages, { role, content: "" }] };
}

/** The conversation behind a reply of the model, with an empty turn for the user: the reply is a message of its own, or
 * goes on with the one that the model went on with. */
export function withReply(chat: Chat, reply: string): Chat {
  const last = chat.messages.at(-1);
  const messages = last !== undefined && chat.open && continuesLast(chat)
    ? [...chat.messages.slice(0, -1), { ...last, content: last.content + reply }]
    : [...chat.messages, { role: "assistant", content: reply }];
  return { messages: [...messages, { role: "user", content: "" }], open: true };
}

/** Changes one message; an index without one changes nothing. */
export function editMessage(chat: Chat, index: number, change: Partial<Message>): Chat {
  const messages = chat.messages.map((message, at) => at === index ? { ...message, ...change } : message);
  return { ...chat, messages };
}

/** The conversation without the message at `index`. */
export function removeMessage(chat: Chat, index: number): Chat {
  return { ...chat, messages: chat.messages.filter((_, at) => at !== index) };
}

/** True where the last message is the assistant's: the model goes on with it (prefill). */
export function continuesLast({ messages }: Chat): boolean {
  return messages.at(-1)?.role === "assistant";
}

/** The fields of a request that say the same. */
export function chatRequestOf(chat: Chat): {
  readonly messages: readonly ChatMessage[];
  readonly add_generation_prompt: boolean;
  readonly continue_final_message: boolean;
} {
  const goesOn = continuesLast(chat);
  return {
    messages: chat.messages.map(({ more, ...turn }) => ({ ...turn, ...more })),
    add_generation_prompt: chat.open && !goesOn,
    continue_final_message: chat.open && goesOn,
  };
}
