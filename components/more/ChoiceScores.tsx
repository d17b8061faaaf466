// Whole choices behind the present prompt, where a choice is on.
import { useEffect } from "preact/hooks";
import type { ChoiceScoresStore } from "../../lib/explorer/constraints/choice_scores.ts";
import { choicesView } from "../../lib/explorer/constraints/choices_view.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import { Choices } from "../constraints/Choices.tsx";

export function ChoiceScores({ store, session }: { store: ChoiceScoresStore; session: Session }) {
  useEffect(() => store.follow(session), [session]);
  const scores = store.scores.value;
  if (scores.kind === "none") return null;
  return (
    <section aria-labelledby="choices-label" class="choice-scores">
      <h3 class="sub" id="choices-label">Probability of each whole choice</h3>
      {scores.kind === "asking" && <p class="note">Computing…</p>}
      {scores.kind === "scored" && <Choices view={choicesView(scores.result)} />}
      {scores.kind === "failed" && <p class="note">{scores.message}</p>}
    </section>
  );
}
