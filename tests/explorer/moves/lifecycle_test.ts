import assert from "node:assert/strict";
import { failureIn, playOf, questionOf } from "../../../lib/explorer/session/activity.ts";
import { currentTip } from "../../../lib/explorer/session/branches.ts";
import { receiveStatus } from "../../../lib/explorer/moves/model_moves.ts";
import { inspectStep, removeLast, reset, step, undo } from "../../../lib/explorer/moves/path_moves.ts";
import { pause, play } from "../../../lib/explorer/moves/play.ts";
import { editText, readAgain } from "../../../lib/explorer/moves/prompt_moves.ts";
import { isCurrent, isForeign } from "../../../lib/explorer/session/question.ts";
import { changeField } from "../../../lib/explorer/settings/sampling.ts";
import {
  changeDisplay,
  changeSampling,
  setEnabled,
  setTemperature,
} from "../../../lib/explorer/moves/setting_moves.ts";
import { followPins } from "../../../lib/explorer/asking/follow_pins.ts";
import type { Api } from "../../../lib/explorer/asking/api.ts";
import { pin, receivePinned } from "../../../lib/explorer/session/pins.ts";
import { barsView } from "../../../lib/explorer/views/bars_view.ts";
import { cardOfToken } from "../../../lib/explorer/views/strip_view.ts";
import { rootOf } from "../../../lib/explorer/session/tree.ts";
import { choose, make, opened, PROMPT, READY, steps, type World } from "../fake_api.ts";

Deno.test("Play appends so many tokens, or until a stop sequence", async () => {
  const world = await opened();
  await make(world, (now) => changeDisplay(now, { speedMs: 0, playTokens: 5 }), play);
  assert.equal(steps(world).length, 5);
  const text = steps(world).at(-1)!.token.text;
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

Deno.test("at full speed the next token is asked for before the page draws the last one; its bars are not old", async () => {
  const seen: { asked: number; tokens: number; stale: boolean | undefined }[] = [];
  let playing = false;
  const world: World = await opened({
    onAnswer() { // in the task that brought the answer
      if (!playing || playOf(world.session) === null) return;
      const stale = barsView(world.session)?.stale;
      seen.push({ asked: world.asked.length, tokens: steps(world).length, stale });
    },
  });
  const before = world.asked.length;
  playing = true;
  await make(world, (now) => changeDisplay(now, { speedMs: 0, playTokens: 4 }), play);
  assert.deepEqual(seen, [1, 2, 3].map((tokens) => ({ asked: before + tokens + 1, tokens, stale: false })));
});

Deno.test("Play says with each token but the last that another one follows; a single step does not", async () => {
  const world = await opened();
  const before = world.asked.length;
  await make(world, (now) => changeDisplay(now, { speedMs: 0, playTokens: 3 }), play);
  await make(world, (now) => step(now, "drawn"));
  const said = world.asked.slice(before).filter(({ path }) => path === "step");
  assert.deepEqual(said.map(({ body }) => body.goes_on === true), [true, true, false, false]);
});

Deno.test("slower, a token waits for its moment; the bars of a single step are old until it comes", async () => {
  const world = await opened();
  world.hold();
  world.explorer.dispatch((now) => play(changeDisplay(now, { speedMs: 60_000 })));
  assert.equal(barsView(world.session)!.stale, false, "the first token of Play is drawn from them");
  world.release();
  while (steps(world).length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(questionOf(world.session), null, "the second one is not asked for yet");
  world.hold();
  world.explorer.dispatch((now) => step(pause(now), "drawn"));
  assert.equal(barsView(world.session)!.stale, true);
  world.release();
  await world.settled();
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

const OTHER = { ...READY, model_id: "other", model_key: "other-q4", tokenizer_key: "other" };

Deno.test("a text of another tokenizer waits until it is read again, in a branch of its own", async () => {
  const world = await opened();
  await make(world, choose(0), choose(2));
  const text = world.text();
  const asked = world.asked.length;
  await make(world, (now) => receiveStatus(now, OTHER));
  assert.ok(isForeign(world.session));
  assert.equal(world.session.answer, null, "bars of the old model are not shown under the new name");
  assert.equal(world.asked.length, asked, "its ids are not asked about");
  await make(world, readAgain);
  assert.equal(world.text(), text);
  assert.equal(world.session.tree.branches.length, 2);
  assert.equal(world.asked[asked]!.body.model_key, "other-q4");
  assert.equal(world.asked[asked]!.body.prompt_ids, undefined, "it is sent as text");
  assert.equal(steps(world)[0]!.origin, "forced");
});

Deno.test("another file of the same model draws the bars again, under its own name", async () => {
  const world = await opened();
  await make(world, choose(0));
  const { answer } = world.session;
  const asked = world.asked.length;
  await make(world, (now) => receiveStatus(now, { ...READY, model_key: "fp32" }));
  assert.equal(world.asked.length, asked + 1, "what the other file said is not shown again");
  assert.equal(world.asked.at(-1)!.body.model_key, "fp32");
  assert.notEqual(world.session.answer, answer);
  assert.equal(world.session.answer!.modelKey, "fp32");
  assert.equal(world.session.tree.branches.length, 1, "the ids mean the same: the text stays");
  await make(world, removeLast, undo);
  assert.equal(world.asked.length, asked + 2, "known answers belong to their model");
  await make(world, (now) => inspectStep(now, 0));
  assert.equal(world.asked.length, asked + 2, "the prompt's bars are known under the new key");
});

Deno.test("a click that was made for a model that is gone is refused, and its token goes", async () => {
  const world = await opened();
  const text = world.text();
  world.failWith({ kind: "changed", message: "Another model serves now.", detail: "", field: "model_key" });
  await make(world, choose(1));
  assert.equal(world.text(), text);
  assert.equal(failureIn(world.session)?.kind, "changed");
  world.failWith(null);
  await make(world, (now) => receiveStatus(now, { ...READY, model_key: "fp32" }));
  assert.equal(world.text(), text);
  assert.ok(isCurrent(world.session));
});

Deno.test("what is open when the model changes is not put to the new one", async () => {
  const world = await opened();
  const text = world.text();
  world.hold();
  world.explorer.dispatch(choose(1));
  world.explorer.dispatch((now) => receiveStatus(now, { ...READY, model_key: "fp32" }));
  world.release();
  await world.settled();
  assert.equal(world.text(), text);
  assert.ok(world.asked.at(-2)!.signal.aborted);
  assert.deepEqual([world.asked.at(-1)!.path, world.asked.at(-1)!.body.model_key], ["preview", "fp32"]);
});

Deno.test("every question names the model that it is made for", async () => {
  const world = await opened();
  await make(world, choose(0), (now) => step(now, "drawn"), (now) => setTemperature(now, 1.3));
  assert.ok(world.asked.length >= 4);
  for (const { path, body } of world.asked) assert.equal(body.model_key, READY.model_key, path);
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

Deno.test("a draw at an earlier step that brings the same token makes no branch: the page goes on", async () => {
  const world = await opened();
  await make(world, (now) => step(now, "drawn"), (now) => step(now, "drawn"));
  const text = world.text();
  await make(world, (now) => inspectStep(now, 0), (now) => step(now, "drawn"));
  assert.equal(world.session.tree.branches.length, 1);
  assert.equal(world.session.inspected, 1, "the next step");
  await make(world, (now) => step(now, "drawn"));
  assert.equal(world.session.inspected, null, "the end of the text");
  assert.equal(world.text(), text);
});

Deno.test("greedy and temperature 0 draw nothing: no needle, no number", async () => {
  const world = await opened();
  await make(world, (now) => setTemperature(now, 0), (now) => step(now, "drawn"));
  const strip = () => barsView(world.session)!.draw;
  assert.equal(world.session.lastStep.drawn, null);
  assert.match(JSON.stringify(strip().note), /nothing is drawn/);
  await make(world, (now) => inspectStep(now, 0));
  assert.equal(strip().needle, null);
  const card = cardOfToken(
    world.session,
    world.session.answer!.node.depth + rootOf(world.session.answer!.node).read!.tokens.length,
  );
  assert.deepEqual(card?.facts.find(([label]) => label === "Came by"), ["Came by", "Greedy"]);
});

Deno.test("the draw before is named as the last one: it was made on another strip", async () => {
  const world = await opened();
  await make(world, (now) => step(now, "drawn"));
  const { note, needle } = barsView(world.session)!.draw;
  assert.deepEqual([note.kind, needle], ["last", null]);
});

Deno.test("a pinned token far down says its rank among all tokens", async () => {
  const world = await opened();
  const { answer } = world.session;
  const far = { ...answer!.dist.tokens[0]!, id: 250, rank: 207, p_final: 1e-6 };
  world.explorer.dispatch((now) => receivePinned(pin(now, 250, true), answer!.number, [far]));
  const row = barsView(world.session)!.dist.rows.find(({ id }) => id === 250);
  assert.deepEqual([row?.rank, row?.pinned], ["208", true]);
});

Deno.test("pinned tokens are asked for once, also where that fails", async () => {
  const world = await opened();
  const api = { vocabulary: () => (asked++, Promise.reject(new Error("no"))) };
  let asked = 0;
  const stop = followPins(world.explorer, api as unknown as Api);
  world.explorer.dispatch((now) => pin(now, 250, true));
  for (const text of ["a", "ab", "abc"]) {
    world.explorer.dispatch((now) => editText(now, text));
    await new Promise((resolve) => setTimeout(resolve));
  }
  stop();
  assert.equal(asked, 1);
});
