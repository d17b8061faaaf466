import assert from "node:assert/strict";
import { z } from "zod";
import { parseRequest } from "../../../lib/api/http/parse.ts";
import { previewRequest } from "../../../lib/api/endpoints/preview.ts";
import { listOf } from "../../../lib/api/schemas/list.ts";
import { recordOf } from "../../../lib/api/schemas/record.ts";
import { refusal } from "../../routes/openai_support.ts";

const LIMIT = { max: 3, sentence: "Send at most 3." };

Deno.test("a key that an item does not know is refused by name, wherever the list stands", async () => {
  const item = z.strictObject({ a: z.string() }).transform(({ a }) => a);
  const schema = z.object({
    list: z.union([z.string(), listOf(item, LIMIT), listOf(listOf(item, LIMIT), LIMIT)]),
  });
  assert.deepEqual(parseRequest(schema, { list: [{ a: "x" }] }), { list: ["x"] });
  assert.throws(() => parseRequest(schema, { list: [{ a: "x", b: 1 }] }), /no field "b"/);
  assert.throws(() => parseRequest(schema, { list: [[{ a: "x", b: 1 }]] }), /no field "b"/);
  const prompt = [{ prompt_string: "a", other: 1 }];
  assert.equal((await refusal("/completion", { prompt })).param, "prompt[0].other");
});

Deno.test("each item of a list and value of an object is read once, up to the first that is wrong", () => {
  const read: unknown[] = [];
  const item = z.unknown().transform((value, context) => {
    read.push(value);
    if (value === "bad") context.addIssue({ code: "custom", message: "Send no bad." });
    return value;
  });
  const schema = z.object({ list: listOf(item, LIMIT) });
  assert.deepEqual(parseRequest(schema, { list: ["a", "b"] }), { list: ["a", "b"] });
  assert.deepEqual(read.splice(0), ["a", "b"]);
  assert.throws(() => parseRequest(schema, { list: ["a", "bad", "c"] }), /^Error: Send no bad\.$/);
  assert.deepEqual(read.splice(0), ["a", "bad"]);
  assert.throws(() => parseRequest(schema, { list: ["a", "b", "c", "d"] }), /Send at most 3/);
  assert.deepEqual(read, []);
  const named = z.object({ by: recordOf(item, 1) });
  assert.deepEqual(parseRequest(named, { by: { x: "a", y: "b" } }), { by: { x: "a", y: "b" } });
  assert.deepEqual(read.splice(0), ["a", "b"]);
  assert.throws(() => parseRequest(named, { by: { x: "a", y: "bad", z: "c" } }), /^Error: Send no bad\.$/);
  assert.deepEqual(read.splice(0), ["a", "bad"]);
  assert.throws(() => parseRequest(named, { by: { x: "a", "": "b" } }), /^Error: /);
  assert.deepEqual(read, []);
});

Deno.test("a message has so many keys at most", () => {
  const body = (keys: number) => ({
    messages: [{
      role: "user",
      ...Object.fromEntries(Array.from({ length: keys - 1 }, (_, at) => [`k${at}`, at])),
    }],
  });
  assert.equal(Object.keys(parseRequest(previewRequest, body(256)).messages![0]!).length, 256);
  assert.throws(() => parseRequest(previewRequest, body(257)), /A message may have at most 256 keys/);
});
