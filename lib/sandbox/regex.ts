// A user's regular expression over many short texts. It ends from within, whatever the pattern is: a Worker that
// computes cannot be ended.
import { refusalPlaceOf } from "../constraints/ir/refusal.ts";
import { searchTexts } from "../constraints/pattern/search.ts";
import { fault } from "../fault.ts";
import type { RegexSearchJob } from "./protocol.ts";

/** Of its time: it says by itself that this is over, before the Worker is given up. */
const SHARE = 0.9;

/** Indices of the texts in which the pattern (JavaScript's, with the flag u) matches somewhere. Throws the fault
 * invalid_request for a pattern that is none, one with look-around or back-references, and one that takes longer than
 * `deadlineMs`. */
export function searchRegex({ pattern, texts }: RegexSearchJob, deadlineMs: number): readonly number[] {
  const end = performance.now() + SHARE * deadlineMs;
  const check = () => {
    if (performance.now() <= end) return;
    throw fault(
      "invalid_request",
      `The regular expression took longer than ${SHARE * deadlineMs / 1000} s. Make it smaller.`,
      "query",
    );
  };
  try {
    return searchTexts(pattern, texts, check);
  } catch (error) {
    if (refusalPlaceOf(error) === null) throw error;
    throw fault("invalid_request", (error as Error).message, "query");
  }
}
