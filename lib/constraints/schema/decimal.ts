// Exact decimal numbers, as JSON writes them: digits × 10^exponent. A bound like 9223372036854775807 or 0.1 keeps
// its value, which a double would change.

/** `digits` is not divisible by 10, or is 0 with exponent 0: equal numbers are equal field by field. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

const NUMERAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** A JSON number's exact value, or null where its exponent is beyond `maxExponent` in size. */
export function parseDecimal(numeral: string, maxExponent = 1000): Decimal | null {
  const [, sign, whole, fraction = "", power = "0"] = NUMERAL.exec(numeral)!;
  if (Math.abs(Number(power)) > maxExponent) return null;
  return createDecimal(BigInt(`${sign}${whole}${fraction}`), Number(power) - fraction.length);
}

/** digits × 10^exponent in its normal form. */
export function createDecimal(digits: bigint, exponent = 0): Decimal {
  if (digits === 0n) return { digits, exponent: 0 };
  const zeros = /0*$/.exec(digits.toString())![0].length;
  return { digits: digits / 10n ** BigInt(zeros), exponent: exponent + zeros };
}

/** Whether the value is a whole number, however it is written. */
export function isInteger(value: Decimal): boolean {
  return value.exponent >= 0;
}

/** value ÷ 10^exponent, for an exponent not above the value's. */
export function scaleTo(value: Decimal, exponent: number): bigint {
  return value.digits * 10n ** BigInt(value.exponent - exponent);
}

/** Written without exponent: "-12", "0.05". */
export function writeNumeral(value: Decimal): string {
  const { digits, exponent } = value;
  if (exponent >= 0) return (digits * 10n ** BigInt(exponent)).toString();
  const all = (digits < 0n ? -digits : digits).toString().padStart(1 - exponent, "0");
  return `${digits < 0n ? "-" : ""}${all.slice(0, exponent)}.${all.slice(exponent)}`;
}
