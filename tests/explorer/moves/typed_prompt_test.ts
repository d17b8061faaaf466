import assert from "node:assert/strict";
import { currentTip } from "../../../lib/explorer/session/branches.ts";
import { receiveStatus, retry } from "../../../lib/explorer/moves/model_moves.ts";
import { changeDisplay, setTemperature } from "../../../lib/explorer/moves/setting_moves.ts";
import { undo } from "../../../lib/explorer/moves/path_moves.ts";
import { editText, isDirty, start } from "../../../lib/explorer/moves/prompt_moves.ts";
import { MOST_CHARACTERS, startTyped, stopTyped } from "../../../lib/explorer/moves/typed_prompt.ts";
import { isCurrent } from "../../../lib/explorer/session/question.ts";
import type { Session } from "../../../lib/explorer/session/types.ts";
import { choose, make, opened, openWorld, PROMPT, READY } from "../fake_api.ts";

const typed = (text: string) => (now: Session) => startTyped(editText(now, text));

Deno.test("a prompt that rests takes the place of the one before; a row of them is one step of history", async () => {
  const world = await opened();
  await make(world, typed("The sea"), typed("The sea is"));
  assert.equal(world.text(), "The sea is");
  assert.ok(isCurrent(world.session) && !isDirty(world.session));
  assert.equal(world.session.tree.branches.length, 1);
  await make(world, undo);
  assert.deepEqual([world.text(), world.session.draft.text], [PROMPT, PROMPT]);
});

Deno.test("until its answer is there the text and its bars stay, and the next key breaks it off", async () => {
  const world = await opened();
  const { answer, tree } = world.session;
  world.hold();
  world.explorer.dispatch(typed("The sea"));
  assert.equal(world.text(), PROMPT);
  world.explorer.dispatch(stopTyped);
  assert.ok(world.asked.at(-1)!.signal.aborted);
  assert.deepEqual([world.session.answer, world.session.tree], [answer, tree]);
  assert.ok(isCurrent(world.session), "the bars can be used again");
  world.release();
});

Deno.test("a setting that changes while a draft is read asks for the draft with it, on an empty page too", async () => {
  for (const empty of [false, true]) {
    const world = empty ? openWorld({ prompt: "" }) : await opened();
    world.hold();
    world.explorer.dispatch(typed("The sea"));
    world.explorer.dispatch((now) => setTemperature(now, 1.5));
    world.release();
    await world.settled();
    assert.deepEqual([world.text(), isDirty(world.session)], ["The sea", false]);
    assert.ok(isCurrent(world.session));
    assert.equal((world.asked.at(-1)!.body.params as { temperature: number }).temperature, 1.5);
  }
});

Deno.test("a draft that an engine holds up is read when the engine is back", async () => {
  const world = await opened();
  world.failWith({ kind: "trouble", message: "Away.", detail: "", field: null, again: 0 });
  await make(world, typed("The sea"));
  assert.equal(world.session.activity.kind, "failed");
  world.failWith(null);
  await make(world, retry);
  assert.deepEqual([world.text(), isDirty(world.session)], ["The sea", false]);
});

const AWAY = { kind: "trouble", message: "Away.", detail: "", field: null, again: 0 } as const;

Deno.test("a draft that is held up and has changed since is not read any more", async () => {
  const changes: ((now: Session) => Session)[] = [
    (now) => editText(now, "x".repeat(MOST_CHARACTERS + 1)),
    (now) => editText(now, ""),
    (now) => editText(now, PROMPT),
    (now) => changeDisplay(now, { live: false }),
  ];
  for (const change of changes) {
    for (const heard of [false, true]) { // `stopTyped` comes with the change, or is still on its way
      const world = await opened();
      world.failWith(AWAY);
      await make(world, typed("The sea"));
      world.failWith(null);
      await make(world, (now) => heard ? stopTyped(change(now)) : change(now), retry);
      assert.equal(world.text(), PROMPT);
      assert.ok(isCurrent(world.session), "the bars can be used again");
    }
  }
});

Deno.test("a setting that changes while a draft is held up asks for the draft with it, on an empty page too", async () => {
  for (const empty of [false, true]) {
    const world = empty ? openWorld({ prompt: "" }) : await opened();
    world.failWith(AWAY);
    await make(world, typed("The sea"));
    world.failWith(null);
    await make(world, (now) => setTemperature(now, 1.5));
    assert.deepEqual([world.text(), isDirty(world.session)], ["The sea", false]);
    assert.equal((world.asked.at(-1)!.body.params as { temperature: number }).temperature, 1.5);
  }
});

Deno.test("a draft that is held up on an empty page is read by another model that takes over", async () => {
  const world = openWorld({ prompt: "" });
  world.failWith(AWAY);
  await make(world, typed("The sea"));
  world.failWith(null);
  await make(world, (now) => receiveStatus(now, { ...READY, model_key: "another file" }));
  assert.deepEqual([world.text(), isDirty(world.session)], ["The sea", false]);
});

Deno.test("typing takes no token from the page, and a long prompt waits for Start", async () => {
  const world = await opened();
  const rests = (text: string, change: (now: Session) => Session = (now) => now) => {
    const now = editText(change(world.session), text);
    return startTyped(now) === now;
  };
  assert.ok(rests("The sea", (now) => changeDisplay(now, { live: false })));
  assert.ok(rests("x".repeat(MOST_CHARACTERS + 1)));
  assert.ok(rests(""));
  await make(world, choose(0));
  assert.ok(rests("The sea"));
});

Deno.test("a draft that the server refuses leaves what is there", async () => {
  const world = await opened();
  world.failWith({ kind: "refused", message: "No.", detail: "", field: null });
  await make(world, typed("The sea"));
  assert.equal(world.text(), PROMPT);
  assert.ok(isCurrent(world.session) && isDirty(world.session));
  await make(world, (now) => start(now));
  assert.equal(world.session.activity.kind, "failed", "asked for by hand it says why");
  assert.equal(currentTip(world.session.tree)?.depth, 0);
});
