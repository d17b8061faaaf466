import assert from "node:assert/strict";
import fc from "fast-check";
import { countCommonPrefix } from "../../../lib/basics/common_prefix.ts";
import { KvCache } from "../../../lib/worker/logits/kv_cache.ts";
import { BYTES_PER_TOKEN, createFakeRunner } from "../../fake_runner.ts";

/** A cache that holds states of the given paths. */
async function cacheOf(paths: number[][], budget = 1e6, cuts = true) {
  const runner = createFakeRunner(32, cuts);
  const cache = new KvCache(runner, budget);
  for (const ids of paths) {
    const { kv } = await runner.run(runner.empty(), ids);
    cache.put({ ids, kv });
  }
  return { runner, cache };
}

Deno.test("KvCache takes the longest cached prefix, never the whole path", async () => {
  const { runner, cache } = await cacheOf([[1, 2], [1, 2, 3, 4]]);
  const state = cache.take([1, 2, 3, 4]);
  assert.deepEqual(state.ids, [1, 2, 3]);
  assert.equal(runner.live, 1); // cut by its one-token tail, not copied; the shorter one went before
});

Deno.test("KvCache hands a state that is taken whole to the next one too: two go on from one text at once", async () => {
  const { runner, cache } = await cacheOf([[1, 2, 3]]);
  const [first, second] = [cache.take([1, 2, 3, 4]), cache.take([1, 2, 3, 5])];
  assert.deepEqual([first.ids, second.ids], [[1, 2, 3], [1, 2, 3]]);
  for (const [state, id] of [[first, 4], [second, 5]] as const) {
    const { kv } = await runner.run(state.kv, [id]);
    cache.put({ ids: [...state.ids, id], kv });
  }
  assert.equal(runner.live, 2, "the one that both begin with is gone");
  cache.clear();
  assert.equal(runner.live, 0);
});

Deno.test("KvCache keeps no state that another one begins with, so that no memory counts twice", async () => {
  const { runner, cache } = await cacheOf([[1, 2], [1, 2, 3, 4], [1, 2, 3], [1, 9]]);
  assert.equal(runner.live, 2);
  assert.equal(cache.bytes, 6 * BYTES_PER_TOKEN);
  assert.equal(cache.room, 1e6 - 6 * BYTES_PER_TOKEN);
  const abandoned = cache.take([1, 2, 7]); // shares its memory with what stays
  cache.put(abandoned);
  assert.equal(runner.live, 2);
  assert.equal(cache.bytes, 6 * BYTES_PER_TOKEN);
});

Deno.test("KvCache counts a state as used when a shorter one of it comes back", async () => {
  const { cache } = await cacheOf([[1, 1, 1], [2, 2, 2], [1, 1], [3, 3, 3]], 6 * BYTES_PER_TOKEN);
  assert.equal(cache.reach([1, 1, 1, 9]), 3);
  assert.equal(cache.reach([2, 2, 2, 9]), 0);
});

Deno.test("KvCache keeps a state that goes on differently and hands out a copy", async () => {
  const { runner, cache } = await cacheOf([[1, 2, 3, 4, 5]]);
  const branch = cache.take([1, 2, 9]);
  assert.deepEqual(branch.ids, [1, 2]);
  assert.equal(runner.live, 2);
  cache.put(branch);
  assert.deepEqual(cache.take([1, 2, 3, 4, 5, 6]).ids, [1, 2, 3, 4, 5]);
});

Deno.test("KvCache evicts the least recently used state when bytes run out", async () => {
  const { runner, cache } = await cacheOf([[1, 1, 1], [2, 2, 2], [3, 3, 3]], 6 * BYTES_PER_TOKEN);
  assert.equal(runner.live, 2);
  assert.equal(cache.reach([1, 1, 1, 9]), 0);
  assert.equal(cache.reach([3, 3, 3, 9]), 3);
  assert.equal(cache.bytes, 6 * BYTES_PER_TOKEN);
});

Deno.test("KvCache releases a state over the budget, a duplicate, and everything on clear", async () => {
  const { runner, cache } = await cacheOf([[1, 2, 3], [4, 5, 6, 7]], 3 * BYTES_PER_TOKEN);
  assert.equal(runner.live, 1);
  const { kv } = await runner.run(runner.empty(), [1, 2, 3]);
  cache.put({ ids: [1, 2, 3], kv });
  assert.equal(runner.live, 1);
  cache.clear();
  assert.equal(runner.live, 0);
});

Deno.test("KvCache of states that cannot be cut: whole ones are handed out as copies and stay", async () => {
  const { runner, cache } = await cacheOf([[1, 2], [1, 2, 3, 4]], 1e6, false);
  assert.equal(runner.live, 2);
  assert.deepEqual([cache.reach([1, 2, 3, 4]), cache.reach([1, 2, 3]), cache.reach([1, 9])], [2, 2, 0]);
  const state = cache.take([1, 2, 3, 9]);
  assert.deepEqual(state.ids, [1, 2]);
  assert.equal(runner.live, 3);
  cache.put(state); // there already
  assert.equal(runner.live, 2);
  for (let id = 0; id < 300; id++) {
    const { kv } = await runner.run(runner.empty(), [id % 32, id]);
    cache.put({ ids: [id % 32, id], kv });
  }
  assert.equal(runner.live, 256);
});

for (const cuts of [true, false]) {
  Deno.test(`KvCache hands out the state it says and leaks none, over random takes and puts; cuts: ${cuts}`, async () => {
    const path = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 8 });
    const property = fc.asyncProperty(fc.array(path, { maxLength: 25 }), async (paths) => {
      const { runner, cache } = await cacheOf([], 12 * BYTES_PER_TOKEN, cuts);
      for (const ids of paths) {
        const reach = cache.reach(ids);
        const state = cache.take(ids);
        assert.equal(state.ids.length, reach);
        assert.equal(countCommonPrefix(state.ids, ids), state.ids.length);
        assert.equal(state.kv.length, state.ids.length);
        const { kv } = await runner.run(state.kv, ids.slice(state.ids.length));
        assert.deepEqual((kv as unknown as { ids: number[] }).ids, ids);
        cache.put({ ids, kv });
      }
      cache.clear();
      assert.equal(runner.live, 0);
    });
    await fc.assert(property);
  });
}
