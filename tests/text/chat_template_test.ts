import { asPythonReads } from "../../lib/api/http/exact_json.ts";
import { finishSlices } from "../../lib/basics/slices.ts";
import assert from "node:assert/strict";
import { faultOf } from "../../lib/fault.ts";
import { createSandbox, type Sandbox } from "../../lib/sandbox/sandbox.ts";
import { readChatTemplates } from "../../lib/hub/folder/config.ts";
import type { JsonObject } from "../../lib/hub/folder/types.ts";
import { type ChatMessage, type ChatTemplate, openChatTemplate } from "../../lib/text/chat_template.ts";
import { parseTokenizer } from "../../lib/text/codec.ts";

interface Expected {
  messages: ChatMessage[];
  text?: string;
  error?: string;
}
interface Golden {
  families: Record<string, { template: string; variables: Record<string, string> }>;
  cases: (Expected & { family: string; add_generation_prompt: boolean; ids?: number[] })[];
  features: (Expected & { name: string; template: string; variables: Record<string, unknown> })[];
}

const golden = JSON.parse(
  Deno.readTextFileSync(new URL("../fixtures/chat.json", import.meta.url)),
) as Golden;
const folder = new URL("../../models/HuggingFaceTB/SmolLM2-135M-Instruct/", import.meta.url);
const configText = Deno.readTextFileSync(new URL("tokenizer_config.json", folder));
const smollmConfig = JSON.parse(configText) as Record<string, unknown>;

function test(name: string, body: (sandbox: Sandbox) => Promise<void>): void {
  Deno.test(name, async () => {
    const sandbox = createSandbox();
    try {
      await body(sandbox);
    } finally {
      sandbox.close();
    }
  });
}

function open(config: unknown, sandbox: Sandbox, jinja: string | null = null): ChatTemplate {
  const files = jinja === null ? {} : { default: jinja };
  const template = openChatTemplate(
    { config, templates: readChatTemplates(config as JsonObject, files) },
    sandbox,
  );
  assert.ok(template);
  return template;
}

async function check(rendered: Promise<string>, { text, error }: Expected, name: string): Promise<string> {
  if (error === undefined) {
    assert.equal(await rendered, text, name);
    return text ?? "";
  }
  await assert.rejects(rendered, (thrown) => {
    assert.ok((thrown as Error).message.includes(error), `${name}: ${thrown}`);
    assert.deepEqual(faultOf(thrown), { code: "invalid_request", field: "messages" });
    return true;
  });
  return "";
}

test("renders every golden chat", async (sandbox) => {
  const templates = new Map(
    Object.entries(golden.families).map(([family, { template, variables }]) => {
      return [family, open({ ...variables, chat_template: template }, sandbox)];
    }),
  );
  templates.set("smollm2", open(smollmConfig, sandbox));
  assert.equal(golden.cases.length, 192);
  for (const [i, one] of golden.cases.entries()) {
    const template = templates.get(one.family);
    assert.ok(template);
    const rendered = template.render(one.messages, {
      addGenerationPrompt: one.add_generation_prompt,
      deadlineMs: 60_000,
    });
    await check(rendered, one, `${one.family} ${i}`);
  }
});

Deno.test("special-token strings in messages become special ids, as the reference's ids", () => {
  const codec = parseTokenizer(Deno.readTextFileSync(new URL("tokenizer.json", folder)), configText);
  const cases = golden.cases.filter((one) => one.ids !== undefined);
  assert.ok(cases.length > 0);
  for (const { text, ids } of cases) assert.deepEqual(codec.encode(text ?? "", { postProcess: false }), ids);
});

test("renders every golden feature", async (sandbox) => {
  for (const one of golden.features) {
    const template = open({ chat_template: one.template }, sandbox);
    const rendered = template.render(one.messages, { variables: one.variables, deadlineMs: 60_000 });
    await check(rendered, one, one.name);
  }
});

test("leaves the last message open on demand", async (sandbox) => {
  const messages = [{ role: "user", content: "Hi" }, { role: "assistant", content: "Hello the" }];
  const smollm = open(smollmConfig, sandbox);
  const whole = await smollm.render(messages, { addGenerationPrompt: false });
  const open_ = await smollm.render(messages, { continueFinalMessage: true });
  assert.equal(whole, `${open_}<|im_end|>\n`);
  assert.ok(open_.endsWith("<|im_start|>assistant\nHello the"));

  const spaced = [messages[0], { role: "assistant", content: "Hello the  " }] as ChatMessage[];
  assert.ok((await smollm.render(spaced, { continueFinalMessage: true })).endsWith("\nHello the  "));
  const trimming = open(
    { chat_template: "{% for m in messages %}[{{ m.content | trim }}]{% endfor %}" },
    sandbox,
  );
  assert.equal(await trimming.render(spaced, { continueFinalMessage: true }), "[Hi][Hello the");
});

test("continues the last text among several parts", async (sandbox) => {
  const source = "{% for m in messages %}{% for p in m.content %}<{{ p.text }}>{% endfor %}{% endfor %}";
  const content = [{ type: "text", text: "a" }, { type: "text", text: "b" }];
  const template = open({ chat_template: source }, sandbox);
  assert.equal(await template.render([{ role: "user", content }], { continueFinalMessage: true }), "<a><b");
});

test("says why a message can't be continued", async (sandbox) => {
  const smollm = open(smollmConfig, sandbox);
  const messages = [{ role: "user", content: "Hi" }];
  const both = smollm.render(messages, { continueFinalMessage: true, addGenerationPrompt: true });
  await assert.rejects(both, /choose one of continue_final_message and add_generation_prompt/);
  const dropping = open({ chat_template: "{{ messages | length }}" }, sandbox);
  await assert.rejects(dropping.render(messages, { continueFinalMessage: true }), /leaves it out/);
  await assert.rejects(smollm.render([{ role: "user" }], { continueFinalMessage: true }), /no text/);
  await assert.rejects(smollm.render([]), /at least one message/);
});

test("chooses among templates as Transformers does", async (sandbox) => {
  const messages = [{ role: "user", content: "Hi" }];
  const several = openChatTemplate(
    { config: {}, templates: { default: "D", tool_use: "T", rag: "R" } },
    sandbox,
  );
  assert.deepEqual(several?.names, ["default", "tool_use", "rag"]);
  assert.equal(await several?.render(messages), "D");
  assert.equal(await several?.render(messages, { template: "rag" }), "R");
  for (const tools of [[{}], []]) {
    assert.equal(await several?.render(messages, { variables: { tools } }), "T");
    assert.equal(await several?.render(messages, { template: "default", variables: { tools } }), "D");
  }
  const readers = openChatTemplate(
    {
      config: {},
      templates: { default: "{{ documents }}", tool_use: "{% if tools and think %}T{% endif %}" },
    },
    sandbox,
  )!;
  const unread = (variables: Record<string, unknown>) => readers.findUnread({ variables });
  assert.deepEqual(unread({ tools: null, documents: [{}], think: false }), ["think"]);
  assert.deepEqual(unread({ tools: [{}], documents: [{}], think: false }), ["documents"]);
  assert.deepEqual(unread({ tools: [], documents: [] }), []);
  await assert.rejects(
    several.render(messages, { template: "nope" }),
    /no chat template called "nope", only "default"/,
  );

  const nameless = openChatTemplate({ config: {}, templates: { tool_use: "T" } }, sandbox);
  await assert.rejects(
    nameless!.render(messages),
    /no chat template called "default", only "tool_use"\. Send one/,
  );
  assert.equal(await nameless!.render(messages, { variables: { tools: [] } }), "T");
  assert.equal(openChatTemplate({ config: null, templates: {} }, sandbox), null);
});

test("gives the template its special tokens, strings or objects, and only those that are set", async (sandbox) => {
  const source =
    "{{ bos_token }}{{ eos_token }}{{ pad_token is defined }}{{ additional_special_tokens is defined }}{{ tools }}";
  const config = {
    chat_template: source,
    bos_token: "<s>",
    eos_token: { content: "</s>", lstrip: false },
    pad_token: null,
    additional_special_tokens: ["<x>", { content: "<y>" }],
  };
  assert.equal(
    await open(config, sandbox).render([{ role: "user", content: "" }]),
    "<s></s>FalseFalseNone",
  );
});

test("stops a template that runs for ever", async (sandbox) => {
  const source = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}";
  const template = open({ chat_template: source }, sandbox);
  await assert.rejects(
    template.render([{ role: "user", content: "" }], { deadlineMs: 50 }),
    /took longer than 0.05/,
  );
});

test("hands turns on as Transformers does: no null keys, reasoning under every name", async (sandbox) => {
  const source = "{% for m in messages %}{{ m }}{% endfor %}";
  const template = open({ chat_template: source }, sandbox);
  const call = { role: "assistant", content: null, tool_calls: [{ id: "c1" }], name: "x" };
  assert.equal(
    await template.render([call]),
    "{'role': 'assistant', 'tool_calls': [{'id': 'c1'}], 'name': 'x'}",
  );
  assert.equal(
    await template.render([{ role: "assistant", content: "b", reasoning: "r" }]),
    "{'thinking': 'r', 'role': 'assistant', 'content': 'b', 'reasoning': 'r', 'reasoning_content': 'r'}",
  );
});

test("gives the template a model's own special tokens", async (sandbox) => {
  const config = {
    chat_template: "{{ image_token }}{{ boi_token }}{{ add_bos_token is defined }}",
    image_token: "<image>",
    add_bos_token: true,
    extra_special_tokens: { boi_token: { content: "<boi>" } },
  };
  assert.equal(await open(config, sandbox).render([{ role: "user", content: "" }]), "<image><boi>False");
});

interface FamilyCase {
  template: string;
  conversation: number;
  add_generation_prompt: boolean;
  text?: string;
  error?: string;
}
interface Conversation {
  messages: ChatMessage[];
  tools?: unknown[];
  documents?: unknown[];
  kwargs?: Record<string, unknown>;
}

test("a continued message that the template changes is refused, and what is trimmed is Python's white space", async (sandbox) => {
  const continued = (template: string, content: string) => {
    const messages = [{ role: "user", content }];
    return open({}, sandbox, template).render(messages, { continueFinalMessage: true });
  };
  await assert.rejects(
    continued("{{ messages[0].content | replace('h', 'H') }}", "hey"),
    /can't be continued/,
  );
  await assert.rejects(continued("{{ messages[0].content | upper }}", "hey"), /can't be continued/);
  assert.equal(await continued("{{ messages[0].content | trim }}!", "hey \x1f\x85"), "hey");
  assert.equal(await continued("{{ messages[0].content | trim }}!", "hey\ufeff "), "hey\ufeff");
  assert.equal(await continued("{{ messages[0].content }}!", "hey  "), "hey  ");
});

test("renders templates in the style of public families: tools, reasoning, parts, documents", async (sandbox) => {
  const fixtures = new URL("../fixtures/", import.meta.url);
  const read = (name: string) => JSON.parse(Deno.readTextFileSync(new URL(name, fixtures)));
  const cases = read("chat_templates.json") as FamilyCase[];
  const written = Deno.readTextFileSync(new URL("chat_conversations.json", fixtures)).trimEnd().split("\n");
  const lines = written.slice(1, -1).map((line) => line.replace(/,$/, ""));
  const conversations = lines.map((line) =>
    finishSlices(asPythonReads(JSON.parse(line), line)) as Conversation
  ); // 1.0 is no 1
  assert.ok(cases.length >= 800 && cases.some(({ error }) => error !== undefined));
  for (const { template, conversation, add_generation_prompt, text, error } of cases) {
    const jinja = Deno.readTextFileSync(new URL(`chat_templates/${template}.jinja`, fixtures));
    const { messages, tools = null, documents = null, kwargs } = conversations[conversation]!;
    const rendered = open({ bos_token: "<s>", eos_token: "</s>" }, sandbox, jinja).render(messages, {
      addGenerationPrompt: add_generation_prompt,
      variables: { ...kwargs, tools, documents },
      deadlineMs: 60_000,
    });
    const name = `${template} ${conversation}`;
    if (error === undefined) assert.equal(await rendered, text, name);
    else await assert.rejects(rendered, /chat template/, name);
  }
});
