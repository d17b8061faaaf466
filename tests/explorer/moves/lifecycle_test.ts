import assert from "node:assert/strict";
import { failureIn } from "../../../lib/explorer/session/activity.ts";
import { currentTip } from "../../../lib/explorer/session/branches.ts";
import { statusChanged } from "../../../lib/explorer/moves/model_moves.ts";
import { removeLast, reset, step } from "../../../lib/explorer/moves/path_moves.ts";
import { play } from "../../../lib/explorer/moves/play.ts";
import { isCurrent } from "../../../lib/explorer/session/question.ts";
import { changeField } from "../../../lib/explorer/settings/sampling.ts";
import {
  changeDisplay,
  changeSampling,
  setEnabled,
  setTemperature,
} from "../../../lib/explorer/moves/setting_moves.ts";
import { rootOf } from "../../../lib/explorer/session/tree.ts";
import { choose, make, opened, PROMPT, READY, steps } from "../fake_api.ts";

Deno.test("Play appends so many tokens, or until a stop sequence", async () => {
  const world = await opened();
  await make(world, (now) => changeDisplay(now, { speedMs: 0, playTokens: 5, playGreedy: true }), play);
  assert.equal(steps(world).length, 5);
  const text = steps(world).at(-1)!.pill.text;
  await make(
    world,
    reset,
    (now) => changeSampling(now, changeField(now.settings, { stop_sequences: [text] })),
    (now) => changeDisplay(now, { playTokens: 50 }),
    play,
  );
  assert.ok(steps(world).length <= 5);
  assert.equal(world.session.lastStep.stopped, text);
});

Deno.test("off, the model is not asked and shows nothing; on again, it goes on", async () => {
  const world = await opened();
  await make(world, (now) => setEnabled(now, false));
  assert.equal(world.session.answer, null);
  const asked = world.asked.length;
  await make(world, (now) => setTemperature(now, 1.1), (now) => step(now, "drawn"), removeLast);
  assert.equal(world.asked.length, asked);
  await make(world, (now) => setEnabled(now, true));
  assert.ok(isCurrent(world.session));
});

Deno.test("another model reads the text again, in a branch of its own", async () => {
  const world = await opened();
  await make(world, choose(0), choose(2));
  const text = world.text();
  await make(world, (now) => statusChanged(now, { ...READY, model_id: "other" }));
  assert.equal(world.text(), text);
  assert.equal(world.session.tree.branches.length, 2);
  assert.equal(rootOf(currentTip(world.session.tree)!).read?.modelId, "other");
  assert.equal(steps(world)[0]!.origin, "forced");
});

Deno.test("the scores of the prompt come once, where they are shown", async () => {
  const world = await opened();
  await make(world, (now) => changeDisplay(now, { expert: true, tab: "branches" }));
  const root = rootOf(currentTip(world.session.tree)!);
  const scores = world.session.promptScores.get(root.id)!;
  assert.equal(scores.length, 5);
  assert.equal(scores[0]!.p, null);
  assert.ok(scores[1]!.p! > 0);
  await make(world, choose(0));
  assert.deepEqual(world.asked.at(-1)!.body.include, ["next"]);
});

Deno.test("a failure leaves the text; the next move asks again", async () => {
  const world = await opened();
  world.failWith({ kind: "trouble", message: "No.", detail: "", field: null });
  await make(world, choose(0));
  assert.equal(failureIn(world.session)?.message, "No.");
  assert.equal(world.text(), PROMPT + " Paris");
  world.failWith(null);
  await make(world, removeLast);
  assert.equal(failureIn(world.session), null);
  assert.ok(isCurrent(world.session));
});
