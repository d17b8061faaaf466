import assert from "node:assert/strict";
import { decideEndpoint } from "../../../lib/api/openai/decide.ts";
import fc from "fast-check";
import { parseRequest } from "../../../lib/api/http/parse.ts";
import { generateRequest } from "../../../lib/api/endpoints/generate.ts";
import { previewRequest } from "../../../lib/api/endpoints/preview.ts";
import { stepRequest } from "../../../lib/api/endpoints/step.ts";
import { vocabularyRequest } from "../../../lib/api/endpoints/vocabulary.ts";
import { faultOf } from "../../../lib/fault.ts";
import { ajvJudge } from "../../constraints/schema/ajv_judge.ts";
import { DEFAULT_ORDER, DEFAULT_PARAMS, ORDERED_STAGES } from "../../../lib/sampling/params.ts";

/** Field and sentence of what is wrong with a preview. */
function wrong(body: unknown): [string | undefined, string] {
  try {
    parseRequest(previewRequest, body);
  } catch (error) {
    return [faultOf(error)?.field, (error as Error).message];
  }
  throw new Error(`Expected a refusal of ${JSON.stringify(body)?.slice(0, 200)}`);
}

Deno.test("an empty preview has every default, those of the settings included", () => {
  const input = parseRequest(previewRequest, {});
  assert.deepEqual(input.params, DEFAULT_PARAMS);
  const { params: _, branch_id: __, ...rest } = input;
  assert.deepEqual(rest, {
    model_key: null,
    prompt: "",
    system_prompt: "You are a helpful assistant.",
    use_chat_template: null,
    messages: null,
    tools: null,
    documents: null,
    chat_template_kwargs: {},
    add_generation_prompt: true,
    continue_final_message: false,
    prompt_ids: null,
    completion_ids: [],
    top_k: 10,
    constraint: { enabled: false, type: "multiple_choice", schema: "" },
    include: [],
    aside: false,
  });
  const { force_token_id, force_text, u } = parseRequest(stepRequest, {});
  assert.deepEqual([force_token_id, force_text, u], [null, null, null]);
  const { max_tokens, stream } = parseRequest(generateRequest, {});
  assert.deepEqual([max_tokens, stream], [128, true]);
  const { query, mode, offset, limit } = parseRequest(vocabularyRequest, {});
  assert.deepEqual([query, mode, offset, limit], ["", "text", 0, 100]);
});

Deno.test("the schema knows every stage", () => {
  assert.deepEqual([...ORDERED_STAGES].sort(), [...DEFAULT_ORDER, "dynatemp"].sort());
});

Deno.test("what is wrong is said with its field", () => {
  const cases: [unknown, string | undefined, RegExp][] = [
    [[], undefined, /The body must be an object, but is a list/],
    [{ prompt: 5 }, "prompt", /must be a string, but is 5/],
    [{ top_k: 0 }, "top_k", /at least 1, but is 0/],
    [{ completion_ids: [1, 2.5] }, "completion_ids[1]", /whole number/],
    [{ completion_ids: null }, "completion_ids", /must be a list, but is null/],
    [{ use_chat_template: "yes" }, "use_chat_template", /true or false or null/],
    [{ messages: {} }, "messages", /must be a list or null, but is an object/],
    [{ messages: [{ content: "a" }] }, "messages[0].role", /must be a string, but is missing/],
    [{ messages: [{ role: "user", content: 7 }] }, "messages[0].content", /./],
    [{ messages: [{ role: "user", content: ["a", 7] }] }, "messages[0].content", /./],
    [{ tools: [1] }, "tools[0]", /must be an object/],
    [{ documents: {} }, "documents", /must be a list or null/],
    [{ chat_template_kwargs: [] }, "chat_template_kwargs", /must be an object/],
    [{ chat_template_kwargs: { tools: [] } }, "chat_template_kwargs.tools", /is a field of the request/],
    [{ messages: [{ role: "user", content: "" }, 7] }, "messages[1]", /must be an object, but is 7/],
    [{ messages: new Array(5000).fill(1) }, "messages", /at most 4096/],
    [{ include: ["stage"] }, "include[0]", /one of "stages", "bytes", "prompt_scores", "next"/],
    [{ constraint: { enabled: 1 } }, "constraint.enabled", /true or false, but is 1/],
    [{ constraint: { type: "x" } }, "constraint.type", /one of/],
    [{ params: 3 }, "params", /an object, but is 3/],
    [{ params: { temperature: "hot" } }, "params.temperature", /at most 100, but is "hot"/],
    [{ params: { top_p: 1.1 } }, "params.top_p", /from 0 to 1, but is 1.1/],
    [{ params: { top_p: Infinity } }, "params.top_p", /from 0 to 1/],
    [{ params: { repetition_penalty: 0 } }, "params.repetition_penalty", /from 0.01 to 100/],
    [{ params: { seed: 0.5 } }, "params.seed", /whole number or null, but is 0.5/],
    [{ params: { seed: 2 ** 53 } }, "params.seed", /whole number/],
    [{ params: { stop_sequences: "x" } }, "params.stop_sequences", /must be a list/],
    [{ params: { stop_sequences: ["x", 1] } }, "params.stop_sequences[1]", /must be a string/],
    [{ params: { stop_sequences: new Array(65).fill("x") } }, "params.stop_sequences", /at most 64/],
    [{ params: { logit_bias: [1] } }, "params.logit_bias", /must be an object, but is a list/],
    [{ params: { logit_bias: { a: 1 } } }, "params.logit_bias", /token ids, but one is "a"/],
    [{ params: { logit_bias: { "-1": 1 } } }, "params.logit_bias", /token ids/],
    [{ params: { logit_bias: { 3: null } } }, "params.logit_bias.3", /token 3 must be a number/],
    [{ params: { logit_bias: { 3: 1e999 } } }, "params.logit_bias.3", /token 3 must be a number/],
    [JSON.parse('{"params":{"logit_bias":{"__proto__":1}}}'), "params.logit_bias", /"__proto__"/],
    [{ params: { stages: ["top_q"] } }, "params.stages[0]", /one of "logit_bias"/],
    [{ params: { stages: ["top_p", "top_k", "top_p"] } }, "params.stages", /each stage once in stages\./],
    [{ params: { penalty_scope: "none" } }, "params.penalty_scope", /one of "all", "completion"/],
  ];
  for (const [body, field, sentence] of cases) {
    const [at, message] = wrong(body);
    assert.equal(at, field, message);
    assert.match(message, sentence);
    assert.match(message, /^[A-Za-z].*\.$/);
  }
});

Deno.test("numbers, texts and empty stop sequences are made harmless", () => {
  const body = { prompt: "\ud800x", params: { temperature: -0, stop_sequences: ["", "a", "\udc00"] } };
  const { prompt, params } = parseRequest(previewRequest, body);
  assert.equal(prompt, "\ufffdx");
  assert.ok(Object.is(params.temperature, 0));
  assert.deepEqual(params.stop_sequences, ["a", "\ufffd"]);
  assert.equal(parseRequest(previewRequest, { constraint: null }).constraint.enabled, false);
});

Deno.test("a field that nothing reads is refused, wherever it stands; turns, tools and variables keep theirs", () => {
  const cases: [string, string, RegExp][] = [
    ['{"temperature": 0}', "temperature", /Did you mean params\.temperature\?$/],
    ['{"top_P": 0.5}', "top_P", /Did you mean params\.top_p\?$/],
    ['{"params": {"topk": 3}}', "params.topk", /Did you mean top_k\?$/],
    ['{"params": {"prompt": "a"}}', "params.prompt", /Did you mean prompt\?$/],
    ['{"params": {"__proto__": {"greedy": true}}}', "params.__proto__", /no field "__proto__" here\.$/],
    ['{"constraint": {"enable": true}}', "constraint.enable", /Did you mean enabled\?$/],
    [
      '{"constraint": {"settings": {"whitespaces": "any"}}}',
      "constraint.settings.whitespaces",
      /whitespace\?$/,
    ],
    ['{"unheard": 1}', "unheard", /no field "unheard" here\.$/],
  ];
  for (const [body, field, sentence] of cases) {
    const [at, message] = wrong(JSON.parse(body));
    assert.equal(at, field);
    assert.match(message, sentence);
  }
  const open = { messages: [{ role: "a", weight: 1 }], tools: [{ x: 1 }], chat_template_kwargs: { y: 1 } };
  assert.deepEqual(parseRequest(previewRequest, open).messages, open.messages);
});

Deno.test("what a request became is a request that becomes the same", () => {
  const body = fc.record({
    prompt: fc.string({ unit: "grapheme" }),
    completion_ids: fc.array(fc.nat()),
    messages: fc.option(
      fc.array(fc.record({ role: fc.string(), content: fc.string() }, { noNullPrototype: true })), // as JSON's
    ),
    params: fc.record({
      temperature: fc.double({ min: -5, max: 100, noNaN: true }),
      logit_bias: fc.dictionary(fc.nat().map(String), fc.double({ min: -100, max: 100, noNaN: true })),
      seed: fc.option(fc.maxSafeInteger()),
      stages: fc.option(fc.subarray([...ORDERED_STAGES])),
      stop_sequences: fc.array(fc.string()),
    }, { requiredKeys: [] }),
  }, { requiredKeys: [] });
  fc.assert(fc.property(body, (sent) => {
    const once = parseRequest(stepRequest, sent);
    assert.deepEqual(parseRequest(stepRequest, JSON.parse(JSON.stringify(once))), once);
  }));
});

Deno.test("a conversation keeps every key of its turns", () => {
  const messages = [
    { role: "assistant", content: null, tool_calls: [{ function: { name: "w", arguments: { a: [1] } } }] },
    { role: "tool", tool_call_id: "c", content: [{ type: "text", text: "x" }, "y"], name: "w" },
    { role: "assistant", reasoning_content: "hm" },
    { role: "assistant", tool_calls: [{ a: "\ud800" }] },
  ];
  const sent = {
    messages,
    tools: [{ type: "function" }],
    documents: [{ title: "\ud800" }],
    chat_template_kwargs: { enable_thinking: false },
  };
  const parsed = parseRequest(previewRequest, sent);
  assert.deepEqual(parsed.messages, [...messages.slice(0, -1), {
    role: "assistant",
    tool_calls: [{ a: "\ufffd" }],
  }]);
  assert.deepEqual(parsed.tools, sent.tools);
  assert.deepEqual(parsed.documents, [{ title: "\ufffd" }]);
  assert.deepEqual(parsed.chat_template_kwargs, sent.chat_template_kwargs);
  assert.deepEqual(parseRequest(previewRequest, { chat_template_kwargs: null }).chat_template_kwargs, {});
});

Deno.test("what is forced is named once, by the document of every request that has both fields", () => {
  for (const request of [stepRequest, generateRequest]) {
    const stated = ajvJudge({ allOf: request.meta()!.allOf });
    const both = { prompt_ids: [5], force_token_id: 6, force_text: "a" };
    assert.equal(stated(both), false);
    assert.equal(stated({ ...both, force_text: null }), true);
  }
});

Deno.test("keys that every object inherits are keys like others, in turns, tools and variables", () => {
  const strange = '"__proto__":{"x":1},"constructor":2';
  const sent = JSON.parse(
    `{"messages":[{"role":"user","content":"a",${strange}}],"tools":[{${strange}}],"chat_template_kwargs":{${strange}}}`,
  );
  const { messages, tools, chat_template_kwargs } = parseRequest(previewRequest, sent);
  assert.equal(
    JSON.stringify({ messages, tools, chat_template_kwargs }),
    JSON.stringify(sent),
  );
  const deep = "[".repeat(100) + "]".repeat(100);
  const [field] = wrong(JSON.parse(`{"messages":[{"role":"a","__proto__":${deep}}]}`));
  assert.equal(field, "messages[0]");
});

Deno.test("labels, ids of questions and states may be called as what every object inherits", () => {
  const body = '{"state":{"__proto__":"x"},"questions":{"__proto__":{"type":"choice",' +
    '"instructions":{"constructor":1},"criteria":{"__proto__":null,"constructor":"c"}}}}';
  const parsed = decideEndpoint.schemas.DecideRequest![0].parse(JSON.parse(body));
  const { state, questions } = parsed as { state: unknown; questions: unknown };
  assert.equal(JSON.stringify({ state, questions }), body);
});
