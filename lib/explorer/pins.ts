// Tokens that are pinned into the bars: the list of an answer need not reach them, so they are asked for with every
// distribution.
import { effect } from "@preact/signals";
import type { DistResult, DistToken } from "../api/wire_decode.ts";
import { type Api, failureOf } from "./api.ts";
import type { Explorer } from "./explorer.ts";
import { includesOf, isCurrent } from "./question.ts";
import { previewBody } from "./request.ts";
import type { Session } from "./types.ts";

/** Takes a token into the bars, or out of them. */
export function pin(session: Session, id: number, pinned: boolean): Session {
  const rest = session.pins.filter((other) => other !== id);
  const tokens = new Map(session.pinned?.tokens.map((token) => [token.id, token]));
  tokens.delete(id);
  const known = session.pinned === null ? null : { ...session.pinned, tokens: [...tokens.values()] };
  return { ...session, pins: pinned ? [...rest, id] : rest, pinned: known };
}

/** The pinned tokens of the answer with this number. */
export function receivePinned(session: Session, number: number, tokens: readonly DistToken[]): Session {
  if (session.answer?.number !== number) return session;
  return { ...session, pinned: { number, tokens } };
}

/** A distribution with the pinned tokens among those it shows. */
export function withPinned(dist: DistResult, session: Session): DistResult {
  const { pinned, answer, pins } = session;
  if (pinned === null || pinned.number !== answer?.number) return dist;
  const shown = new Set(dist.tokens.map(({ id }) => id));
  const more = pinned.tokens.filter(({ id }) => pins.includes(id) && !shown.has(id));
  if (more.length === 0) return dist;
  const less = (rest: number, p: (token: DistToken) => number) =>
    Math.max(0, more.reduce((left, token) => left - p(token), rest));
  return {
    ...dist,
    tokens: [...dist.tokens, ...more],
    other_p_base: less(dist.other_p_base, (token) => token.p_base),
    other_p_final: less(dist.other_p_final, (token) => token.p_final),
    other_p_raw: less(dist.other_p_raw, (token) => token.p_raw),
  };
}

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
