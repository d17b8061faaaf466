// A token that was shown at once and that the server has never seen: gone where the model that was clicked is gone.
import { amend } from "../session/history.ts";
import { currentTip } from "../session/branches.ts";
import type { Session } from "../session/types.ts";

/** The text without a token at its end that is not confirmed; undo knows nothing of it. */
export function withdrawUnconfirmed(session: Session): Session {
  const tip = currentTip(session.tree);
  if (tip?.kind !== "step" || tip.record.confirmed) return session;
  return amend(session, tip, tip.parent);
}
