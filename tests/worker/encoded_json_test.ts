import assert from "node:assert/strict";
import type { KnownTexts } from "../../lib/decode/distribution_cache.ts";
import { NO_COUNTERS } from "../../lib/engine/model_slot.ts";
import type { FromWorker } from "../../lib/protocol/messages.ts";
import { encodeInSlices, transfersOf } from "../../lib/worker/encoded_json.ts";

/** The JSON of a value, and how many slices it took. */
async function encode(
  value: unknown,
  texts?: KnownTexts,
): Promise<{ text: string; bytes: Uint8Array; slices: number }> {
  // deno-lint-ignore require-yield -- one slice
  const made = (async function* () {
    return await Promise.resolve(value);
  })();
  const job = encodeInSlices(made, texts);
  let slices = 1;
  for (let next = await job.next();; next = await job.next(), slices++) {
    if (next.done) return { text: new TextDecoder().decode(next.value), bytes: next.value, slices };
  }
}

const token = (id: number) => ({ id, text: `é${id}"`, bytes: [1, 2, 3], stages: [0.5, null], p: id / 7 });
const tokens = (count: number) => Array.from({ length: count }, (_, id) => token(id));
const step = (count: number, metas: number) => ({
  model: { a: 1, none: undefined },
  dist: { tokens: tokens(count), kept_top: [] },
  appended_meta: Array.from({ length: metas }, () => ({ dist: { tokens: tokens(count) }, draw: null })),
  warnings: [],
  next: null,
});

Deno.test("an answer of any size is written as JSON.stringify writes it", async () => {
  const values = [
    ...[null, 7, "text", [], {}, { a: undefined }, [undefined, 1], step(3, 1), step(1, 200)],
    ...[step(20_000, 3), step(600, 100), tokens(100_000), {
      list: Array.from({ length: 200_000 }, (_, i) => i),
    }],
  ];
  for (const value of values) assert.equal((await encode(value)).text, JSON.stringify(value));
});

Deno.test("a short answer takes one slice, a long one gives others their turn", async () => {
  assert.equal((await encode(step(10, 3))).slices, 1);
  assert.ok((await encode(step(20_000, 20))).slices > 20);
});

Deno.test("what is part of several answers is written once, wherever it stands", async () => {
  const [first, second, large] = [step(50, 0).dist, step(3, 0).dist, step(20_000, 0).dist];
  const texts: KnownTexts = new WeakMap(
    [first, second, large].map((dist) => [dist, 24 * dist.tokens.length]),
  );
  const meta = (dist: unknown) => ({ dist, draw: null, none: undefined });
  const answers = [
    { dist: first, appended_meta: [meta(first)], next: second, none: undefined, list: [undefined, 1] },
    { dist: second, appended_meta: Array.from({ length: 20 }, () => meta(second)), next: large },
    ...[first, [first, second], { dist: { of: { dist: second } } }],
  ];
  for (const answer of answers) assert.equal((await encode(answer, texts)).text, JSON.stringify(answer));
  const written = (text: string) => new TextEncoder().encode(text);
  assert.deepEqual(texts.get(first), written(JSON.stringify(first)));
  const kept = written('"as it was written"');
  texts.set(first, kept);
  const { text } = await encode(answers[0], texts);
  assert.equal(text.split('"as it was written"').length, 3);
  const alone = await encode(first, texts);
  assert.equal(alone.text, '"as it was written"');
  assert.notEqual(alone.bytes.buffer, kept.buffer); // an answer may be handed over
});

Deno.test("a long answer hands its memory over, a short one and a part of other memory are copied", () => {
  const done = (value: unknown) =>
    ({ type: "done", id: 1, value, counters: NO_COUNTERS }) as const satisfies FromWorker;
  const long = new Uint8Array(2 ** 20);
  assert.deepEqual(transfersOf(done(long)), [long.buffer]);
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(done(long), transfersOf(done(long)));
  assert.equal(long.length, 0);
  for (const port of [port1, port2]) port.close();
  for (const value of [new Uint8Array(100), new Uint8Array(2 ** 20).subarray(1), { a: 1 }, null]) {
    assert.deepEqual(transfersOf(done(value)), []);
  }
  assert.deepEqual(transfersOf({ type: "parked", id: 1 }), []);
});
