// Tokens that are pinned into the bars, and the one that is inspected: the list of an answer need not reach them, so
// they are asked for with every distribution.
import { latest } from "./latest.ts";
import { effect } from "@preact/signals";
import type { Api } from "./api.ts";
import type { Explorer } from "./explorer.ts";
import { includesOf, isCurrent, shownSettingsOf } from "../session/question.ts";
import { bodyOfPreview } from "./request.ts";
import { listAlwaysShown, receivePinned } from "../session/pins.ts";
import type { Answer, Session } from "../session/types.ts";

/** Asks for the pinned tokens of every new answer. Returns the way to stop. */
export function followPins(explorer: Explorer, api: Api): () => void {
  const asking = latest((signal, session: Session, answer: Answer) => {
    const pins = listAlwaysShown(session);
    const include = includesOf(session).filter((each) => each === "stages");
    const body = bodyOfPreview(answer.node, shownSettingsOf(session), include, answer.modelKey);
    return api.vocabulary(
      { ...body, query: pins.join(","), mode: "id", offset: 0, limit: pins.length },
      signal,
      "pins",
    );
  });
  const ask = async (session: Session, answer: Answer) => {
    const found = await asking.ask(session, answer);
    if (found.kind === "value") {
      explorer.dispatch((now) => receivePinned(now, answer.number, found.value.tokens));
    } else if (found.kind === "failed") {
      console.warn(`The pinned tokens could not be asked for: ${found.failure.message}`);
    }
  };
  let asked = ""; // once for an answer and its pins, whatever comes of it
  const forget = effect(() => {
    const session = explorer.session.value;
    const { answer } = session;
    if (answer === null || !isCurrent(session)) return;
    if (!hasMissing(session, answer)) return void (asked = "");
    const key = `${answer.number} ${listAlwaysShown(session).join()}`;
    if (key === asked) return;
    asked = key;
    void ask(session, answer);
  });
  return () => {
    forget();
    asking.stop();
  };
}

function hasMissing(session: Session, { number }: Answer): boolean {
  const { pinned } = session;
  return listAlwaysShown(session).some((id) =>
    pinned?.number !== number || !pinned.tokens.some((token) => token.id === id)
  );
}
