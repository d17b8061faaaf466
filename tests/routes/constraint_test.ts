// /api/constraint/* over HTTP.
import assert from "node:assert/strict";
import { constraintChoicesResult } from "../../lib/api/endpoints/constraint_choices.ts";
import { constraintCheckResult } from "../../lib/api/endpoints/constraint_check.ts";
import { createConstraintChecks } from "../../lib/engine/constraint_checks.ts";
import { faultOf } from "../../lib/fault.ts";
import { fakeStatus } from "../fakes.ts";
import { fakeApp } from "./fake_app.ts";

const check = async (body: object, app = fakeApp()) => {
  const response = await app.post("/api/constraint/check", body);
  return [response.status, await response.json()] as const;
};

Deno.test("a check answers as documented, also while no model is loaded", async () => {
  const app = fakeApp({ status: fakeStatus.loading() });
  const cases = [
    { type: "regex", schema: "a+" },
    { type: "regex", schema: "a+", text: "ab" },
    { type: "cfg", schema: 'root ::= "a" b', text: null },
    { type: "multiple_choice", schema: "yes\nno", text: "ye" },
    { type: "json_schema", schema: '{"type": "integer"}', text: "1", settings: { whitespace: "compact" } },
  ];
  for (const body of cases) {
    const [status, answer] = await check(body, app);
    assert.equal(status, 200);
    constraintCheckResult.strict().parse(answer);
  }
  assert.equal(app.engine.jobs.length, 0);
});

Deno.test("whole choices answer as documented, by the job of that name", async () => {
  const app = fakeApp();
  const constraint = { type: "multiple_choice", schema: "a\nab" };
  const response = await app.post("/api/constraint/choices", {
    prompt: "The capital of France is",
    constraint,
  });
  assert.equal(response.status, 200);
  constraintChoicesResult.strict().parse(await response.json());
  assert.equal(app.engine.jobs.at(-1)!.kind, "choices");
});

Deno.test("what is wrong with a constraint is said with its place", async () => {
  const [, pattern] = await check({ type: "regex", schema: "a\n(b" });
  assert.deepEqual([pattern.ok, pattern.error.line, pattern.text], [false, 2, undefined]);
  const [, grammar] = await check({ type: "cfg", schema: 'root ::= missing "a"' });
  assert.deepEqual([grammar.ok, grammar.error.line, grammar.error.column], [false, 1, 10]);
  const [, schema] = await check({ type: "json_schema", schema: '{"items": {"minimum": "x"}}' });
  assert.deepEqual([schema.ok, schema.error.pointer], [false, "/items/minimum"]);
  for (const { error } of [pattern, grammar, schema]) assert.match(error.message, /\.$/);
});

Deno.test("a text is read as far as it goes", async () => {
  const [, { text }] = await check({ type: "regex", schema: "é\\d+", text: "é1x" });
  assert.deepEqual(text, {
    ...{ possible: false, complete: false, failed_at: 3, may_end: true },
    expected: [{ what: "a digit", rule: "\\d", begun: false, from: 1, to: 3, pointer: null }],
    ...{ more_expected: 0, where: [{ rule: "\\d", from: 1, to: 3, pointer: null }] },
  });
});

Deno.test("malformed requests are refused by their field", async () => {
  const field = async (body: object) => {
    const [status, { field }] = await check(body);
    return [status, field];
  };
  assert.deepEqual(await field({ type: "lark" }), [400, "type"]);
  assert.deepEqual(await field({ type: "regex", schema: 1 }), [400, "schema"]);
  assert.deepEqual(await field({ type: "regex", schema: "a", text: 1 }), [400, "text"]);
  assert.deepEqual(await field({ schema: "a", settings: { whitespace: "x" } }), [400, "settings.whitespace"]);
});

Deno.test("checks in the sandbox: more than may wait are refused, and a page that leaves frees its place", async () => {
  const checks = createConstraintChecks();
  const left = new AbortController();
  const input = { type: "regex", schema: "a+", text: "aa" } as const;
  const asked = Array.from({ length: 17 }, () => checks.check(input, left.signal).catch((error) => error));
  const last = await asked.at(-1)!;
  assert.equal(faultOf(last)?.code, "queue_full");
  assert.equal((await asked[0]!).text.complete, true);
  left.abort();
  await Promise.all(asked);
  const answer = await checks.check(input, new AbortController().signal);
  assert.equal(answer.ok, true);
  checks.close();
});
