// Play: token after token, until the end of the text, a stop sequence or a number of tokens. Pure decisions; the
// timers are in explorer.ts.
import { canStep, step } from "./path_moves.ts";
import { isCurrent } from "../session/question.ts";
import type { Session } from "../session/types.ts";

/** Milliseconds that the needle of a single Step stands on the strip before its token is appended. */
const NEEDLE_MS = 480;
const NEEDLE_PLAY_MS = 260;

/** Begins to play where the text is open; stops where it plays. */
export function togglePlay(session: Session): Session {
  return session.playing !== null ? pause(session) : play(session);
}

export function play(session: Session): Session {
  if (!canStep(session)) return session;
  const { playTokens, playGreedy } = session.display;
  return {
    ...session,
    stopped: null,
    waiting: [],
    playing: { origin: playGreedy ? "greedy" : "drawn", left: playTokens },
  };
}

/** Stops playing; a token that is on its way still comes. */
export function pause(session: Session): Session {
  return session.playing === null ? session : { ...session, playing: null, announcement: "Paused." };
}

/** The next token of Play is due: nothing is open and the bars are there. */
export function isDue(session: Session): boolean {
  return session.playing !== null && isCurrent(session);
}

export function playOn(session: Session): Session {
  return session.playing === null ? session : step(session, session.playing.origin);
}

/** How long a draw is shown before it lands. `still`: the user wants no motion. */
export function needleMs({ playing, waiting, display }: Session, still: boolean): number {
  if (still || waiting.length > 0) return 0;
  return playing === null ? NEEDLE_MS : Math.min(NEEDLE_PLAY_MS, 0.7 * display.speedMs);
}
