// Neighbouring double-precision numbers, for the exact edge of a setting.

/** The least number above a finite `value`. */
export function nextUp(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const bits = new BigInt64Array(1);
  const double = new Float64Array(bits.buffer);
  double[0] = value;
  bits[0]! += value > 0 ? 1n : -1n;
  return double[0]!;
}

/** The greatest number below a finite `value`. */
export function nextDown(value: number): number {
  return -nextUp(-value);
}

/** `guess` moved by the fewest steps of `step` until `holds`; a few, as rounding alone separates them. */
export function settle(
  guess: number,
  step: (value: number) => number,
  holds: (value: number) => boolean,
): number {
  let value = guess;
  for (let tries = 0; tries < 64 && !holds(value); tries++) value = step(value);
  return value;
}
