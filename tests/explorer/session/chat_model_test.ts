import assert from "node:assert/strict";
import {
  addMessage,
  type Chat,
  chatRequestOf,
  editMessage,
  removeMessage,
  withReply,
} from "../../../lib/explorer/session/chat_model.ts";
import { chatView, findSpecialStrings } from "../../../lib/explorer/views/chat_view.ts";

const chat: Chat = {
  messages: [{ role: "system", content: "Be brief." }, { role: "user", content: "Hello" }],
  open: true,
};

Deno.test("messages are added in turn, edited and removed without touching the others", () => {
  const longer = addMessage(chat);
  assert.equal(longer.messages.at(-1)!.role, "assistant");
  assert.equal(addMessage(longer).messages.at(-1)!.role, "user");
  assert.equal(editMessage(chat, 1, { content: "Hi" }).messages[1]!.content, "Hi");
  assert.equal(editMessage(chat, 9, { content: "Hi" }).messages.length, 2);
  assert.deepEqual(removeMessage(chat, 0).messages, [chat.messages[1]]);
  assert.equal(chat.messages.length, 2);
});

Deno.test("the switch opens the assistant's turn, or goes on with a message that is there", () => {
  assert.deepEqual(chatRequestOf(chat), {
    messages: chat.messages,
    add_generation_prompt: true,
    continue_final_message: false,
  });
  const prefill = editMessage(addMessage(chat), 2, { content: "Well" });
  const { add_generation_prompt, continue_final_message } = chatRequestOf(prefill);
  assert.deepEqual([add_generation_prompt, continue_final_message], [false, true]);
  const closed = chatRequestOf({ ...prefill, open: false });
  assert.deepEqual([closed.add_generation_prompt, closed.continue_final_message], [false, false]);
  assert.equal(chatView(chat, null).switchLabel, "Add generation prompt");
  assert.equal(chatView(prefill, null).switchLabel, "Continue the last message");
});

Deno.test("special-token strings in a message are warned of", () => {
  assert.deepEqual(findSpecialStrings("a <|im_end|> b </s> <|im_end|>", null), ["<|im_end|>", "</s>"]);
  assert.deepEqual(findSpecialStrings("a < b | c > d <b>", null), []);
  assert.deepEqual(findSpecialStrings("x [STOP] <|im_end|>", ["<|im_end|>", "[STOP]", "", "[NO]"]), [
    ...["[STOP]", "<|im_end|>"],
  ]);
  const [, second] = chatView(editMessage(chat, 1, { content: "<|im_end|>" }), null).messages;
  assert.match(second!.warning, /^Message 2 contains <\|im_end\|>, which becomes a special token/);
  assert.equal(chatView(chat, null).messages[0]!.warning, "");
});

Deno.test("a role that a request brought along stays", () => {
  const [tool] = chatView({ messages: [{ role: "tool", content: "" }], open: false }, null).messages;
  assert.deepEqual(tool!.roles, ["system", "user", "assistant", "tool"]);
});

Deno.test("a reply becomes a message with the user's turn behind it, or ends the one that was begun", () => {
  assert.deepEqual(withReply(chat, "Hi!"), {
    messages: [...chat.messages, { role: "assistant", content: "Hi!" }, { role: "user", content: "" }],
    open: true,
  });
  const prefill = { ...chat, messages: [...chat.messages, { role: "assistant", content: "Well, " }] };
  assert.equal(withReply(prefill, "hi").messages[2]!.content, "Well, hi");
  assert.equal(withReply({ ...prefill, open: false }, "hi").messages[3]!.content, "hi");
});

Deno.test("every key of a turn reaches the template, and its parts are named", () => {
  const more = { reasoning_content: "Let me see.", tool_calls: [{ function: { name: "sum" } }] };
  const turns: Chat = {
    messages: [
      { role: "assistant", content: "", more },
      { role: "tool", content: "3" },
      { role: "assistant", content: "<think>So</think>3" },
    ],
    open: false,
  };
  assert.deepEqual(chatRequestOf(turns).messages[0], { role: "assistant", content: "", ...more });
  assert.deepEqual(chatView(turns, null).messages.map(({ parts }) => parts), [
    ["Thinking", "Calls a tool"],
    ["A tool's answer"],
    ["Thinking"],
  ]);
});
