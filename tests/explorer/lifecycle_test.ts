import assert from "node:assert/strict";
import type { NextTokenResult } from "../../lib/api/wire.ts";
import { isCurrent, textOf } from "../../lib/explorer/ask.ts";
import { fail, lostServer, receive, retry, statusChanged } from "../../lib/explorer/lifecycle.ts";
import * as moves from "../../lib/explorer/session.ts";
import type { Failure, Session } from "../../lib/explorer/types_v1.ts";
import { FAKE_EOS_ID } from "../fake_model.ts";
import { answerTo, modelStatus, opened, PROMPT, settle, started } from "./fixtures.ts";

const failure = (kind: Failure["kind"]): Failure => ({ kind, message: "No.", detail: "detail" });

/** The answer with the end of the text as the first candidate. */
function ending(result: NextTokenResult): NextTokenResult {
  const end = {
    ...result.candidates[0]!,
    id: FAKE_EOS_ID,
    token: "<|end|>",
    display: "<|end|>",
    special: true,
  };
  return { ...result, candidates: [end, ...result.candidates.slice(1)] };
}

function endedSession(): Session {
  const asked = statusChanged(opened(), modelStatus());
  const before = receive(asked, asked.pending!.number, ending(answerTo(asked.pending!)));
  const appended = moves.append(before, 0);
  return receive(appended, appended.pending!.number, answerTo(appended.pending!));
}

Deno.test("only the answer to the newest question counts", () => {
  const first = moves.append(started(), 0);
  const second = moves.undo(first);
  assert.equal(receive(second, first.pending!.number, answerTo(first.pending!)), second);
  assert.equal(fail(second, first.pending!.number, failure("trouble")), second);
  assert.ok(isCurrent(settle(second)));
});

Deno.test("an answer that comes when nothing is asked changes nothing", () => {
  const session = started();
  assert.equal(receive(session, session.asked, session.answer!.result), session);
});

Deno.test("the first prompt starts by itself when the model is ready, and only once", () => {
  const loading = opened(PROMPT, modelStatus({ ready: false, loading: true }));
  const still = statusChanged(loading, modelStatus({ ready: false, loading: true }));
  assert.equal(still.pending, null);
  const typed = moves.editDraft(still, "Typed while loading");
  const ready = statusChanged(typed, modelStatus());
  assert.deepEqual(ready.pending?.context, { text: "Typed while loading" });
  assert.equal(ready.pending?.reason, "auto");
  const later = statusChanged(settle(ready), modelStatus());
  assert.equal(later.pending, null);
});

Deno.test("an empty page stays empty when the model is ready", () => {
  assert.equal(statusChanged(opened(""), modelStatus()).pending, null);
});

Deno.test("a failure keeps the text; retry asks the same", () => {
  const asked = moves.append(started(), 0);
  const failed = fail(asked, asked.pending!.number, failure("trouble"));
  assert.deepEqual(failed.path, asked.path);
  assert.equal(failed.failure?.message, "No.");
  assert.equal(isCurrent(failed), false, "the old bars are not those of this text");
  assert.equal(moves.append(failed, 0), failed);
  const again = retry(failed);
  assert.deepEqual(again.pending?.context, asked.pending?.context);
  assert.equal(again.failure, null);
  assert.ok(isCurrent(settle(again)));
});

Deno.test("a refusal and a trouble are not asked again by themselves, a lost server is", () => {
  for (
    const [kind, asksAgain] of [["refused", false], ["trouble", false], ["unreachable", true], [
      "loading",
      true,
    ]] as const
  ) {
    const asked = moves.append(started(), 0);
    const failed = fail(asked, asked.pending!.number, failure(kind));
    const back = statusChanged(failed, modelStatus());
    assert.equal(back.pending !== null, asksAgain, kind);
  }
});

Deno.test("a lost server is said until a status or an answer comes", () => {
  const lost = lostServer(started());
  assert.equal(lost.connected, false);
  assert.equal(lostServer(lost), lost);
  assert.ok(statusChanged(lost, modelStatus()).connected);
});

Deno.test("a question that was open when the model went is asked when it is back", () => {
  const asked = moves.append(started(), 0);
  const gone = statusChanged(asked, modelStatus({ ready: false, loading: true }));
  assert.equal(gone.pending, null);
  assert.deepEqual(statusChanged(gone, modelStatus()).pending?.context, asked.pending?.context);
});

Deno.test("another model gets the text, not the ids of the old one", () => {
  const before = settle(moves.append(started(), 0));
  const swapped = statusChanged(before, modelStatus({ model_id: "owner/other" }));
  assert.deepEqual(swapped.pending?.context, { text: textOf(before.path!) });
  assert.equal(swapped.past.length, 0);
  assert.equal(swapped.draft, textOf(before.path!));
});

Deno.test("the end of the text keeps the bars its token was chosen from", () => {
  const ended = endedSession();
  assert.equal(ended.path?.ended, true);
  assert.equal(ended.pending, null);
  assert.ok(isCurrent(ended));
  assert.equal(ended.announcement, "Added special token end. End of text.");
  assert.equal(moves.greedy(ended), ended);
  assert.equal(moves.append(ended, 0), ended, "the end is there already");
});

Deno.test("another bar takes the place of the end", () => {
  const ended = endedSession();
  const other = moves.append(ended, 1);
  assert.equal(other.path?.completion.length, 1);
  assert.equal(other.path?.completion[0]?.pill.id, ended.answer!.result.candidates[1]!.id);
  assert.equal(moves.undo(settle(other)).path?.ended, true);
});

Deno.test("after the end a new setting asks for the bars, without the end", () => {
  const ended = endedSession();
  const { pending } = moves.changeSettings(ended, { temperature: 1 });
  assert.deepEqual(pending?.context, { ids: ended.answer!.result.ids });
});

Deno.test("every step is announced, settings are not", () => {
  const begun = settle(moves.start(moves.editDraft(started(), "The capital of France is")));
  assert.match(begun.announcement, /^Read 5 tokens\. Next most likely: space Paris \d+ percent, .+, .+\.$/);
  const appended = settle(moves.append(begun, 0));
  assert.match(appended.announcement, /^Added space Paris\. Next most likely: /);
  const warmer = settle(moves.changeSettings(appended, { temperature: 1.5 }));
  assert.equal(warmer.announcement, appended.announcement);
  assert.match(settle(moves.removeLast(warmer)).announcement, /^Removed space Paris\. Next/);
});
