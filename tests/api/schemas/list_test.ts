import assert from "node:assert/strict";
import { z } from "zod";
import { parseRequest } from "../../../lib/api/http/parse.ts";
import { listOf } from "../../../lib/api/schemas/list.ts";
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
