// Whole choices behind the present prompt, where a choice is on.
import { useEffect } from "preact/hooks";
import type { ChoiceScoresStore } from "../../lib/explorer/constraints/choice_scores.ts";
import { addSpaces, choicesView } from "../../lib/explorer/constraints/choices_view.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import { rootOf } from "../../lib/explorer/session/tree.ts";
import { placeOf } from "../../lib/explorer/session/question.ts";
import { Choices } from "../constraints/Choices.tsx";

interface ChoiceScoresProps {
  readonly store: ChoiceScoresStore;
  readonly session: Session;
  /** The list as it is written now: scores of another one must not change it. */
  readonly written: string;
  readonly onWrite: (text: string) => void;
}

/** Where the options are words that would stick to the text's last word: what is missing, and a way to add it. */
function MissingSpaces({ schema, onWrite }: { schema: string; onWrite: (text: string) => void }) {
  return (
    <p class="xray-warning">
      The text does not end in a space and no choice begins with one, so a choice would stick to its last
      word.
      <button type="button" class="chip" onClick={() => onWrite(schema)}>Begin each with a space</button>
    </p>
  );
}

export function ChoiceScores({ store, session, written, onWrite }: ChoiceScoresProps) {
  useEffect(() => store.follow(session), [session]);
  const scores = store.scores.value;
  if (scores.kind === "none") return null;
  const isWritten = session.settings.constraint.schema === written;
  const spaced = scores.kind === "scored" && isWritten
    ? addSpaces(scores.result, findTextBefore(session))
    : null;
  return (
    <section aria-labelledby="choices-label" class="choice-scores">
      <h3 class="sub" id="choices-label">Probability of each whole choice</h3>
      {spaced !== null && <MissingSpaces schema={spaced} onWrite={onWrite} />}
      {scores.kind === "asking" && <p class="note">Computing…</p>}
      {scores.kind === "scored" && <Choices view={choicesView(scores.result)} />}
      {scores.kind === "failed" && <p class="note">{scores.message}</p>}
    </section>
  );
}

/** The text that choices are scored behind, as far as its last token tells; "" behind one that is no text. */
function findTextBefore(session: Session): string {
  const node = placeOf(session);
  const last = node === null ? undefined : rootOf(node).read?.tokens.at(-1);
  return last === undefined || last.special ? "" : last.text;
}
