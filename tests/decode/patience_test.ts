import assert from "node:assert/strict";
import { patiently } from "../../lib/decode/patience.ts";

Deno.test("work that is done at once takes no turn, slow work lets others in until it is done", async () => {
  assert.deepEqual(await patiently(Promise.resolve(3)).next(), { done: true, value: 3 });
  const slow = Promise.withResolvers<string>();
  const slices = patiently(slow.promise);
  for (let turn = 0; turn < 3; turn++) assert.equal((await slices.next()).done, false);
  slow.resolve("x");
  assert.deepEqual(await slices.next(), { done: true, value: "x" });
});

Deno.test("a failure is thrown to who waits, and troubles nobody who left", async () => {
  await assert.rejects(patiently(Promise.reject(new Error("no"))).next(), /no/);
  const late = Promise.withResolvers<never>();
  const slices = patiently(late.promise);
  await slices.next();
  await slices.return(undefined as never);
  late.reject(new Error("late"));
  await new Promise((resolve) => setTimeout(resolve, 0));
});
