// What the bars keep from one drawing to the next: the end of the axis while a slider is dragged or Play is on, and
// how probable each token was before the settings changed.
import { playOf } from "../session/activity.ts";
import type { Answer, Session } from "../session/types.ts";
import { type BarsView, barsView } from "./bars_view.ts";

/** As `barsView`, remembering. `dragging`: a slider is held. */
export function rememberBars(): (session: Session, dragging: boolean) => BarsView | null {
  let end: number | null = null;
  const ghost = rememberAnswer();
  return (session, dragging) => {
    const held = dragging || playOf(session) !== null ? end : null;
    const before = ghost(session.answer, dragging);
    const view = barsView(session, { end: held, before });
    end = view?.dist.end ?? null;
    return view;
  };
}

/** The probabilities before the settings of a place changed, in a drag before all of it; null: nothing changed. */
function rememberAnswer() {
  let last: Answer | null = null;
  let before: ReadonlyMap<number, number> | null = null;
  let dragged = false;
  return (answer: Answer | null, dragging: boolean) => {
    if (answer !== last) {
      const same = answer !== null && last !== null && answer.node === last.node && answer.key !== last.key;
      if (!same) before = null;
      else if (!(dragging && dragged)) before = probabilitiesOf(last!);
      dragged = dragging && same;
      last = answer;
    } else if (!dragging) dragged = false;
    return before;
  };
}

function probabilitiesOf({ dist }: Answer): ReadonlyMap<number, number> {
  const known = [...dist.kept_top, ...dist.tokens];
  return new Map(known.map(({ id, p_final }) => [id, p_final]));
}
