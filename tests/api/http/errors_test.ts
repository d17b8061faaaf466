import assert from "node:assert/strict";
import { apiErrorOf } from "../../../lib/api/http/errors.ts";
import { fault } from "../../../lib/fault.ts";
import { createLog } from "../../../lib/log.ts";

const context = {
  request: new Request("http://localhost/api/step"),
  path: "/api/step",
  log: createLog("error", () => {}),
  progress: () => null,
};

Deno.test("half a character of what was sent is none in an answer: many programs cannot print it", () => {
  const answer = apiErrorOf(fault("invalid_request", "There is no \ud800 here.", "\ud800"), context);
  assert.deepEqual([answer.error, answer.field], ["There is no \ufffd here.", "\ufffd"]);
});

Deno.test("a sentence that quotes a megabyte of what was sent keeps its beginning and end, a field's name too", () => {
  const long = "x".repeat(2 ** 20);
  const error = fault("invalid_request", `The rule ${long} is defined twice.`, long);
  const answer = apiErrorOf(error, context);
  assert.ok(answer.error.startsWith("The rule xxx") && answer.error.endsWith("xxx is defined twice."));
  assert.ok(answer.error.length <= 2000 && answer.field!.length <= 2000);
});
