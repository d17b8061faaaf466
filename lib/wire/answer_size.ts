// How large an answer may be. A described token is one entry of a distribution's list: with everything about it 700
// bytes in memory and 450 on the wire, measured with every stage active.
import { fault } from "../fault.ts";

/** Described tokens of one answer: two whole vocabularies of 262,144. At most 370 MB of objects and 240 MB of JSON. */
export const MOST_DESCRIBED = 2 ** 19;

/** What decides the size of a step's answer. */
interface Shown {
  readonly top_k: number;
  readonly include: readonly string[];
}

/** Described tokens of an answer about steps that append `appended` tokens: each has its distribution, the first one's
 * is there twice, and the next one's where it is asked for. */
export function countDescribedBySteps(
  steps: number,
  appended: number,
  { top_k, include }: Shown,
  vocabSize: number,
): number {
  return (appended + steps * (include.includes("next") ? 2 : 1)) * Math.min(top_k, vocabSize);
}

/** Throws invalid_request where an answer would describe more tokens than it can hold: said before it is made. */
export function checkDescribed(described: number, top_k: number, vocabSize: number): void {
  if (described <= MOST_DESCRIBED) return;
  const lists = Math.ceil(described / Math.min(top_k, vocabSize));
  const fitting = Math.max(1, Math.floor(MOST_DESCRIBED / lists));
  const message = `${lists} distributions of ${Math.min(top_k, vocabSize)} tokens are more than the ` +
    `${MOST_DESCRIBED} tokens that one answer lists. Send a top_k of at most ${fitting}, or ask for fewer tokens ` +
    "at once.";
  throw fault("invalid_request", message, "top_k");
}
