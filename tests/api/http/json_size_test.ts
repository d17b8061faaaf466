import assert from "node:assert/strict";
import fc from "fast-check";
import { readJson } from "../../../lib/api/http/body.ts";
import { MOST_TEMPLATE_VALUES } from "../../../lib/api/http/exact_json.ts";
import { hasMoreNames, MOST_FIELDS, MOST_NAMES } from "../../../lib/api/http/json_size.ts";
import { finishSlices } from "../../../lib/basics/slices.ts";
import { isRecord } from "../../../lib/basics/is_record.ts";
import { faultOf } from "../../../lib/fault.ts";

function countNames(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const parts = Object.values(value).reduce((sum, one) => sum + countNames(one), 0);
  return isRecord(value) ? parts + Object.keys(value).length : parts;
}

const manyNames = (names: number) =>
  JSON.stringify(Array.from({ length: names }, (_, at) => ({ [`k${at}`]: "a" })));

const sent = (body: string) =>
  new Request("http://localhost/", { method: "POST", body, headers: { "content-type": "application/json" } });

async function refusal(body: string): Promise<string> {
  const error = await readJson(sent(body)).then(() => "read", (reason: Error) => reason);
  return error instanceof Error ? `${faultOf(error)?.code}: ${error.message}` : error;
}

Deno.test("names are those of all objects, whatever stands in strings", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.constantFrom(0, 3), (value, space) => {
    const json = JSON.stringify([value, { a: 'b":', "c\\": '\\":"' }], null, space);
    const names = countNames(value) + 2;
    assert.equal(finishSlices(hasMoreNames(json, names - 1)), true, json);
    assert.equal(finishSlices(hasMoreNames(json, names)), false, json);
  }));
});

Deno.test("a name may be empty, and have space behind it", () => {
  const json = `{${'"":1,'.repeat(99)}"": 1}`; // the shortest names there are
  for (const spaced of [json, json.replaceAll(":", " \t\r\n:")]) {
    assert.equal(finishSlices(hasMoreNames(spaced, 99)), true);
    assert.equal(finishSlices(hasMoreNames(spaced, 100)), false);
  }
});

Deno.test("others have their turn while names are counted", () => {
  const rests = [...hasMoreNames(JSON.stringify(Array(100_000).fill("a")), 1)].length;
  assert.ok(rests > 20, `${rests}`);
});

Deno.test("what is no JSON is left to its parser, strings that never end and runs of backslashes too", () => {
  for (const text of ['{"a', '"' + '\\"'.repeat(200_000), '"' + "\\".repeat(400_000), '{"a":1', ""]) {
    assert.equal(finishSlices(hasMoreNames(text, 1)), false);
  }
});

Deno.test("a body has so many names at most, and is refused before it is parsed", async () => {
  assert.equal(await refusal(manyNames(MOST_NAMES)), "read");
  const sentence = `body_too_large: The objects of the body must have at most ${MOST_NAMES} names together.`;
  assert.equal(await refusal(manyNames(MOST_NAMES + 1)), sentence);
  assert.equal(await refusal(`${manyNames(MOST_NAMES + 1)} no JSON`), sentence);
});

Deno.test("a body with more values for a template than it may hold is refused", async () => {
  const documents = Array(MOST_TEMPLATE_VALUES).fill(1);
  assert.match(await refusal(JSON.stringify({ documents })), /^invalid_request: documents may hold at most/);
});

Deno.test("a request has so many fields at most", async () => {
  const body = (fields: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: fields }, (_, at) => [`k${at}`, at])));
  assert.equal(await refusal(body(MOST_FIELDS)), "read");
  assert.match(
    await refusal(body(MOST_FIELDS + 1)),
    /^invalid_request: The body has 513 fields, .* at most 512\.$/,
  );
});
