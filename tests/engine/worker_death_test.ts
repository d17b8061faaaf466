// Real workers that die in the middle of a native run: the next request works, with a 503 between at most, and
// nothing hangs.
import assert from "node:assert/strict";
import { faultOf } from "../../lib/fault.ts";
import { STATUS_OF } from "../../lib/api/http/errors.ts";
import type { Engine, SubmitOptions } from "../../lib/engine/types.ts";
import { spawnWorker } from "../../lib/engine/worker_port.ts";
import { pathOf, withWorkers } from "./mortal_workers.ts";
import { specFor } from "./spec.ts";
import { PATIENCE } from "../patience.ts";

const BUNDLED = "HuggingFaceTB/SmolLM2-135M-Instruct"; // large enough that a death comes in the middle
const CONTEXT = [504, 3575, 282, 4649, 314];

function ask(engine: Engine, ids: readonly number[], options: Partial<SubmitOptions> = {}) {
  const input = { ids, text: null, top_k: 5, temperature: 1 };
  const signal = new AbortController().signal;
  return engine.submit("next_token", input, { client: "test", signal, ...options });
}

/** The HTTP status that a request would have got. */
const statusOf = (error: unknown) => STATUS_OF[faultOf(error)!.code];

for (const death of ["kill", "crash"] as const) {
  Deno.test(`a worker's ${death} in the middle of a run: 503, then the same answers`, PATIENCE, async () => {
    await withWorkers(
      specFor(BUNDLED, { prefetch: true }),
      async ({ engine, newest, started, log, ready }) => {
        const before = await ask(engine, CONTEXT);
        const begun = Promise.withResolvers<void>();
        const long = ask(engine, pathOf(800, 1, 49_000), {
          client: "long",
          onProgress: () => begun.resolve(),
        });
        const queued = ask(engine, pathOf(300, 2, 49_000), { client: "queued" });
        const outcomes = Promise.allSettled([long, queued]);
        await begun.promise; // a chunk is done and the next one runs
        newest()[death]();
        for (const outcome of await outcomes) {
          assert.equal(outcome.status, "rejected");
          assert.equal(statusOf(outcome.reason), 503);
        }
        await assert.rejects(ask(engine, CONTEXT), (error) => statusOf(error) === 503);
        await ready();
        const after = await ask(engine, CONTEXT);
        assert.deepEqual(after.candidates, before.candidates);
        assert.equal(after.timing.computed_tokens, CONTEXT.length); // its caches went with it
        assert.equal(started(), 2);
        assert.ok(log.some((line) => line.startsWith("error: The inference worker died")), log.join("\n"));
      },
    );
  });
}

Deno.test(
  "a worker that runs out of memory dies alone: the process lives, and hears why",
  PATIENCE,
  async () => {
    const port = spawnWorker({ heapMib: 4 }); // MiB: too little for a model, whatever is remembered of it
    const death = Promise.withResolvers<string>();
    port.listen(() => {}, death.resolve);
    port.post({ type: "load", spec: specFor(BUNDLED) });
    assert.match(await death.promise, /out of memory/);
  },
);
