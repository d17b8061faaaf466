// Over HTTP with the bundled model: a client that goes away, and a page that asks something newer, free the engine.
import assert from "node:assert/strict";
import { pathOf, withWorkers } from "./mortal_workers.ts";
import { askApi, withApi } from "./real_api.ts";
import { specFor } from "./spec.ts";
import { PATIENCE } from "../patience.ts";

const BUNDLED = "HuggingFaceTB/SmolLM2-135M-Instruct";
const LONG = pathOf(1100, 3, 49_000);
const CHUNKS = Math.ceil(LONG.length / 256);
const CONTEXT = [504, 3575, 282, 4649, 314];

const since = (begun: number) => `${Math.round(performance.now() - begun)} ms`;

Deno.test("a client that goes away in a long prefill frees the engine", PATIENCE, async () => {
  await withWorkers(specFor(BUNDLED), ({ engine }) =>
    withApi(engine, async (url) => {
      const before = (await askApi(url, CONTEXT)).body;
      const leaving = new AbortController();
      const seen: number[] = [];
      const first = Promise.withResolvers<void>();
      const onProgress = ({ done }: { done: number }) => (seen.push(done), first.resolve());
      const long = askApi(url, LONG, { signal: leaving.signal, onProgress });
      const gone = assert.rejects(long, { name: "AbortError" });
      await first.promise;
      leaving.abort();
      const begun = performance.now();
      await gone;
      const path = [...CONTEXT, before.candidates[0].id];
      const next = await askApi(url, path);
      console.log(`the next request was answered ${since(begun)} after the abort`);
      assert.equal(next.status, 200);
      assert.equal(next.body.timing.computed_tokens, 1);
      assert.ok(seen.length < CHUNKS - 1, `${seen.length} chunks were reported`);
      const again = await askApi(url, LONG);
      assert.ok(again.body.timing.computed_tokens < LONG.length, "what was computed before is kept");
      assert.ok(again.body.timing.computed_tokens > 256, "the rest was not computed for nobody");
      const { body } = await askApi(url, path);
      assert.deepEqual(body.candidates, next.body.candidates);
    }));
});

Deno.test("a newer request of the same page ends the older one, and only that", PATIENCE, async () => {
  await withWorkers(specFor(BUNDLED), ({ engine }) =>
    withApi(engine, async (url) => {
      const first = Promise.withResolvers<void>();
      const older = askApi(url, LONG, { page: "one", onProgress: () => first.resolve() });
      const other = askApi(url, pathOf(300, 4, 49_000), { page: "two" });
      await first.promise;
      const newer = await askApi(url, CONTEXT, { page: "one" });
      assert.equal(newer.status, 200);
      assert.equal((await older).body, null); // its stream ends without a result
      assert.equal((await other).status, 200);
      const again = await askApi(url, LONG, { page: "one" });
      assert.ok(again.body.timing.computed_tokens > 256, "the older one was not computed to its end");
    }));
});
