import { strict as assert } from "node:assert";
import fc from "fast-check";
import { sessionThreads } from "../../lib/ort/threads.ts";

Deno.test("threads: at least one, never more than processors, never fewer on a larger machine", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 512 }), (processors) => {
    const threads = sessionThreads(processors);
    assert.ok(Number.isInteger(threads) && threads >= 1 && threads <= processors);
    assert.ok(sessionThreads(processors + 1) >= threads);
  }));
});
