// Whether a constraint can be used, and how far a text goes with it: POST /api/constraint/check.
import type { CheckedText, ConstraintCheckInput, ConstraintCheckResult } from "../../wire/constraint.ts";
import type { Recogniser } from "../engine/recogniser.ts";
import { readBytes } from "../explain/barred.ts";
import { refusalPlaceOf } from "../ir/refusal.ts";
import { listExpected, listExpectedAt, notesOf, placesOf } from "./expected.ts";
import type { ConstraintReader } from "./reader.ts";

/** Throws nothing for what the user wrote: the answer says what is wrong, and where. */
export function checkConstraint(
  input: ConstraintCheckInput,
  reader: ConstraintReader,
): ConstraintCheckResult {
  try {
    return reader.use(input, ({ constraint }, check) => {
      const notes = notesOf(constraint);
      if (input.text === null) return { ok: true, notes };
      const text = checkText(constraint.recogniser, new TextEncoder().encode(input.text), check);
      return { ok: true, text, notes };
    });
  } catch (error) {
    const place = refusalPlaceOf(error);
    if (place === null) throw error;
    return { ok: false, error: { message: (error as Error).message, ...place }, notes: [] };
  }
}

function checkText(recogniser: Recogniser, bytes: Uint8Array, check: () => void): CheckedText {
  const reading = readBytes(recogniser, recogniser.initial, bytes);
  check();
  const { mayEnd, expected, moreExpected } = reading.possible
    ? listExpectedAt(recogniser, reading.state)
    : listExpected(reading.expected, reading.mayEnd);
  return {
    possible: reading.possible,
    complete: reading.possible && reading.complete,
    failed_at: reading.possible ? null : reading.failedAt,
    may_end: mayEnd,
    expected,
    more_expected: moreExpected,
    where: placesOf(expected),
  };
}
