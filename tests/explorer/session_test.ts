import assert from "node:assert/strict";
import { isCurrent, isFull, pillsOf, textOf } from "../../lib/explorer/ask.ts";
import * as moves from "../../lib/explorer/session.ts";
import type { Session } from "../../lib/explorer/types_v1.ts";
import { opened, PROMPT, settle, started } from "./fixtures.ts";

const text = (session: Session) => session.path === null ? null : textOf(session.path);
const appendSettled = (session: Session, index: number) => settle(moves.append(session, index));

Deno.test("Start asks for the draft as text; the tokens come with the answer", () => {
  const asked = moves.start(moves.editDraft(started(), "The cat"));
  assert.deepEqual(asked.pending?.context, { text: "The cat" });
  assert.equal(asked.path?.prompt, null);
  assert.equal(text(asked), "The cat", "the text is there before its tokens are");
  const answered = settle(asked);
  assert.deepEqual(answered.path?.prompt?.map((pill) => pill.text), ["The", " cat"]);
  assert.ok(isCurrent(answered));
});

Deno.test("Start does nothing while there is no model", () => {
  const loading = opened(PROMPT);
  const waiting = { ...loading, model: { ...loading.model, ready: false } };
  assert.equal(moves.start(waiting), waiting);
});

Deno.test("a click appends the candidate and asks for ids", () => {
  const before = started();
  const chosen = before.answer!.result.candidates[2]!;
  const after = moves.append(before, 2);
  assert.deepEqual(after.pending?.context, { ids: [...before.answer!.result.ids, chosen.id] });
  const step = after.path!.completion[0]!;
  assert.equal(step.pill.id, chosen.id);
  assert.equal(step.prob, chosen.prob);
  assert.equal(step.rank, 3);
  assert.equal(text(after), PROMPT + chosen.token, "the token is there before the answer is");
});

Deno.test("bars of another text append nothing", () => {
  const waiting = moves.append(started(), 0);
  assert.equal(moves.append(waiting, 1), waiting);
  const changed = moves.changeSettings(started(), { temperature: 1 });
  assert.equal(moves.append(changed, 1), changed);
  assert.equal(moves.append(started(), 10).path?.completion.length, 0, "there is no eleventh bar");
});

Deno.test("Greedy waits for the bars and appends one token a call", () => {
  let session = started();
  for (let n = 0; n < 4; n++) session = moves.greedy(session);
  assert.equal(session.path?.completion.length, 1);
  assert.equal(session.greedyWaiting, 3);
  session = settle(session);
  assert.equal(session.path?.completion.length, 4);
  assert.ok(session.path?.completion.every((step) => step.rank === 1));
  assert.equal(session.greedyWaiting, 0);
});

Deno.test("any other move forgets the clicks on Greedy that wait", () => {
  for (const move of [moves.undo, moves.reset, moves.removeLast]) {
    const waiting = moves.greedy(moves.greedy(moves.greedy(started())));
    assert.equal(move(waiting).greedyWaiting, 0, move.name);
  }
});

Deno.test("undo takes moves back, redo makes them again, a new move forgets redo", () => {
  const one = appendSettled(started(), 0);
  const two = appendSettled(one, 1);
  const back = settle(moves.undo(two));
  assert.equal(text(back), text(one));
  const again = settle(moves.redo(back));
  assert.equal(text(again), text(two));
  const other = appendSettled(back, 3);
  assert.equal(moves.redo(other), other);
});

Deno.test("Start, Reset and delete can be undone too", () => {
  const two = appendSettled(appendSettled(started(), 0), 1);
  for (
    const move of [moves.reset, moves.removeLast, (s: Session) => moves.start(moves.editDraft(s, "The cat"))]
  ) {
    const moved = settle(move(two));
    assert.notEqual(text(moved), text(two));
    assert.equal(text(settle(moves.undo(moved))), text(two));
  }
});

Deno.test("the prompt box follows undo, unless it holds something that was not started", () => {
  const other = settle(moves.start(moves.editDraft(started(), "The cat")));
  assert.equal(moves.undo(other).draft, PROMPT);
  const typing = moves.editDraft(other, "The dog");
  assert.equal(moves.undo(typing).draft, "The dog");
});

Deno.test("the first text is no move: there is nothing before it", () => {
  const session = started();
  assert.equal(session.past.length, 0);
  assert.equal(moves.undo(session), session);
  assert.equal(moves.canRemove(session), false);
});

Deno.test("Start of the same prompt asks again without a move", () => {
  const before = started();
  const again = moves.start(before);
  assert.equal(again.past.length, 0);
  assert.notEqual(again.pending, null);
});

Deno.test("an empty draft empties the text without a question", () => {
  const empty = moves.start(moves.editDraft(started(), ""));
  assert.equal(empty.path, null);
  assert.equal(empty.pending, null);
  assert.equal(empty.answer, null);
  assert.equal(text(settle(moves.undo(empty))), PROMPT);
});

Deno.test("settings are clamped and rounded; what is no number is ignored", () => {
  const session = started();
  const changed = (change: Parameters<typeof moves.changeSettings>[1]) =>
    moves.changeSettings(session, change).settings;
  assert.equal(changed({ temperature: 9 }).temperature, 2);
  assert.equal(changed({ temperature: -1 }).temperature, 0);
  assert.equal(changed({ temperature: 0.1 + 0.2 }).temperature, 0.3);
  assert.equal(changed({ topK: 500 }).topK, 50);
  assert.equal(changed({ topK: 0 }).topK, 1);
  assert.equal(moves.changeSettings(session, { temperature: NaN }), session);
  assert.equal(moves.changeSettings(session, { temperature: 0.7 }), session, "no change, no question");
  assert.equal(moves.changeTemperatureBy(session, 0.1).settings.temperature, 0.8);
});

Deno.test("a new setting asks for the same ids", () => {
  const before = appendSettled(started(), 0);
  const after = moves.changeSettings(before, { temperature: 1.3 });
  assert.deepEqual(after.pending?.context, { ids: before.answer!.result.ids });
  assert.equal(after.past.length, before.past.length, "it is no move on the text");
});

Deno.test("spaces at the end are removed; a text that was started with them starts again", () => {
  const typing = moves.editDraft(started(), "The cat  ");
  assert.ok(moves.endsWithSpace(typing));
  const fixed = moves.removeTrailingSpaces(typing);
  assert.equal(fixed.draft, "The cat");
  assert.equal(fixed.pending, null);
  const begun = settle(moves.start(typing));
  assert.deepEqual(moves.removeTrailingSpaces(begun).pending?.context, { text: "The cat" });
  assert.equal(moves.endsWithSpace(moves.editDraft(begun, "The cat\n")), false);
});

Deno.test("a full context takes no further token", () => {
  const nearly = started("x".repeat(511));
  const full = appendSettled(nearly, 0);
  assert.ok(isFull(full));
  assert.equal(moves.append(full, 0), full);
  assert.equal(moves.greedy(full), full);
  assert.equal(isFull(moves.removeLast(full)), false);
});

Deno.test("the tokens of a path are those the server gave, an unfinished character included", () => {
  const session = settle(moves.start(moves.editDraft(started(), "é")));
  assert.deepEqual(session.path?.prompt?.map((pill) => pill.text), ["", "é"]);
  assert.equal(text(session), "é");
  assert.equal(pillsOf(session.path!).length, 2);
});
