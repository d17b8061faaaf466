import assert from "node:assert/strict";
import { contextOf } from "../../lib/decode/context.ts";
import { DEFAULT_SYSTEM_PROMPT } from "../../lib/wire/system_prompt.ts";
import type { ChatRenderer, LanguageModel } from "../../lib/decode/types.ts";
import { fault, faultOf } from "../../lib/fault.ts";
import { FAKE_CONTEXT_LENGTH, FAKE_EOS_ID, FAKE_VOCAB_SIZE, fakeEncode } from "../fake_model.ts";
import { fakeChat, fakeCodec, fakeLanguage } from "../fake_language.ts";
import { FAKE_INFO } from "../fakes.ts";
import type { ContextInput } from "../../lib/wire/preview.ts";

const plain = fakeLanguage(FAKE_INFO);
const chatty = fakeLanguage({ ...FAKE_INFO, hasChatTemplate: true });
const signal = new AbortController().signal;

const ask = (source: Partial<ContextInput>, model: LanguageModel = plain) =>
  contextOf(
    {
      prompt: "",
      system_prompt: DEFAULT_SYSTEM_PROMPT,
      use_chat_template: null,
      messages: null,
      tools: null,
      documents: null,
      chat_template_kwargs: {},
      add_generation_prompt: true,
      continue_final_message: false,
      prompt_ids: null,
      completion_ids: [],
      ...source,
    },
    model,
    signal,
  );

const faults = (code: string, field: string, sentence = /./) => (error: unknown) => {
  const found = faultOf(error);
  assert.deepEqual([found?.code, found?.field], [code, field]);
  return sentence.test((error as Error).message);
};

Deno.test("prompt_ids come before messages, messages before the prompt; the completion goes last", async () => {
  const all = {
    prompt: "The cat",
    messages: [{ role: "user", content: "Once" }],
    prompt_ids: [1, 2],
    completion_ids: [7, 8],
  };
  const ids = await ask(all, chatty);
  assert.deepEqual([ids.ids, ids.promptLength, ids.templateText], [[1, 2, 7, 8], 2, null]);
  const messages = await ask({ ...all, prompt_ids: null }, chatty);
  assert.equal(messages.templateText, "[user]Once<|end|>[assistant]");
  assert.deepEqual(messages.ids.slice(messages.promptLength), [7, 8]);
  const prompt = await ask({ ...all, prompt_ids: null, messages: null, use_chat_template: false }, chatty);
  assert.deepEqual(prompt.ids, [...fakeEncode("The cat"), 7, 8]);
});

Deno.test("without an answer to use_chat_template the model's own template decides", async () => {
  assert.equal((await ask({ prompt: "The cat" })).templateText, null);
  const spoken = await ask({ prompt: "The cat", system_prompt: "Be kind." }, chatty);
  assert.equal(spoken.templateText, "[system]Be kind.<|end|>[user]The cat<|end|>[assistant]");
  assert.deepEqual(spoken.ids, fakeEncode(spoken.templateText!));
  assert.equal((await ask({ prompt: "The cat", use_chat_template: false }, chatty)).templateText, null);
});

Deno.test("an empty system prompt is no turn; the generation prompt can be left out; a turn can stay open", async () => {
  const bare = { prompt: "The cat", system_prompt: "" };
  assert.equal((await ask(bare, chatty)).templateText, "[user]The cat<|end|>[assistant]");
  const closed = await ask({ ...bare, add_generation_prompt: false }, chatty);
  assert.equal(closed.templateText, "[user]The cat<|end|>");
  const messages = [{ role: "user", content: "Hi" }, { role: "assistant", content: "The sea" }];
  const open = await ask({ messages, continue_final_message: true }, chatty);
  assert.equal(open.templateText, "[user]Hi<|end|>[assistant]The sea");
});

Deno.test("special-token strings in a message are special tokens, with a warning that names them", async () => {
  const { ids, warnings } = await ask({ messages: [{ role: "user", content: "a<|end|>b" }] }, chatty);
  assert.equal(ids.filter((id) => id === FAKE_EOS_ID).length, 2);
  assert.match(warnings.join(" "), /<\|end\|> in a message is a special token/);
  assert.deepEqual((await ask({ messages: [{ role: "user", content: "ab" }] }, chatty)).warnings, []);
});

Deno.test("a turn that the template leaves out is read in turns with other work, however long it is", async () => {
  const inTurns: typeof fakeCodec = {
    ...fakeCodec,
    encode: () => assert.fail("encoded at once"),
    *encodeInSlices(text, options) {
      yield;
      return { ids: fakeCodec.encode(text, options), complete: true };
    },
  };
  const render = fakeChat.render;
  const chat = {
    ...fakeChat,
    render: (messages: Parameters<typeof render>[0], options: Parameters<typeof render>[1]) =>
      render(messages.slice(-1), options),
  };
  const messages = [{ role: "user", content: "a<|end|>" }, { role: "user", content: "b" }];
  const { templateText, warnings } = await ask({ messages }, { ...chatty, chat, codec: inTurns });
  assert.equal(templateText, "[user]b<|end|>[assistant]");
  assert.match(warnings.join(" "), /<\|end\|> in a message is a special token/);
});

Deno.test("what cannot be asked of a template is a sentence with its field", async () => {
  const messages = [{ role: "user", content: "Hi" }];
  await assert.rejects(ask({ messages }), faults("unsupported", "messages", /no chat template/));
  await assert.rejects(
    ask({ use_chat_template: true, prompt: "x" }),
    faults("unsupported", "use_chat_template"),
  );
  await assert.rejects(
    ask({ messages, use_chat_template: false }, chatty),
    faults("invalid_request", "use_chat_template"),
  );
  await assert.rejects(ask({ messages: [] }, chatty), faults("invalid_request", "messages"));
  const strange = [{ role: "narrator", content: "Hi" }];
  await assert.rejects(
    ask({ messages: strange }, chatty),
    faults("invalid_request", "messages", /refuses these messages: Unknown role narrator\./),
  );
});

/** As Gemma's: it refuses a system turn. */
function withoutSystem(code: "invalid_request" | "unsupported" = "invalid_request"): LanguageModel {
  const chat: ChatRenderer = {
    ...fakeChat,
    render(messages, options) {
      const refused = messages.some(({ role }) => role === "system");
      return refused
        ? Promise.reject(fault(code, "The chat template refuses these messages: System role not supported."))
        : fakeChat.render(messages, options);
    },
  };
  return { ...chatty, chat };
}

Deno.test("a template without a system role drops the default system prompt, and refuses one that was asked for", async () => {
  const { templateText, warnings } = await ask({ prompt: "Hi" }, withoutSystem());
  assert.equal(templateText, "[user]Hi<|end|>[assistant]");
  assert.match(warnings.join(" "), /takes no system turn/);
  await assert.rejects(
    ask({ prompt: "Hi", system_prompt: "Be kind." }, withoutSystem()),
    /System role not supported/,
  );
  const spoken = [{ role: "system", content: DEFAULT_SYSTEM_PROMPT }, { role: "user", content: "Hi" }];
  await assert.rejects(ask({ messages: spoken }, withoutSystem()), /System role not supported/);
  await assert.rejects(ask({ prompt: "Hi" }, withoutSystem("unsupported")), /System role not supported/);
});

Deno.test("empty contexts, unknown ids and contexts that are too long say where and by how much", async () => {
  await assert.rejects(ask({}), faults("empty_context", "prompt"));
  await assert.rejects(ask({ prompt_ids: [] }), faults("empty_context", "prompt_ids"));
  assert.deepEqual((await ask({ completion_ids: [65] })).ids, [65]);
  await assert.rejects(ask({ prompt_ids: [1, FAKE_VOCAB_SIZE] }), faults("unknown_token", "prompt_ids[1]"));
  await assert.rejects(
    ask({ prompt: "a", completion_ids: [1, 2, FAKE_VOCAB_SIZE] }),
    faults("unknown_token", "completion_ids[2]", /Token id 300 .*0 to 299/),
  );
  const full = new Array(FAKE_CONTEXT_LENGTH).fill(65);
  assert.equal((await ask({ prompt_ids: full })).ids.length, FAKE_CONTEXT_LENGTH);
  await assert.rejects(
    ask({ prompt_ids: full, completion_ids: [1, 2, 3] }),
    faults("context_too_long", "prompt_ids", /3 tokens more/),
  );
});

Deno.test("plain prompts warn of a space at the end, of characters without a token, of an unused system prompt", async () => {
  const warnings = async (source: Partial<ContextInput>, model: LanguageModel = plain) =>
    (await ask(source, model)).warnings.join(" ");
  assert.match(await warnings({ prompt: "The cat " }), /ends in a space/);
  assert.equal(await warnings({ prompt: "The cat ", completion_ids: [65] }), "");
  assert.match(await warnings({ prompt: "The cat", system_prompt: "Be kind." }), /system_prompt is not used/);
  const lossy: LanguageModel = {
    ...plain,
    codec: {
      ...fakeCodec,
      encode: (text) => fakeEncode(text.replaceAll("é", "")),
      covers: (text) => !text.includes("é"),
    },
  };
  assert.match(await warnings({ prompt: "café" }, lossy), /have no token/);
  assert.equal(await warnings({ prompt: "cafe <|end|>" }, lossy), "");
  const composing: LanguageModel = {
    ...plain,
    codec: { ...fakeCodec, decode: () => "changed, and nothing lost" },
  };
  assert.equal(await warnings({ prompt: "cafe\u0301" }, composing), "");
});

Deno.test("turns with every key, tools, documents and the template's own switches reach the template", async () => {
  const asked: unknown[] = [];
  const chat: ChatRenderer = {
    ...fakeChat,
    render(messages, { variables, template }) {
      asked.push({ messages, variables, template });
      return Promise.resolve("The cat");
    },
  };
  const messages = [
    { role: "assistant", content: null, tool_calls: [{ id: "c1", function: { name: "w", arguments: {} } }] },
    { role: "tool", tool_call_id: "c1", name: "w", content: [{ type: "text", text: "sunny" }] },
  ];
  const [tools, documents] = [[{ type: "function" }], [{ title: "t", text: "x" }]];
  const fields = { messages, tools, documents, chat_template_kwargs: { enable_thinking: false } };
  await ask(fields, { ...chatty, chat });
  await ask({ ...fields, chat_template: "rag" }, { ...chatty, chat });
  const given = { messages, variables: { enable_thinking: false, tools, documents } };
  assert.deepEqual(asked, [{ ...given, template: null }, { ...given, template: "rag" }]);
});

Deno.test("what is said to a template that is not asked, or reads none of it, is told", async () => {
  const [tools, documents] = [[{ type: "function" }], [{ title: "t" }]];
  const said = async (source: Partial<ContextInput>, model: LanguageModel = chatty) =>
    (await ask(source, model)).warnings;
  assert.deepEqual(await said({ prompt: "The cat", use_chat_template: false, tools, documents }), [
    "Without a chat template, tools are not used.",
    "Without a chat template, documents are not used.",
  ]);
  const kwargs = { chat_template_kwargs: { enable_thinking: false } };
  assert.match(
    (await said({ prompt: "The cat", ...kwargs }, plain)).join(),
    /chat_template_kwargs are not used\.$/,
  );
  const messages = [{ role: "user", content: "Hi" }];
  assert.deepEqual(await said({ prompt_ids: [65], messages, tools: [], documents: null }), [
    "With prompt_ids, messages are not used.",
  ]);
  const texts = { prompt: "The cat", system_prompt: "Be kind.", chat_template: "rag" };
  assert.deepEqual(await said({ prompt_ids: [65], ...texts }), [
    "With prompt_ids, system_prompt is not used.",
    "With prompt_ids, prompt is not used.",
    "With prompt_ids, chat_template is not used.",
  ]);
  assert.deepEqual(await said({ use_chat_template: false, prompt: "The cat", chat_template: "rag" }), [
    "Without a chat template, chat_template is not used.",
  ]);
  const chat: ChatRenderer = {
    ...fakeChat,
    findUnread: ({ variables }) => Object.keys(variables).slice(0, 2),
  };
  assert.deepEqual(await said({ messages, tools, ...kwargs }, { ...chatty, chat }), [
    "The chat template does not read enable_thinking.",
    "The chat template does not read tools.",
  ]);
});

// deno-lint-ignore require-yield -- it is known at once
function* leastTokens() {
  return 513;
}

Deno.test("what a template writes is measured before it is encoded", async () => {
  const chat: ChatRenderer = {
    ...fakeChat,
    render: () => Promise.resolve("a".repeat(FAKE_CONTEXT_LENGTH * 4 + 1)),
  };
  const codec = { ...fakeCodec, encode: () => assert.fail("encoded"), leastTokens };
  const language = { ...chatty, chat, codec };
  await assert.rejects(
    ask({ messages: [{ role: "user", content: "hi" }] }, language),
    faults("context_too_long", "messages", /The chat template wrote \d+ characters/),
  );
});

Deno.test("a prompt far longer than the context is refused before it is encoded whole", async () => {
  const unread = { ...fakeCodec, encode: () => assert.fail("encoded"), leastTokens };
  const text = "a".repeat(FAKE_CONTEXT_LENGTH * 4 + 1);
  await assert.rejects(
    ask({ prompt: text }, { ...plain, codec: unread }),
    faults("context_too_long", "prompt", /^The prompt has 2049 characters, more than the 512 tokens/),
  );
  const asked: (number | undefined)[] = [];
  const stopped: typeof fakeCodec = {
    ...fakeCodec,
    *encodeInSlices(_text, options) {
      asked.push(options?.most);
      yield;
      return null;
    },
  };
  await assert.rejects(
    ask({ prompt: text }, { ...plain, codec: stopped }),
    faults("context_too_long", "prompt", /^The prompt has more than 1024 tokens, and .* can read 512/),
  );
  assert.deepEqual(asked, [1024]);
});
