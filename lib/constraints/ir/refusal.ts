// Why a constraint cannot be used, and where: thrown by every front end and by the engine, caught by compile.ts.

import { shorten } from "../../basics/shorten.ts";

/** UTF-16 units of a sentence: it may quote a name of a megabyte. */
const MOST_UNITS = 2000;

/** A place in the source of a constraint. */
export interface Place {
  /** Line and column from 1, in a regex or grammar. Columns count UTF-16 units. */
  readonly line?: number;
  readonly column?: number;
  /** JSON pointer into a schema ("" is the whole). */
  readonly pointer?: string;
}

interface RefusalCause {
  readonly code: "invalid_request";
  readonly field: "constraint";
  readonly place: Place;
}

/** An error that tells the user what is wrong with a constraint, and where. It is a fault (lib/fault.ts). */
export function refusal(message: string, place: Place = {}): Error {
  const cause: RefusalCause = { code: "invalid_request", field: "constraint", place };
  return new Error(shorten(message, MOST_UNITS), { cause });
}

/** The place of a refusal, or null for any other error. */
export function refusalPlaceOf(error: unknown): Place | null {
  const cause = error instanceof Error ? error.cause : null;
  if (typeof cause !== "object" || cause === null || !("place" in cause)) return null;
  return (cause as RefusalCause).place;
}

/** Line and column (from 1) of an offset in a text. */
export function placeInText(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
}
