import assert from "node:assert/strict";
import type { Sliced } from "../../lib/decode/types.ts";
import { begin, waitFor } from "../../lib/decode/waiting.ts";

Deno.test("work that is done at once parks nothing, slow work parks the job until it is done", async () => {
  assert.deepEqual(await waitFor(Promise.resolve(3)).next(), { done: true, value: 3 });
  const cached = (async () => await Promise.resolve(4))();
  assert.deepEqual(await waitFor(cached).next(), { done: true, value: 4 });
  const slow = Promise.withResolvers<string>();
  const slices = waitFor(slow.promise);
  const { done, value } = await slices.next();
  assert.ok(!done && "until" in value);
  let settled = false;
  const until = value.until.then(() => settled = true);
  await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(settled, false);
  slow.resolve("x");
  await until;
  assert.deepEqual(await slices.next(), { done: true, value: "x" });
});

Deno.test("a failure ends the wait and is thrown to the job; one that was dropped does not hear of it", async () => {
  await assert.rejects(waitFor(Promise.reject(new Error("no"))).next(), /no/);
  const late = Promise.withResolvers<never>();
  const slices = waitFor(late.promise);
  const { value } = await slices.next() as { value: { until: Promise<unknown> } };
  await slices.return(undefined as never);
  late.reject(new Error("late"));
  await value.until;
});

Deno.test("slices that were begun are at work before they are taken, and give what they would have given", async () => {
  const done: string[] = [];
  async function* work(): Sliced<string> {
    for (let step = 0; step < 3; step++) await null; // as what looks into its caches first
    done.push("begun");
    yield { done: 1, total: 2 };
    done.push("second");
    return await Promise.resolve("value");
  }
  const { slices } = await begin(work());
  assert.deepEqual(done, ["begun"]);
  assert.deepEqual(await slices.next(), { done: false, value: { done: 1, total: 2 } });
  assert.deepEqual(await slices.next(), { done: true, value: "value" });
  assert.deepEqual(done, ["begun", "second"]);
});

Deno.test("slices that were begun end with the job that took them, and where nobody takes them", async () => {
  let ended = 0;
  async function* work(): Sliced<void> {
    try {
      yield { done: 1, total: 2 };
      yield await Promise.reject(new Error("late"));
    } finally {
      ended++;
    }
  }
  const { slices } = await begin(work());
  await slices.next();
  await slices.return();
  assert.equal(ended, 1);
  await (await begin(work())).drop();
  assert.equal(ended, 2);
  async function* failing(): Sliced<void> {
    yield await Promise.reject(new Error("no"));
  }
  const failed = await begin(failing());
  await new Promise((resolve) => setTimeout(resolve, 1)); // where it would be an error that nobody handles
  await assert.rejects(failed.slices.next(), /no/);
});
