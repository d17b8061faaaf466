import assert from "node:assert/strict";
import { failureIn, playOf } from "../../../lib/explorer/session/activity.ts";
import { pause, play } from "../../../lib/explorer/moves/play.ts";
import { currentTip } from "../../../lib/explorer/session/branches.ts";
import { append, step } from "../../../lib/explorer/moves/path_moves.ts";
import type { Failure } from "../../../lib/explorer/session/types.ts";
import { opened, steps, untilSession, type World } from "../fake_api.ts";

/** An engine that cannot be reached, and is asked again soon. */
const AWAY: Failure = { kind: "trouble", message: "It is away.", detail: "", field: null, again: 0.002 };

const asked = (world: World, path: string) => world.asked.filter((question) => question.path === path).length;

/** Until it was asked quietly `more` times; the failure stays on the page all the while. */
async function stillAway(world: World, more: number): Promise<void> {
  const before = asked(world, "peek");
  await untilSession(world, (session) => {
    assert.deepEqual(failureIn(session), AWAY);
    return asked(world, "peek") >= before + more;
  });
}

Deno.test("Play goes on where it was when an engine that went away is back; every token of it comes", async () => {
  let gone = false;
  const world: World = await opened({
    onChange(session) { // at full speed all tokens may come within one task
      if (gone || currentTip(session.tree)?.depth !== 2) return;
      gone = true;
      world.failWith(AWAY);
    },
  });
  const display = { playTokens: 6, speedMs: 0 };
  world.explorer.dispatch((now) => play({ ...now, display: { ...now.display, ...display } }));
  await untilSession(world, (session) => failureIn(session) !== null);
  const before = world.text();
  await stillAway(world, 3);
  assert.ok(playOf(world.session) !== null, "Play is on");
  assert.equal(world.text(), before);
  world.failWith(null);
  await untilSession(world, (session) => failureIn(session) === null && playOf(session) === null);
  await world.settled();
  assert.equal(steps(world).length, 6);
  assert.ok(world.text().startsWith(before));
});

Deno.test("tokens that were clicked or wait come when the engine is back, in their order and once", async () => {
  const world = await opened();
  world.failWith(AWAY);
  const first = world.session.answer!.dist.tokens[0]!;
  world.explorer.dispatch((now) => append(now, first.id));
  for (const origin of ["drawn", "greedy"] as const) world.explorer.dispatch((now) => step(now, origin));
  await untilSession(world, (session) => failureIn(session) !== null);
  await stillAway(world, 2);
  world.failWith(null);
  await untilSession(world, (session) => failureIn(session) === null);
  await untilSession(world, () => steps(world).length === 3);
  await world.settled();
  assert.deepEqual(steps(world).map(({ origin }) => origin), ["chosen", "drawn", "greedy"]);
  assert.equal(steps(world)[0]!.token.id, first.id);
  assert.ok(steps(world).every(({ confirmed }) => confirmed));
});

Deno.test("Play that is stopped while the engine is away stays off; another failure is said at once", async () => {
  const world = await opened();
  world.explorer.dispatch((now) => play({ ...now, display: { ...now.display, speedMs: 0 } }));
  world.failWith(AWAY);
  await untilSession(world, (session) => failureIn(session) !== null);
  world.explorer.dispatch(pause);
  await stillAway(world, 1);
  const refused: Failure = { ...AWAY, kind: "refused", message: "No." };
  const { again: _, ...final } = refused;
  world.failWith(final);
  await untilSession(world, (session) => failureIn(session)?.message === "No.");
  const count = asked(world, "peek");
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(asked(world, "peek"), count, "it is not asked again by itself");
  assert.equal(playOf(world.session), null);
});
