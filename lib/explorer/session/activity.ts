// What the page is doing with the server: one state at a time, with what belongs to it.
//
//   idle ──ask──▶ asking ──answer──▶ idle          asking ──a draw──▶ landing ──its moment is over──▶ idle
//                    └──no answer──▶ failed ──ask──▶ asking
//
// A failure that may pass keeps what it holds up: the question, the tokens that wait, Play.
import type { Activity, Drawing, Failure, Missed, Playing, Question, Session, Waiting } from "./types.ts";

type Active = Pick<Session, "activity">;

/** The question that is open; null: none is. */
export function questionOf({ activity }: Active): Question | null {
  return activity.kind === "asking" ? activity.question : null;
}

/** The draw that is shown before it lands; null: there is none. */
export function drawingOf({ activity }: Active): Drawing | null {
  return activity.kind === "landing" ? activity.drawing : null;
}

/** Why the last question has no answer; null: it has, or is open. */
export function failureIn({ activity }: Active): Failure | null {
  return activity.kind === "failed" ? activity.failure : null;
}

/** What the failure on the page holds up; null: nothing, or there is none. */
export function findMissed({ activity }: Active): Missed | null {
  return activity.kind === "failed" ? activity.missed ?? null : null;
}

/** Play, while it is on. */
export function playOf({ activity }: Active): Playing | null {
  return activity.kind === "failed" ? activity.missed?.play ?? null : activity.play;
}

/** The tokens that wait until the bars are there. */
export function queueOf({ activity }: Active): readonly Waiting[] {
  if (activity.kind === "failed") return activity.missed?.queue ?? [];
  return activity.kind === "idle" ? [] : activity.queue;
}

/** True while an answer or a draw is on its way. */
export function isBusy({ activity }: Active): boolean {
  return activity.kind === "asking" || activity.kind === "landing";
}

/** Nothing is open; Play goes on where it was on. */
export function idleActivityOf(active: Active): Activity {
  return { kind: "idle", play: playOf(active) };
}

/** A question is open; what waits and Play go on. */
export function askingOf(active: Active, question: Question): Activity {
  return { kind: "asking", question, queue: queueOf(active), play: playOf(active) };
}

/** The same activity with other tokens that wait and another Play; nothing can wait where nothing is open. */
export function withNext(
  { activity }: Active,
  { queue, play }: { readonly queue: readonly Waiting[]; readonly play: Playing | null },
): Activity {
  if (activity.kind === "failed") {
    const { missed } = activity;
    return missed === undefined ? activity : { ...activity, missed: { ...missed, queue, play } };
  }
  return activity.kind === "idle" ? { ...activity, play } : { ...activity, queue, play };
}

/** No further token comes by itself; what is open stays open. */
export function withoutNext(active: Active): Activity {
  return withNext(active, { queue: [], play: null });
}
