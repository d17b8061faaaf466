import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { parseRequest, pathText } from "../../../lib/api/http/parse.ts";
import { nextTokenRequest } from "../../../lib/api/endpoints/next_token.ts";
import { faultOf } from "../../../lib/fault.ts";

function refusal(body: unknown): [string | undefined, string] {
  try {
    parseRequest(nextTokenRequest, body);
  } catch (error) {
    assert.equal(faultOf(error)?.code, "invalid_request");
    return [faultOf(error)?.field, (error as Error).message];
  }
  throw new Error(`Expected ${JSON.stringify(body)} to be refused`);
}

Deno.test("defaults are filled in", () => {
  assert.deepEqual(parseRequest(nextTokenRequest, { text: "a" }), {
    model_key: null,
    text: "a",
    ids: null,
    top_k: 10,
    temperature: 0.7,
  });
  assert.deepEqual(parseRequest(nextTokenRequest, { ids: [1, 2], text: null, top_k: 1, temperature: 2 }), {
    model_key: null,
    text: null,
    ids: [1, 2],
    top_k: 1,
    temperature: 2,
  });
});

Deno.test("a count of tokens to show has no upper end", () => {
  for (const top_k of [2 ** 53, 1e300]) {
    assert.equal(parseRequest(nextTokenRequest, { text: "a", top_k }).top_k, Number.MAX_SAFE_INTEGER);
  }
});

Deno.test("an empty text and an empty list reach the job, which knows what the model needs", () => {
  assert.equal(parseRequest(nextTokenRequest, { text: "" }).text, "");
  assert.deepEqual(parseRequest(nextTokenRequest, { ids: [] }).ids, []);
});

Deno.test("each mistake is one sentence with the field, what is allowed and what came", () => {
  const cases: [unknown, string | undefined, string][] = [
    [{ text: "a", temperature: 3 }, "temperature", "temperature must be a number from 0 to 2, but is 3."],
    [
      { text: "a", temperature: -0.1 },
      "temperature",
      "temperature must be a number from 0 to 2, but is -0.1.",
    ],
    [
      { text: "a", temperature: "hot" },
      "temperature",
      'temperature must be a number from 0 to 2, but is "hot".',
    ],
    [
      { text: "a", temperature: null },
      "temperature",
      "temperature must be a number from 0 to 2, but is null.",
    ],
    [
      { text: "a", temperature: 1e999 },
      "temperature",
      "temperature must be a number from 0 to 2, but is Infinity.",
    ],
    [{ text: "a", temperature: NaN }, "temperature", "temperature must be a number from 0 to 2, but is NaN."],
    [{ text: "a", top_k: 0 }, "top_k", "top_k must be a whole number of at least 1, but is 0."],
    [{ text: "a", top_k: 1.5 }, "top_k", "top_k must be a whole number of at least 1, but is 1.5."],
    [{ text: "a", top_k: 1e999 }, "top_k", "top_k must be a whole number of at least 1, but is Infinity."],
    [{ text: "a", top_k: true }, "top_k", "top_k must be a whole number of at least 1, but is true."],
    [{ text: 7 }, "text", "text must be a string or null, but is 7."],
    [{ text: ["a"] }, "text", "text must be a string or null, but is a list."],
    [{ ids: "1" }, "ids", 'ids must be a list or null, but is "1".'],
    [{ ids: {} }, "ids", "ids must be a list or null, but is an object."],
    [{ ids: [1, -1] }, "ids[1]", "ids[1] must be a whole number of at least 0, but is -1."],
    [{ ids: [0.5] }, "ids[0]", "ids[0] must be a whole number of at least 0, but is 0.5."],
    [{ ids: [1, 2, "3"] }, "ids[2]", 'ids[2] must be a whole number of at least 0, but is "3".'],
    [
      { ids: [2 ** 53] },
      "ids[0]",
      "ids[0] must be a whole number from 0 to 9007199254740991, but is 9007199254740992.",
    ],
    [{}, "text", "Send text (a string) or ids (a list of token ids)."],
    [{ text: null, ids: null }, "text", "Send text (a string) or ids (a list of token ids)."],
    [[], undefined, "The body must be an object, but is a list."],
    [null, undefined, "The body must be an object, but is null."],
    ["text", undefined, 'The body must be an object, but is "text".'],
  ];
  for (const [body, field, sentence] of cases) assert.deepEqual(refusal(body), [field, sentence]);
});

Deno.test("a long value is quoted in part", () => {
  const [, sentence] = refusal({ text: "a", top_k: "x".repeat(1000) });
  assert.ok(sentence.length < 120, sentence);
});

Deno.test("unknown fields are refused by name, with the one that was meant where it is near", () => {
  const cases: [string, string, string][] = [
    ['{"text":"a","temprature":0}', "temprature", 'no field "temprature" here. Did you mean temperature?'],
    ['{"text":"a","top-k":3}', "top-k", 'no field "top-k" here. Did you mean top_k?'],
    ['{"txt":"a"}', "txt", 'no field "txt" here. Did you mean text?'],
    ['{"text":"a","__proto__":{"top_k":3}}', "__proto__", 'no field "__proto__" here.'],
    ['{"text":"a","constructor":{"prototype":{"x":1}}}', "constructor", 'no field "constructor" here.'],
  ];
  for (const [body, field, sentence] of cases) {
    assert.deepEqual(refusal(JSON.parse(body)), [field, `There is ${sentence}`]);
  }
  assert.equal(Object.hasOwn(Object.prototype, "x") || Object.hasOwn(Object.prototype, "top_k"), false);
});

Deno.test("-0 is 0 and a lone surrogate becomes U+FFFD", () => {
  const request = parseRequest(nextTokenRequest, { text: "a\ud83d", temperature: -0 });
  assert.ok(Object.is(request.temperature, 0));
  assert.equal(request.text, "a\ufffd");
});

Deno.test("a list of bad ids as long as a body can hold gives one issue", () => {
  assert.equal(refusal({ ids: new Array(500_000).fill("x") })[0], "ids[0]");
});

Deno.test("any JSON is parsed or refused with a sentence", () => {
  fc.assert(fc.property(fc.jsonValue(), (body) => {
    try {
      parseRequest(nextTokenRequest, body);
    } catch (error) {
      assert.equal(faultOf(error)?.code, "invalid_request");
      assert.match((error as Error).message, /\.$|\. Did you mean \w+\?$/);
    }
  }));
});

Deno.test("sentences come from the schema, choices and nested fields included", () => {
  const schema = z.object({
    params: z.object({ mode: z.enum(["a", "b"]), on: z.boolean(), most: z.number().max(3) }),
  });
  const message = (params: unknown) => {
    try {
      return String(parseRequest(schema, { params }));
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.equal(message({ mode: "c" }), 'params.mode must be one of "a", "b", but is "c".');
  assert.equal(message({ mode: "a", on: 1 }), "params.on must be true or false, but is 1.");
  assert.equal(
    message({ mode: "a", on: true, most: 4 }),
    "params.most must be a number of at most 3, but is 4.",
  );
  assert.equal(message(undefined), "params must be an object, but is missing.");
});

Deno.test("sentences of tagged forms, records, lists and texts of some length", () => {
  const form = z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("levels"), all: z.array(z.string()).min(2).max(4) }),
    z.strictObject({ kind: z.literal("names"), all: z.record(z.string().min(1), z.number()) }),
  ]);
  const schema = z.strictObject({
    forms: z.record(z.string(), form).optional(),
    span: z.tuple([z.int().min(0), z.int()]).nullable().optional(),
    name: z.string().min(1).optional(),
    ids: z.array(z.int()).min(1).optional(),
    needs: z.strictObject({ level: z.number() }).optional(),
  });
  const cases: [unknown, string][] = [
    [{ forms: { a: { kind: "level" } } }, 'forms.a.kind must be one of "levels", "names", but is "level".'],
    [
      { forms: { a: { kind: "levels", all: ["x"] } } },
      "forms.a.all must be a list of 2 to 4, but is a list of 1.",
    ],
    [{ forms: { a: { kind: "levels", all: [1, 2] } } }, "forms.a.all[0] must be a string, but is 1."],
    [{ forms: { a: { kind: "names", all: { b: "x" } } } }, 'forms.a.all.b must be a number, but is "x".'],
    [{ forms: { a: { kind: "names", all: { "": 1 } } } }, "The names in forms.a.all must not be empty."],
    [{ forms: { a: { kind: "names", als: 1, all: {} } } }, 'There is no field "als" here. Did you mean all?'],
    [{ forms: { a: 7 } }, "forms.a must be an object, but is 7."],
    [{ span: [1, 2, 3] }, "span must be a list of 2 or null, but is a list of 3."],
    [{ span: [-1, 2] }, "span[0] must be a whole number of at least 0, but is -1."],
    [{ name: "" }, 'name must be a string that is not empty, but is "".'],
    [{ needs: { level: "x", levels: 1 } }, 'needs.level must be a number, but is "x".'],
    [{ needs: {} }, "needs.level must be a number, but is missing."],
    [{ needs: { levels: 1 } }, 'There is no field "levels" here. Did you mean level?'],
    [{ ids: [] }, "ids must be a list of at least 1, but is a list of 0."],
  ];
  for (const [body, sentence] of cases) {
    assert.throws(() => parseRequest(schema, body), { message: sentence }, JSON.stringify(body));
  }
});

Deno.test("paths read as they are written in JavaScript", () => {
  assert.equal(pathText(["messages", 0, "content"]), "messages[0].content");
  assert.equal(pathText([]), "");
});

Deno.test("an object that says it can't be made a text is refused as any other", () => {
  const schema = z.object({ most: z.int().min(1) });
  const odd = { toString: false, valueOf: 1 };
  assert.throws(() => parseRequest(schema, { most: odd }), /most must be a whole number .* but is an object/);
});
