import assert from "node:assert/strict";
import { failureIn } from "../../../lib/explorer/session/activity.ts";
import { append } from "../../../lib/explorer/moves/path_moves.ts";
import { isCurrent } from "../../../lib/explorer/session/question.ts";
import { setTemperature, setTopK } from "../../../lib/explorer/moves/setting_moves.ts";
import { choose, make, opened, openWorld, READY, steps, untilSession } from "../fake_api.ts";

const LOADING = { ...READY, ready: false, loading: true };

Deno.test("a new question aborts the fetch of the old one, whose answer is never shown", async () => {
  const world = openWorld();
  const close = world.explorer.open();
  await world.settled();
  world.hold();
  world.explorer.dispatch((now) => append(now, now.answer!.dist.tokens[0]!.id));
  world.explorer.dispatch((now) => setTemperature(now, 1));
  world.explorer.dispatch((now) => setTemperature(now, 1.1));
  assert.deepEqual(world.asked.slice(1).map(({ signal }) => signal.aborted), [true, true, false]);
  world.release();
  await world.settled();
  assert.ok(isCurrent(world.session));
  assert.equal((world.asked.at(-1)!.body.params as { temperature: number }).temperature, 1.1);
  close();
});

Deno.test("closing the page aborts what is on its way", () => {
  const world = openWorld();
  const close = world.explorer.open();
  close();
  assert.ok(world.asked[0]!.signal.aborted);
});

Deno.test("the page follows a load and then asks", async () => {
  const reasons: string[] = [];
  const world = openWorld({
    model: LOADING,
    statuses: [[LOADING, READY]],
    onAnswer: (reason) => reasons.push(reason),
  });
  const close = world.explorer.open();
  assert.equal(world.asked.length, 0);
  await untilSession(world, (session) => session.answer !== null);
  await Promise.resolve();
  assert.deepEqual(reasons, ["auto"]);
  close();
});

Deno.test("a lost server is tried again until it answers, then the open question is asked", async () => {
  const gone = new Error("connection refused");
  const world = openWorld({ statuses: [[gone], [gone], [READY]] });
  world.failWith({ kind: "unreachable", message: "No.", detail: "", field: null });
  const close = world.explorer.open();
  await untilSession(world, (session) => !session.connected);
  world.failWith(null);
  await untilSession(world, (session) => session.answer !== null);
  assert.ok(world.session.connected);
  assert.equal(failureIn(world.session), null);
  close();
});

Deno.test("a single question that does not get through is asked again, though the stream of statuses stands", async () => {
  const world = await opened();
  Object.assign(world.api, {
    async *statuses(signal: AbortSignal) {
      yield READY;
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  });
  world.failWith({ kind: "unreachable", message: "No.", detail: "", field: null });
  await make(world, choose(0));
  assert.equal(world.session.connected, false);
  world.failWith(null);
  await untilSession(world, isCurrent);
  assert.equal(steps(world).length, 1);
});

Deno.test("a 503 leads back to following the model", async () => {
  const world = openWorld({ statuses: [[LOADING], [READY]] });
  world.failWith({ kind: "loading", message: "Wait.", detail: "", field: null });
  const close = world.explorer.open();
  await untilSession(world, (session) => failureIn(session) !== null);
  world.failWith(null);
  await untilSession(world, (session) => session.answer !== null);
  close();
});

Deno.test("changes are told with the session before", () => {
  const seen: [number, number][] = [];
  const world = openWorld({
    prompt: "",
    onChange: (now, before) => seen.push([before.settings.topK, now.settings.topK]),
  });
  world.explorer.dispatch((now) => setTopK(now, 5));
  world.explorer.dispatch((now) => now);
  assert.deepEqual(seen, [[10, 5]]);
});
