import assert from "node:assert/strict";
import fc from "fast-check";
import { FairQueue } from "../../lib/engine/fair_queue.ts";

Deno.test("FairQueue serves clients in turn, each in its own order", () => {
  const queue = new FairQueue<string>();
  for (const item of ["a1", "a2", "a3"]) queue.push("a", item);
  queue.push("b", "b1");
  queue.push("c", "c1");
  queue.push("b", "b2");
  const served = Array.from({ length: 6 }, () => queue.next());
  assert.deepEqual(served, ["a1", "b1", "c1", "a2", "b2", "a3"]);
  assert.equal(queue.next(), undefined);
});

Deno.test("FairQueue lets a newcomer wait for at most one item of every other client", () => {
  const queue = new FairQueue<string>();
  for (const item of ["a1", "a2"]) queue.push("a", item);
  assert.equal(queue.next(), "a1");
  queue.push("b", "b1");
  queue.push("a", "a1 again");
  assert.deepEqual([queue.next(), queue.next()], ["a2", "b1"]);
});

Deno.test("FairQueue counts, removes and drains", () => {
  const queue = new FairQueue<string>();
  queue.push("a", "a1");
  queue.push("b", "b1");
  assert.equal(queue.size, 2);
  assert.equal(queue.remove("a", "a1"), true);
  assert.equal(queue.remove("a", "a1"), false);
  assert.equal(queue.size, 1);
  assert.deepEqual(queue.drain(), ["b1"]);
  assert.equal(queue.size, 0);
});

Deno.test("FairQueue never serves a client twice while another waits for its first", () => {
  const pushes = fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 40 });
  fc.assert(fc.property(pushes, (clients) => {
    const queue = new FairQueue<string>();
    const waiting = new Map<string, number>();
    for (const client of clients) {
      queue.push(client, client);
      waiting.set(client, (waiting.get(client) ?? 0) + 1);
    }
    const servedInRound = new Set<string>();
    for (let client = queue.next(); client !== undefined; client = queue.next()) {
      if (servedInRound.has(client)) {
        const skipped = [...waiting.keys()].filter((other) =>
          waiting.get(other)! > 0 && !servedInRound.has(other)
        );
        assert.deepEqual(skipped, []);
        servedInRound.clear();
      }
      servedInRound.add(client);
      waiting.set(client, waiting.get(client)! - 1);
    }
    assert.ok([...waiting.values()].every((count) => count === 0));
  }));
});
