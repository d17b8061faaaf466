import assert from "node:assert/strict";
import { waitFor } from "../../lib/decode/waiting.ts";

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
