// Play: token after token, until the end of the text, a stop sequence or a number of tokens. Pure decisions; the
// timers are in explorer.ts.
import { isGreedy } from "../settings/sampling.ts";
import { drawingOf, playOf, queueOf, withNext } from "../session/activity.ts";
import { canStep, step } from "./path_moves.ts";
import { isCurrent } from "../session/question.ts";
import type { Session } from "../session/types.ts";

/** Milliseconds that the needle of a single Step stands on the strip before its token is appended. */
const NEEDLE_MS = 480;
const NEEDLE_PLAY_MS = 260;

/** Begins to play where the text is open; stops where it plays. */
export function togglePlay(session: Session): Session {
  return playOf(session) !== null ? pause(session) : play(session);
}

/** Begins to draw token after token, as many as the display says. */
export function play(session: Session): Session {
  if (!canStep(session)) return session;
  const { playTokens } = session.display;
  const play = { left: playTokens };
  return {
    ...session,
    lastStep: { ...session.lastStep, stopped: null },
    activity: withNext(session, { queue: [], play }),
  };
}

/** Stops playing; a token that is on its way still comes. */
export function pause(session: Session): Session {
  if (playOf(session) === null) return session;
  const activity = withNext(session, { queue: queueOf(session), play: null });
  return { ...session, activity, announcement: "Paused." };
}

/** The next token of Play is due: nothing is open and the bars are there. */
export function isDue(session: Session): boolean {
  return playOf(session) !== null && isCurrent(session);
}

/** Draws the next token of Play. */
export function playOn(session: Session): Session {
  const play = playOf(session);
  return play === null ? session : step(session, "drawn");
}

/** How long a draw is shown before it lands. `still`: the user wants no motion. */
export function chooseNeedleMs(session: Session, still: boolean): number {
  const params = drawingOf(session)?.question.settings.params ?? session.settings.params;
  if (still || queueOf(session).length > 0 || isGreedy(params)) return 0;
  return playOf(session) === null ? NEEDLE_MS : Math.min(NEEDLE_PLAY_MS, 0.7 * session.display.speedMs);
}
