import assert from "node:assert/strict";
import { currentTip } from "../../../lib/explorer/session/branches.ts";
import { forceText, step } from "../../../lib/explorer/moves/path_moves.ts";
import { start } from "../../../lib/explorer/moves/prompt_moves.ts";
import { writeUsually } from "../../../lib/explorer/moves/usual_tokens.ts";
import { rootOf, stepsOf } from "../../../lib/explorer/session/tree.ts";
import { fakeEncode, fakeTokens } from "../../fake_model.ts";
import { make, openWorld, steps, type World } from "../fake_api.ts";

async function written(prompt: string, ...texts: string[]): Promise<World> {
  const world = openWorld({ prompt });
  await make(world, (now) => start(now));
  for (const text of texts) await make(world, (now) => forceText(now, text));
  return world;
}

function usual(text: string) {
  return fakeTokens(fakeEncode(text, false));
}

Deno.test("usual tokens are a branch: what agrees keeps its node or its origin, and the text stays", async () => {
  const world = await written("The cat", " sat");
  await make(world, (now) => step(now, "drawn"));
  const common = steps(world).slice(0, 2);
  for (const letter of [" ", "o", "n"]) await make(world, (now) => forceText(now, letter));
  await make(world, (now) => step(now, "greedy"));
  const [text, old, main] = [world.text(), steps(world), currentTip(world.session.tree)!];
  const tokens = usual(text);
  assert.ok(
    tokens.length < rootOf(main).read!.tokens.length + old.length,
    "the fake text has usual tokens only",
  );
  await make(world, (now) => writeUsually(now, tokens, 0));
  const tip = currentTip(world.session.tree)!;
  assert.equal(world.text(), text);
  assert.deepEqual(
    [...rootOf(tip).read!.tokens, ...steps(world).map(({ token }) => token)].map(({ id }) => id),
    tokens.map(({ id }) => id),
  );
  assert.equal(rootOf(tip), rootOf(main), "it is no branch of the old path");
  assert.deepEqual(steps(world).slice(0, 2), common);
  assert.deepEqual(stepsOf(tip).slice(0, 2), stepsOf(main).slice(0, 2));
  assert.equal(steps(world).at(-1)!.origin, "greedy");
  assert.equal(world.session.draft.text, "The cat");
  assert.equal(world.session.tree.branches.length, 2);
});

Deno.test("a usual token over the end of the prompt belongs to the completion", async () => {
  const world = await written("The cat s", "at", " on");
  const text = world.text();
  await make(world, (now) => writeUsually(now, usual(text), 0));
  assert.equal(world.text(), text);
  assert.equal(world.session.draft.text, "The cat");
  assert.deepEqual(steps(world).map(({ token }) => token.text), [" sat", " on"]);
});
