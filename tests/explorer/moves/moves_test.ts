import assert from "node:assert/strict";
import { currentBranch, currentTip } from "../../../lib/explorer/session/branches.ts";
import { addMessage } from "../../../lib/explorer/session/chat_model.ts";
import {
  append,
  changeBranches,
  forceText,
  inspectStep,
  redo,
  removeLast,
  reset,
  step,
  undo,
} from "../../../lib/explorer/moves/path_moves.ts";
import { deleteBranch, renameBranch, switchBranch } from "../../../lib/explorer/session/branches.ts";
import { editChat, editText, setMode, start } from "../../../lib/explorer/moves/prompt_moves.ts";
import { isCurrent, shownSettingsOf } from "../../../lib/explorer/session/question.ts";
import { changeDisplay, setTemperature } from "../../../lib/explorer/moves/setting_moves.ts";
import { explainNow } from "../../../lib/explorer/views/explained.ts";
import { formatPercent } from "../../../lib/explorer/words/format.ts";
import type { DistResult } from "../../../lib/wire/distribution.ts";
import { rootOf, stepsOf } from "../../../lib/explorer/session/tree.ts";
import { FAKE_EOS_ID } from "../../fake_model.ts";
import { fakeStatus } from "../../fakes.ts";
import { modelStatusOf } from "../../../lib/api/http/model_status.ts";
import { choose, make, opened, PROMPT, steps } from "../fake_api.ts";

Deno.test("the first prompt starts by itself, raw, at temperature 0.7 with every other stage off", async () => {
  const world = await opened();
  assert.equal(world.text(), PROMPT);
  const [{ path, body }] = world.asked as [typeof world.asked[0]];
  assert.equal(path, "preview");
  assert.deepEqual([body.prompt, body.use_chat_template], [PROMPT, false]);
  const params = body.params as Record<string, unknown>;
  assert.deepEqual([params.temperature, params.top_p, params.repetition_penalty], [0.7, 1, 1]);
  assert.ok(isCurrent(world.session));
});

Deno.test("a click is one request: the token at once, the server's word for it and the next bars behind", async () => {
  const world = await opened();
  const dist = world.session.answer!.dist;
  const [first] = dist.tokens;
  world.explorer.dispatch(choose(0));
  assert.equal(world.text(), PROMPT + " Paris", "the token is there before the answer");
  assert.equal(isCurrent(world.session), false);
  await world.settled();
  const { path, body } = world.asked.at(-1)!;
  assert.equal(world.asked.length, 2);
  assert.equal(path, "step");
  assert.deepEqual([body.force_token_id, body.completion_ids, body.include], [first!.id, [], ["next"]]);
  const [record] = steps(world);
  assert.deepEqual([record!.origin, record!.p, record!.rank], ["chosen", first!.p_final, 0]);
  assert.deepEqual(record!.dist, dist);
  assert.equal(record!.confirmed, true);
  assert.ok(isCurrent(world.session));
  assert.match(world.session.announcement, /^Added space Paris\. Next most likely: /);
});

Deno.test("a step draws; its record keeps the number, and the same number repeats it", async () => {
  const numbers = [0.9, 0.2];
  const world = await opened({ u: () => numbers.shift()! });
  await make(world, (now) => step(now, "drawn"), (now) => step(now, "drawn"));
  const [first, second] = steps(world);
  assert.deepEqual([first!.draw?.u, first!.draw?.position, first!.origin], [0.9, 5, "drawn"]);
  assert.deepEqual([second!.draw?.u, second!.draw?.position], [0.2, 6]);
  assert.equal(world.session.lastStep.drawn?.u, 0.2);
});

Deno.test("clicks on Step and Greedy that come before the bars wait for them, in order", async () => {
  const world = await opened();
  for (let n = 0; n < 6; n++) world.explorer.dispatch((now) => step(now, n % 2 === 0 ? "greedy" : "drawn"));
  await world.settled();
  assert.deepEqual(steps(world).map(({ origin }) => origin), [
    "greedy",
    "drawn",
    "greedy",
    "drawn",
    "greedy",
    "drawn",
  ]);
});

Deno.test("at an earlier step its own bars come back without asking; another bar branches, the old path stays", async () => {
  const world = await opened();
  await make(world, choose(0), choose(2), choose(3));
  const old = world.text();
  const asked = world.asked.length;
  const second = steps(world)[1]!;
  await make(world, (now) => inspectStep(now, 1));
  assert.equal(world.asked.length, asked);
  assert.deepEqual(world.session.answer?.dist, second.dist);
  await make(world, (now) => append(now, second.token.id));
  assert.equal(world.session.inspected, null, "the token that was taken leads back to the end");
  assert.equal(world.text(), old);
  await make(world, (now) => inspectStep(now, 1), choose(4));
  assert.deepEqual(world.session.tree.branches.map(({ name }) => name), ["Main", "Branch B"]);
  assert.equal(steps(world).length, 2);
  assert.equal(
    steps(world)[0],
    stepsOf(world.session.tree.branches[0]!.tip)[0]!.record,
    "what is common is shared",
  );
  const [main] = world.session.tree.branches;
  await make(world, (now) => changeBranches(now, (tree) => switchBranch(tree, main!.id), "Main."));
  assert.equal(world.text(), old);
});

Deno.test("switching back, undo and redo redraw from what is known", async () => {
  const world = await opened();
  await make(world, choose(0), choose(1));
  const asked = world.asked.length;
  world.explorer.dispatch(removeLast);
  assert.ok(isCurrent(world.session), "at once");
  world.explorer.dispatch(undo);
  assert.ok(isCurrent(world.session));
  world.explorer.dispatch(redo);
  assert.ok(isCurrent(world.session));
  assert.equal(world.asked.length, asked);
});

Deno.test("undo breaks off a draw that is on its way, and takes nothing else", async () => {
  const world = await opened();
  await make(world, choose(0));
  const before = world.text();
  world.hold();
  world.explorer.dispatch((now) => step(now, "drawn"));
  world.explorer.dispatch(undo);
  world.release();
  await world.settled();
  assert.equal(world.text(), before);
  assert.ok(isCurrent(world.session));
});

Deno.test("inspecting while a setting changes asks for those bars under the new setting", async () => {
  const world = await opened();
  await make(world, choose(0), choose(1), (now) => inspectStep(now, 0), (now) => setTemperature(now, 2));
  const { path, body } = world.asked.at(-1)!;
  assert.deepEqual([path, body.completion_ids], ["preview", []]);
  assert.notDeepEqual(world.session.answer!.dist, steps(world)[0]!.dist);
});

Deno.test("what stands beside the bars of an earlier step is told under that step's settings, ledger and all", async () => {
  const world = await opened();
  await make(world, choose(0), (now) => setTemperature(now, 2), (now) => inspectStep(now, 0));
  const { dist, params } = steps(world)[0]!;
  assert.equal(params.temperature, 0.7);
  assert.equal(shownSettingsOf(world.session).params, params);
  const now = `At 0.7 the first bar has ${firstOf(dist!)} %.`;
  assert.ok(explainNow("temperature", world.session).text.endsWith(now));

  await make(world, (now) => changeDisplay(now, { expert: true, tab: "sampling" }));
  const temperatureAsked = () => (world.asked.at(-1)!.body.params as { temperature: number }).temperature;
  assert.deepEqual([world.asked.at(-1)!.body.include, temperatureAsked()], [
    ["stages", "prompt_scores"],
    0.7,
  ]);
  assert.ok(world.session.answer!.ledger);
  assert.equal(world.session.answer!.dist.tokens[0]!.p_final, dist!.tokens[0]!.p_final, "the bars stay");
  assert.equal(shownSettingsOf(world.session).params, params);

  world.hold();
  world.explorer.dispatch((now) => inspectStep(inspectStep(now, null), 0));
  world.explorer.dispatch((now) => setTemperature(now, 1.5));
  world.release();
  await world.settled();
  assert.equal(temperatureAsked(), 1.5, "a setting that changes meanwhile counts");
  assert.equal(shownSettingsOf(world.session).params.temperature, 1.5);
});

function firstOf(dist: DistResult): string {
  return formatPercent(Math.max(...dist.tokens.map(({ p_final }) => p_final)));
}

Deno.test("a slider during a draw waits for its token, then asks with the new value", async () => {
  const world = await opened();
  world.hold();
  world.explorer.dispatch((now) => step(now, "drawn"));
  world.explorer.dispatch((now) => setTemperature(now, 1.5));
  world.release();
  await world.settled();
  assert.equal(steps(world).length, 1);
  assert.equal((world.asked.at(-1)!.body.params as { temperature: number }).temperature, 1.5);
  assert.ok(isCurrent(world.session));
});

Deno.test("only the newest question counts", async () => {
  const world = await opened();
  world.hold();
  world.explorer.dispatch(choose(0));
  world.explorer.dispatch(undo);
  world.explorer.dispatch(choose(1));
  world.release();
  await world.settled();
  assert.deepEqual(steps(world).map(({ rank }) => rank), [1]);
});

Deno.test("any text can be forced; each of its tokens keeps its distribution", async () => {
  const world = await opened();
  await make(world, (now) => forceText(now, " Paris, the"));
  assert.equal(world.text(), PROMPT + " Paris, the");
  assert.ok(steps(world).length > 1);
  assert.ok(steps(world).every(({ origin, dist, p }) => origin === "forced" && dist !== null && p > 0));
});

Deno.test("the end of the text keeps the bars it was chosen from, and another one branches", async () => {
  const world = await opened();
  await make(
    world,
    (now) => ({ ...now, settings: { ...now.settings, topK: 300 } }),
    (now) => setTemperature(now, 1),
  );
  const before = world.session.answer!.dist;
  await make(world, (now) => append(now, FAKE_EOS_ID));
  assert.equal(steps(world)[0]!.end, true);
  assert.deepEqual(world.session.answer!.dist, before);
  assert.match(world.session.announcement, /End of text\.$/);
  await make(world, (now) => step(now, "drawn"));
  assert.equal(steps(world).length, 1, "nothing is drawn behind the end");
  await make(world, (now) => append(now, before.tokens[0]!.id));
  assert.equal(world.session.tree.branches.length, 2);
});

Deno.test("a new prompt is a branch of its own; with the completion kept its ids go along", async () => {
  const world = await opened();
  await make(world, choose(0), choose(3), (now) => editText(now, "The cat"));
  const ids = steps(world).map(({ token }) => token.id);
  await make(world, (now) => start(now, true));
  assert.deepEqual(steps(world).map(({ token }) => token.id), ids);
  assert.equal(
    rootOf(currentTip(world.session.tree)!).read?.tokens.map(({ text }) => text).join(""),
    "The cat",
  );
  assert.ok(steps(world).every(({ origin, p, dist }) => origin === "forced" && p > 0 && dist === null));
  assert.equal(world.session.tree.branches.length, 2);
  await make(world, (now) => editText(now, "It"), start);
  assert.equal(world.text(), "It");
  await make(world, undo, undo);
  assert.equal(world.session.tree.branches.length, 1);
  assert.equal(world.session.draft.text, PROMPT, "the prompt box follows");
});

Deno.test("a conversation goes through the model's template", async () => {
  const model = modelStatusOf(fakeStatus.ready({ hasChatTemplate: true }));
  const world = await opened({ model, info: { hasChatTemplate: true } });
  await make(
    world,
    (now) => setMode(now, "chat"),
    (now) => editChat(now, { open: true, messages: [{ role: "user", content: "sun" }] }),
    start,
  );
  assert.equal(world.text(), "[user]sun<|end|>[assistant]");
  await make(world, (now) => editChat(now, addMessage(now.draft.chat)), choose(0));
  assert.equal(steps(world).length, 1);
});

Deno.test("deleting a branch can be undone; a name can be given; reset goes back to the prompt", async () => {
  const world = await opened();
  await make(world, choose(0), choose(1), (now) => inspectStep(now, 0), choose(2));
  const branch = currentBranch(world.session.tree)!;
  await make(world, (now) => changeBranches(now, (tree) => renameBranch(tree, branch.id, " Mine "), ""));
  assert.equal(currentBranch(world.session.tree)!.name, "Mine");
  await make(world, (now) => changeBranches(now, (tree) => deleteBranch(tree, branch.id), ""));
  assert.equal(currentBranch(world.session.tree)!.name, "Main");
  await make(world, undo);
  assert.equal(currentBranch(world.session.tree)!.name, "Mine");
  await make(world, reset);
  assert.equal(world.text(), PROMPT);
});
