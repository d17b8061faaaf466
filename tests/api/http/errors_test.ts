import assert from "node:assert/strict";
import { apiErrorOf } from "../../../lib/api/http/errors.ts";
import { fault } from "../../../lib/fault.ts";
import { createLog } from "../../../lib/log.ts";

Deno.test("a sentence that quotes a megabyte of what was sent keeps its beginning and end, a field's name too", () => {
  const long = "x".repeat(2 ** 20);
  const error = fault("invalid_request", `The rule ${long} is defined twice.`, long);
  const answer = apiErrorOf(error, {
    request: new Request("http://localhost/api/step"),
    path: "/api/step",
    log: createLog("error", () => {}),
    progress: () => null,
  });
  assert.ok(answer.error.startsWith("The rule xxx") && answer.error.endsWith("xxx is defined twice."));
  assert.ok(answer.error.length <= 2000 && answer.field!.length <= 2000);
});
