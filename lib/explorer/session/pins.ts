// Tokens that are pinned into the bars, and the distribution with them among its tokens.
import type { DistResult, DistToken } from "../../wire/distribution.ts";
import { readyModel } from "./model.ts";
import { findTakenToken } from "./question.ts";
import { choiceOf } from "./step_record.ts";
import type { Session } from "./types.ts";

/** Takes a token into the bars, or out of them. */
export function pin(session: Session, id: number, pinned: boolean): Session {
  const tokenizerKey = readyModel(session)?.tokenizerKey ?? null;
  const rest = session.pins.filter((other) => other.id !== id || other.tokenizerKey !== tokenizerKey);
  const tokens = new Map(session.pinned?.tokens.map((token) => [token.id, token]));
  tokens.delete(id);
  const known = session.pinned === null ? null : { ...session.pinned, tokens: [...tokens.values()] };
  return { ...session, pins: pinned ? [...rest, { id, tokenizerKey }] : rest, pinned: known };
}

/** The pinned tokens of the model that serves: another tokenizer's ids are other tokens. */
export function pinnedIdsOf(session: Session): readonly number[] {
  const { tokenizerKey = null } = readyModel(session) ?? {};
  return session.pins.filter((pin) => pin.tokenizerKey === tokenizerKey).map(({ id }) => id);
}

/** The tokens that are shown wherever they stand: those that are pinned, and the one that is inspected. */
export function listAlwaysShown(session: Session): readonly number[] {
  const { inspected, answer } = session;
  const pins = pinnedIdsOf(session);
  const token = inspected === null ? null : findTakenToken(session);
  if (token === null || answer === null || pins.includes(token.id)) return pins;
  return choiceOf(answer.dist, token.id) === undefined ? [...pins, token.id] : pins;
}

/** The pinned tokens of the answer with this number. */
export function receivePinned(session: Session, number: number, tokens: readonly DistToken[]): Session {
  if (session.answer?.number !== number) return session;
  return { ...session, pinned: { number, tokens } };
}

/** A distribution with the pinned tokens among those it shows. */
export function withPinned(dist: DistResult, session: Session): DistResult {
  const { pinned, answer } = session;
  const pins = listAlwaysShown(session);
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
