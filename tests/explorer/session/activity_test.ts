import assert from "node:assert/strict";
import {
  askingOf,
  failureIn,
  idleActivityOf,
  isBusy,
  playOf,
  questionOf,
  queueOf,
  withNext,
  withoutNext,
} from "../../../lib/explorer/session/activity.ts";
import { append, canAppend, step } from "../../../lib/explorer/moves/path_moves.ts";
import { play } from "../../../lib/explorer/moves/play.ts";
import { setTemperature } from "../../../lib/explorer/moves/setting_moves.ts";
import type { Failure } from "../../../lib/explorer/session/types.ts";
import { opened } from "../fake_api.ts";

const REFUSED: Failure = { kind: "refused", message: "No.", detail: "", field: null };

Deno.test("tokens that are asked for before the bars are there wait; with no answer they are gone", async () => {
  const world = await opened();
  world.hold();
  world.explorer.dispatch((now) => step(now, "drawn"));
  world.explorer.dispatch((now) => step(now, "greedy"));
  world.explorer.dispatch((now) => step(now, "drawn"));
  assert.deepEqual(queueOf(world.session), ["greedy", "drawn"]);
  assert.ok(isBusy(world.session) && questionOf(world.session) !== null);
  world.explorer.dispatch((now) => ({ ...now, activity: { kind: "failed", failure: REFUSED } }));
  assert.deepEqual([queueOf(world.session), playOf(world.session)], [[], null]);
  assert.equal(questionOf(world.session), null);
  assert.ok(world.asked.at(-1)!.signal.aborted, "what is not open any more is broken off");
  world.release();
});

Deno.test("a failure leaves no bars that could be appended", async () => {
  const world = await opened();
  world.failWith(REFUSED);
  world.explorer.dispatch((now) => setTemperature(now, 1.5));
  await world.settled();
  assert.equal(failureIn(world.session), REFUSED);
  world.explorer.dispatch((now) => setTemperature(now, 1));
  await world.settled();
  assert.equal(canAppend(world.session), false);
  const { id } = world.session.answer!.dist.tokens[0]!;
  assert.equal(append(world.session, id), world.session);
});

Deno.test("Play goes on from question to question, and a queue only while something is open", async () => {
  const world = await opened();
  world.hold();
  const playing = play(world.session);
  const asking = step(playing, "drawn");
  assert.equal(playOf(asking)?.left, 100);
  const queued = step(asking, "greedy");
  assert.deepEqual(queueOf(queued), ["greedy"]);
  const again = { ...queued, activity: askingOf(queued, questionOf(queued)!) };
  assert.deepEqual([queueOf(again), playOf(again)], [["greedy"], playOf(playing)]);
  assert.deepEqual(idleActivityOf(queued), { kind: "idle", play: playOf(playing) });
  assert.deepEqual(withoutNext(queued), { ...queued.activity, queue: [], play: null });
  assert.deepEqual(withNext(playing, { queue: ["drawn"], play: null }), { kind: "idle", play: null });
  world.release();
});
