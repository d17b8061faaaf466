// What can be explained at the present place, as the lists of A and B show it.
import { currentTip } from "../session/branches.ts";
import { placeOf } from "../session/question.ts";
import { pathTokensOf } from "../session/path_text.ts";
import { stepsOf } from "../session/tree.ts";
import type { Session } from "../session/types.ts";
import type { Subject } from "./subject.ts";

export interface TokenOption {
  readonly id: number;
  /** The display of the token: whitespace as marks. */
  readonly text: string;
}

const MOST = 50;

/** The candidates of the bars, and the tokens that are chosen without being among them. */
export function listTokenOptions(session: Session, subject: Subject | null): readonly TokenOption[] {
  const { answer } = session;
  const listed = answer !== null && answer.node === placeOf(session)
    ? answer.dist.tokens.map(({ id, display }) => ({ id, text: drawSpaces(display) }))
    : [];
  const taken = findStepAt(session, subject);
  const missing = taken === null || listed.some(({ id }) => id === taken.id) ? [] : [taken];
  return [...missing, ...listed].slice(0, MOST);
}

/** The token that the path takes at the subject's place; null at its end. */
function findStepAt({ tree }: Session, subject: Subject | null): TokenOption | null {
  const tip = currentTip(tree);
  if (tip === null || subject === null) return null;
  const step = stepsOf(tip)[subject.place.depth];
  return step === undefined
    ? null
    : { id: step.record.token.id, text: drawSpaces(step.record.token.display) };
}

/** The tokens of the completion by their places, for the ends of a span. */
export function listCompletionOptions({ tree }: Session): readonly TokenOption[] {
  const tip = currentTip(tree);
  if (tip === null || tip.depth === 0) return [];
  const tokens = pathTokensOf(tip).slice(-tip.depth);
  return tokens.map(({ display }, at) => ({ id: at, text: `${at + 1} ${drawSpaces(display)}` }));
}

/** Spaces as a mark that every font has: a list of the browser draws text alone. */
function drawSpaces(display: string): string {
  return display.replaceAll("␠", "␣");
}
