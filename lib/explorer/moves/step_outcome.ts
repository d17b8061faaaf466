// The answers to steps: tokens that were drawn or forced become nodes, tokens that are on the page already are
// confirmed.
import type { StepResult } from "../../wire/step.ts";
import { drawingOf, idleActivityOf, playOf, queueOf, withNext, withoutNext } from "../session/activity.ts";
import { amend } from "../session/history.ts";
import { findQuestion, receiveDist } from "./outcome.ts";
import { grow, inspectNext } from "./path_moves.ts";
import { completionText } from "../session/path_text.ts";
import { settle } from "./prompt_moves.ts";
import { ask, findTakenToken, placeOf, settingsKeyOf } from "../session/question.ts";
import { isGreedy } from "../settings/sampling.ts";
import { sayToken } from "../words/spoken.ts";
import { bareTokenOf, recordStep } from "../session/step_record.ts";
import { createStep } from "../session/tree.ts";
import type { Question, Session, StepBody, StepNode } from "../session/types.ts";

/** The answer to a step. A draw is shown on the strip first: `land` appends it. */
export function receiveStep(session: Session, number: number, result: StepResult): Session {
  const question = findQuestion(session, number);
  if (question === null || question.body.kind !== "step") return session;
  const { body } = question;
  const [meta] = result.appended_meta;
  const found = { ...session, connected: true };
  if (meta === undefined) return withoutRoom(found, question, body, result);
  if (body.stands !== null) return confirm(found, question, body.stands, result);
  if (meta.draw === null) return place(found, question, body, result);
  const answer = {
    number,
    node: body.node,
    key: settingsKeyOf(question.settings),
    settings: question.settings,
    modelKey: question.modelKey,
    ledger: question.include.includes("stages"),
    dist: result.dist,
    warnings: result.warnings,
  };
  const drawing = { u: meta.draw.u, id: meta.selected_id, question, result };
  const next = { queue: queueOf(session), play: playOf(session) };
  return { ...found, answer, activity: { kind: "landing", drawing, ...next } };
}

/** Nothing fits any more: the distribution stays. */
function withoutRoom(session: Session, question: Question, body: StepBody, result: StepResult): Session {
  const next = { ...session, activity: withoutNext(session) };
  return receiveDist(next, { ...question, reason: "auto" }, body.node, result.dist, result);
}

/** The draw that is shown becomes a token of the text. */
export function land(session: Session): Session {
  const drawing = drawingOf(session);
  if (drawing === null || drawing.question.body.kind !== "step") return session;
  const { question, result } = drawing;
  const token = result.appended[0];
  const drawn = token === undefined || isGreedy(question.settings.params) ? null : { u: drawing.u, token };
  const placed = place(session, question, drawing.question.body, result);
  return { ...placed, lastStep: { ...placed.lastStep, drawn } };
}

/** Puts appended tokens behind the place they were asked for. */
function place(session: Session, question: Question, body: StepBody, result: StepResult): Session {
  const again = acceptSameStep(session, body, result);
  if (again !== null) return again;
  const ends = result.stop_reason === "eos_token";
  let node = body.node;
  result.appended.forEach((token, at) => {
    const meta = result.appended_meta[at];
    if (meta === undefined) return;
    const last = at === result.appended.length - 1;
    const more = {
      origin: body.origin,
      modelKey: question.modelKey,
      mu: result.mirostat_mu,
      end: ends && last,
    };
    node = createStep(session.nextId + at, node, recordStep(token, meta, question.settings, more));
  });
  if (node === body.node || node.kind !== "step") return { ...session, activity: idleActivityOf(session) };
  const nextId = session.nextId + result.appended.length;
  const tree = grow(session, body.node, node, nextId);
  const { activity } = session;
  const moved = { ...settle(session, tree), nextId: nextId + 1, activity };
  const first = result.appended[0]!;
  const preface = result.appended.length === 1
    ? `Added ${sayToken(first.text, first)}.`
    : `Added ${result.appended.length} tokens.`;
  return arrive(moved, { ...question, preface: question.preface || preface }, node, result);
}

/** A draw at an earlier step that brought the token which stands there already: the page goes on to the next step, and
 * no branch is made that would say the same. Null: it brought another one. */
function acceptSameStep(session: Session, body: StepBody, { appended }: StepResult): Session | null {
  const taken = findTakenToken(session);
  const [token, more] = appended;
  if (taken === null || placeOf(session) !== body.node || token === undefined || more !== undefined) {
    return null;
  }
  if (taken.id !== token.id) return null;
  const said = `${sayToken(token.text, token)} again.`;
  return inspectNext({ ...session, activity: idleActivityOf(session) }, said);
}

/** The server has seen a token that was on the page already. */
function confirm(session: Session, question: Question, stands: StepNode, result: StepResult): Session {
  const token = result.appended[0] ?? stands.record.token;
  const node: StepNode = {
    ...stands,
    record: {
      ...stands.record,
      token: bareTokenOf(token),
      mu: result.mirostat_mu,
      end: result.stop_reason === "eos_token",
      confirmed: true,
    },
  };
  return arrive(amend(session, stands, node), question, node, result);
}

/** The text now ends with `node`: the bars behind it, or, where it ends the text, those it was chosen from. */
function arrive(session: Session, question: Question, node: StepNode, result: StepResult): Session {
  const stopped = result.stop_reason === "stop_sequence" ? findStopSequence(node, question) : null;
  const ends = result.stop_reason === "eos_token" || result.stop_reason === "context_full";
  const left = (playOf(session)?.left ?? 0) - 1;
  const next = {
    queue: ends ? [] : queueOf(session),
    play: playOf(session) === null || result.done || left <= 0 ? null : { ...playOf(session)!, left },
  };
  const here: Session = {
    ...session,
    lastStep: { ...session.lastStep, stopped },
    activity: withNext(session, next),
  };
  if (node.record.end) return endText(here, question);
  if (result.next === null) return ask(here, "append", question.preface);
  return receiveDist(here, question, node, result.next, result);
}

function endText(session: Session, { preface }: Question): Session {
  return { ...ask(session, "navigate"), announcement: `${preface} End of text.`.trim() };
}

/** The stop sequence that a text has just reached. */
function findStopSequence(node: StepNode, { settings }: Question): string | null {
  const text = completionText(node);
  return settings.params.stop_sequences.find((sequence) => text.includes(sequence)) ?? null;
}
