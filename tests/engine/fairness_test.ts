// Real workers: a click of one page passes another page's long prefill, in order, whatever the machine's speed.
import assert from "node:assert/strict";
import type { Engine, SubmitOptions } from "../../lib/engine/types.ts";
import { pathOf, withWorkers } from "./mortal_workers.ts";
import { specFor } from "./spec.ts";
import { PATIENCE } from "../patience.ts";

const BUNDLED = "HuggingFaceTB/SmolLM2-135M-Instruct";
const CHUNK = 256;

function ask(engine: Engine, ids: readonly number[], options: Partial<SubmitOptions>) {
  const input = { ids, text: null, top_k: 5, temperature: 1 };
  const signal = new AbortController().signal;
  return engine.submit("next_token", input, { client: "test", signal, ...options });
}

Deno.test("8 pages: clicks are answered within one chunk of another page's prefill", PATIENCE, async () => {
  await withWorkers(specFor(BUNDLED, { prefetch: true }), async ({ engine }) => {
    const events: string[] = [];
    const clicked = Promise.withResolvers<unknown>();
    const clicks = () =>
      Promise.all(
        Array.from({ length: 7 }, (_, page) =>
          ask(engine, pathOf(5, page, 49_000), { client: `page ${page}` }).then((answer) => {
            events.push(`click ${page}`);
            return answer;
          })),
      );
    const onProgress = ({ done }: { done: number }) => {
      events.push(`chunk ${done / CHUNK}`);
      if (done === CHUNK) clicked.resolve(clicks());
    };
    const long = ask(engine, pathOf(CHUNK * 3 + 20, 9, 49_000), { client: "long", onProgress })
      .then(() => events.push("long"));
    await Promise.all([clicked.promise, long]);
    // A chunk may have been under way when they came; then all of them have their turn.
    const before = events.indexOf("click 0");
    assert.ok(before >= 1 && before <= 2, events.join(", "));
    assert.deepEqual(
      events.slice(before, before + 7),
      Array.from({ length: 7 }, (_, page) => `click ${page}`),
    );
    assert.equal(events.at(-1), "long");
    assert.equal(events.filter((event) => event.startsWith("chunk")).length, 3);
  });
});

Deno.test("two long prefills take turns, chunk by chunk", PATIENCE, async () => {
  const roomy = specFor(BUNDLED, { cacheBytes: 2 ** 29 }); // with little memory one would wait for the other
  await withWorkers(roomy, async ({ engine }) => {
    const events: string[] = [];
    const long = (client: string, seed: number) =>
      ask(engine, pathOf(CHUNK * 2 + 10, seed, 49_000), { client, onProgress: () => events.push(client) });
    await Promise.all([long("a", 1), long("b", 2)]);
    assert.deepEqual(events, ["a", "b", "a", "b"]);
  });
});
