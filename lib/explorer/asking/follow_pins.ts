// Tokens that are pinned into the bars: the list of an answer need not reach them, so they are asked for with every
// distribution.
import { effect } from "@preact/signals";
import { type Api, failureOf } from "./api.ts";
import type { Explorer } from "./explorer.ts";
import { includesOf, isCurrent } from "../session/question.ts";
import { previewBody } from "./request.ts";
import { receivePinned } from "../session/pins.ts";
import type { Session } from "../session/types.ts";

/** Asks for the pinned tokens of every new answer. Returns the way to stop. */
export function followPins(explorer: Explorer, api: Api): () => void {
  let asking: AbortController | null = null;
  const missing = ({ answer, pins, pinned }: Session) =>
    answer !== null &&
    pins.some((id) => pinned?.number !== answer.number || !pinned.tokens.some((t) => t.id === id));
  const ask = async (session: Session) => {
    asking?.abort();
    const controller = asking = new AbortController();
    const { answer, pins, settings } = session;
    if (answer === null) return;
    const body = {
      ...previewBody(answer.node, settings, includesOf(session).filter((each) => each === "stages")),
      ...{ query: pins.join(","), mode: "id" as const, offset: 0, limit: pins.length },
    };
    try {
      const { tokens } = await api.vocabulary(body, controller.signal);
      explorer.dispatch((now) => receivePinned(now, answer.number, tokens));
    } catch (error) {
      if (failureOf(error) !== null) console.warn(`The pinned tokens could not be asked for: ${error}`);
    }
  };
  const stop = effect(() => {
    const session = explorer.session.value;
    if (isCurrent(session) && missing(session)) void ask(session);
  });
  return () => {
    stop();
    asking?.abort();
  };
}
