// Numbers cut to some digits for programs, not for readers (those: number_text.ts).

/** A number with at most so many decimals. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** A number with at most so many significant digits, so that a file is not longer than what is seen of it. */
export function roundSignificant(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

/** A length or a place in a drawing. */
export function formatCoordinate(value: number, digits: number): string {
  return value.toFixed(digits);
}
