// Whatever the user does and however slowly the server answers: what the page calls current belongs to its text.
import assert from "node:assert/strict";
import fc from "fast-check";
import { contextIds, isCurrent } from "../../lib/explorer/ask.ts";
import { fail, receive, retry } from "../../lib/explorer/lifecycle.ts";
import * as moves from "../../lib/explorer/session.ts";
import type { Question, Session } from "../../lib/explorer/types_v1.ts";
import { viewOf } from "../../lib/explorer/view.ts";
import { fakeNextToken } from "../fake_model.ts";
import { answerTo, settle, started } from "./fixtures.ts";

type Move = (session: Session) => Session;

const userMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.nat(11).map((index): Move => (s) => moves.append(s, index)) },
  { weight: 3, arbitrary: fc.constant<Move>(moves.greedy) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Move>(
      moves.undo,
      moves.redo,
      moves.reset,
      moves.removeLast,
      retry,
      moves.start,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.double({ noNaN: true, min: 0, max: 2 }).map((t): Move => (s) =>
      moves.changeSettings(s, { temperature: t })
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 50 }).map((k): Move => (s) => moves.changeSettings(s, { topK: k })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", "The cat", "é<|end|>").map((t): Move => (s) => moves.editDraft(s, t)),
  },
);

/** `answer`: the n-th oldest question gets its answer, whether it is still wanted or not. */
type Event = { readonly move: Move } | { readonly answer: number; readonly fails: boolean };
const event: fc.Arbitrary<Event> = fc.oneof(
  userMove.map((move) => ({ move })),
  fc.record({ answer: fc.nat(3), fails: fc.integer({ min: 0, max: 9 }).map((n) => n === 0) }),
);

function check(session: Session): void {
  const { path, answer } = session;
  if (!isCurrent(session)) {
    assert.ok(viewOf(session).distribution?.appendable !== true);
    return;
  }
  assert.ok(path !== null && answer !== null);
  const ids = contextIds(path);
  assert.deepEqual(answer.result.ids, ids);
  const { temperature, topK: top_k } = session.settings;
  assert.deepEqual(
    answer.result.candidates,
    fakeNextToken({ ids, text: null, top_k, temperature }).candidates,
  );
}

Deno.test("answers in any order, late, lost or unwanted: the bars that may be clicked are those of the text", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      let session = started("In the");
      const open: Question[] = [];
      for (const event of events) {
        const before = session.pending;
        if ("move" in event) session = event.move(session);
        else {
          const [question] = open.splice(event.answer, 1);
          if (question === undefined) continue;
          const failure = { kind: "trouble", message: "No.", detail: "" } as const;
          session = event.fails
            ? fail(session, question.number, failure)
            : receive(session, question.number, answerTo(question));
        }
        if (session.pending !== null && session.pending !== before) open.push(session.pending);
        check(session);
      }
      const done = settle(session.failure === null ? session : retry(session));
      if (done.path !== null) assert.ok(isCurrent(done), "in the end the page shows its text");
      check(done);
    }),
    { numRuns: 150 },
  );
});

Deno.test("undo and redo are each other's opposite", () => {
  fc.assert(
    fc.property(fc.array(userMove, { maxLength: 20 }), (made) => {
      const session = made.reduce((now, move) => settle(move(now)), started("In the"));
      const back = settle(moves.undo(session));
      if (session.past.length === 0) return;
      assert.deepEqual(settle(moves.redo(back)).path, session.path);
    }),
    { numRuns: 60 },
  );
});
