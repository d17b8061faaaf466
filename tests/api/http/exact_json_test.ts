import assert from "node:assert/strict";
import fc from "fast-check";
import {
  asPythonReads,
  checkTemplateFields,
  MOST_TEMPLATE_VALUES,
} from "../../../lib/api/http/exact_json.ts";
import { isRecord } from "../../../lib/basics/is_record.ts";
import { unmarkKey } from "../../../lib/basics/key_order.ts";
import { finishSlices } from "../../../lib/basics/slices.ts";
import { previewRequest } from "../../../lib/api/endpoints/preview.ts";
import { parseRequest } from "../../../lib/api/http/parse.ts";
import { renderChatTemplate } from "../../../lib/sandbox/jinja/render.ts";

const read = (text: string) => finishSlices(asPythonReads(JSON.parse(text), text));

Deno.test("numbers reach a template as Python reads them", () => {
  const text = `{"top_k": 1e1, "params": {"temperature": 1.0},
    "tools": [{"a": 1.0, "b": 1, "c": 9007199254740993, "d": 1e2, "e": 1.5, "f": -0.0, "g": -0, "h": 1e400}]}`;
  const { tools, top_k, params } = parseRequest(previewRequest, read(text));
  assert.deepEqual([top_k, params.temperature], [10, 1]);
  assert.equal(
    renderChatTemplate({ template: "{{ tools[0] }}", variables: structuredClone({ tools }) }),
    "{'a': 1.0, 'b': 1, 'c': 9007199254740993, 'd': 100.0, 'e': 1.5, 'f': -0.0, 'g': 0, 'h': inf}",
  );
});

Deno.test("a whole number has at most as many digits as Python reads", () => {
  const bodyOf = (digits: number, sign = "") => `{"documents":[{"a":${sign}${"9".repeat(digits)}}]}`;
  for (const sign of ["", "-"]) {
    assert.deepEqual(read(bodyOf(4300, sign)), { documents: [{ a: BigInt(`${sign}${"9".repeat(4300)}`) }] });
    assert.throws(() => read(bodyOf(4301, sign)), {
      message: "A whole number may have at most 4300 digits.",
      cause: { code: "invalid_request" },
    });
  }
});

// What json.loads and Transformers' template compiler of Python 3.12 make of it.
Deno.test("keys reach a template in the order in which they were sent", () => {
  const text =
    `{"messages": [{"content": "x", "10": [{"2": 1, "b": 2, "1": "3:", "\\u0031\\u0032": 4, "a\\"1": 5}],
      "role": "user", "2": "\\"7\\": "}],
    "tools": [{"9": {"__proto__": 1, "\\u00005": 2, "5": 3, "\\u0000\\u00006": 4, "9": 5, "5": 6}, "01": 7, "-1": 8}],
    "documents": [{"3": 1, "1": 2}],
    "chat_template_kwargs": {"b": {"1": 2, "0": 3}}}`;
  const { messages, tools, documents, chat_template_kwargs } = parseRequest(previewRequest, read(text));
  const template = "{{ messages | tojson }}\n{{ tools }}\n{{ documents[0].items() | list }}{{ b | tojson }}" +
    "{% for k in b %}{{ k }}{% endfor %}{{ tools[0]['9']['5'] }}{{ messages[0]['2'] }}";
  const variables = structuredClone({ messages, tools, documents, ...chat_template_kwargs });
  assert.equal(
    renderChatTemplate({ template, variables }),
    `[{"content": "x", "10": [{"2": 1, "b": 2, "1": "3:", "12": 4, "a\\"1": 5}], "role": "user", "2": "\\"7\\": "}]\n` +
      String.raw`[{'9': {'__proto__': 1, '\x005': 2, '5': 6, '\x00\x006': 4, '9': 5}, '01': 7, '-1': 8}]` +
      `\n[('3', 1), ('1', 2)]{"1": 2, "0": 3}106"7": `,
  );
});

Deno.test("what should be an object or a list is no number", () => {
  for (
    const body of [
      '{"tools":[1.0]}',
      '{"tools":[90071992547409930]}',
      '{"messages":[1.0]}',
      '{"documents":1.0}',
    ]
  ) {
    assert.throws(() => parseRequest(previewRequest, read(body)), /must be/, body);
  }
});

Deno.test("without such numbers a body is as it was", () => {
  const body = JSON.parse('{"messages":[{"role":"user","content":"a"}],"top_k":1.0}');
  assert.equal(finishSlices(asPythonReads(body, "{}")), body);
});

Deno.test("beside its numbers and the order of its keys any body is what JSON.parse makes of it", () => {
  const plain = (value: unknown): unknown => {
    if (typeof value === "bigint" || value instanceof Number) return Number(value);
    if (Array.isArray(value)) return value.map(plain);
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [unmarkKey(key), plain(one)]));
  };
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 1, 7), (value, space) => {
    const text = JSON.stringify(
      { documents: [value, { "7": 'a\\"\\\\' }, 1e21, -0.5], text: "]}" },
      null,
      space,
    );
    assert.deepEqual(plain(read(text)), JSON.parse(text));
  }));
});

Deno.test("a body without another such number has 0 for -0", () => {
  assert.deepEqual(read('{"documents":[{"a":-0}]}'), { documents: [{ a: 0 }] });
});

Deno.test("others have their turn while a body is read exactly", () => {
  const body = { documents: Array(10_000).fill(1.5) };
  const rests = [...asPythonReads(body, JSON.stringify(body))].length;
  assert.ok(rests > 10, `${rests}`);
});

Deno.test("a field that a template reads may hold so many values, however they nest", () => {
  const most = MOST_TEMPLATE_VALUES;
  const cases: readonly (readonly [values: number, body: unknown])[] = [
    [most - 1, { documents: Array(most - 1).fill(1) }],
    [most, { documents: Array(most).fill(1) }],
    [most, { chat_template_kwargs: { a: Array.from({ length: most / 2 }, () => [1]) } }],
    [most - 1, { messages: [1], tools: Array.from({ length: most / 2 - 1 }, () => ({ a: 1 })) }],
  ];
  for (const [values, body] of cases) {
    const check = () => checkTemplateFields(body);
    if (values < most) check();
    else assert.throws(check, new RegExp(`may hold at most ${most} values`));
  }
  checkTemplateFields({ prompt: Array(most).fill(1) }); // ids of a long text
});
