import assert from "node:assert/strict";
import { createConstraintChecks } from "../../lib/engine/constraint_checks.ts";
import { faultOf } from "../../lib/fault.ts";

Deno.test("checks that a stopping server leaves unanswered say so, and so do later ones", async () => {
  const checks = createConstraintChecks();
  const { signal } = new AbortController();
  const check = () => checks.check({ type: "regex", schema: "a+", text: "" }, signal);
  const begun = Array.from({ length: 5 }, check).map((asked) => asked.then(() => null, (error) => error));
  checks.close();
  for (const error of [...await Promise.all(begun), await check().catch((error) => error)]) {
    assert.equal(faultOf(error)?.code, "model_failed");
    assert.equal(error.message, "The server is stopping.");
  }
});
