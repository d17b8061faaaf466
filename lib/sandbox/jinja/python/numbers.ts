// Numbers as Python reads, rounds and writes them: exact decimals of floats, half to even.
import { typeNameOf, Undefined, type Value } from "./values.ts";
import { numberOf } from "./compare.ts";
import { strip } from "./text.ts";

/** A finite float as numerator / 2^shift, exactly. */
function fractionOf(value: number): { numerator: bigint; shift: bigint } {
  let shift = 0n;
  let scaled = Math.abs(value);
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    shift++;
  }
  return { numerator: BigInt(scaled), shift };
}

/** numerator / denominator to the nearest integer, half to even; both are positive. */
function divideEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = 2n * (numerator % denominator);
  return twice > denominator || twice === denominator && quotient % 2n === 1n ? quotient + 1n : quotient;
}

/** float(value). Throws a sentence as Python's where an int is beyond the largest float. */
export function toFloat(value: bigint | number): number {
  const made = Number(value);
  if (typeof value === "bigint" && !Number.isFinite(made)) {
    throw new Error("int too large to convert to float");
  }
  return made;
}

/** Bits a quotient keeps, two more than a float has, and where the smallest float's last bit is, and two more. */
const QUOTIENT_BITS = 55;
const LEAST_POWER = 1076;

/** a / b of two ints, the float nearest to the exact quotient, half to even (long_true_divide in CPython's
 * longobject.c). Throws sentences as Python's where b is 0 or the quotient is beyond the largest float. */
export function divideIntegers(a: bigint, b: bigint): number {
  if (b === 0n) throw new Error("division by zero");
  const [left, right] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const more = QUOTIENT_BITS - countBits(left) + countBits(right);
  const shift = Math.min(more, LEAST_POWER);
  const [upper, lower] = shift > 0 ? [left << BigInt(shift), right] : [left, right << BigInt(-shift)];
  const quotient = upper / lower;
  // The last bit says that something is left over: what is half of the last place is then more than half.
  const sticky = quotient | (upper % lower === 0n ? 0n : 1n);
  const half = Math.trunc(shift / 2); // two steps: 2^-1076 is no float
  const made = Number(sticky) * 2 ** -half * 2 ** (half - shift);
  if (!Number.isFinite(made)) throw new Error("integer division result too large for a float");
  return a < 0n === b < 0n ? made : -made;
}

/** Bits of an integer without its sign, as Python's int.bit_length. */
export function countBits(value: bigint): number {
  return value === 0n ? 0 : (value < 0n ? -value : value).toString(2).length;
}

/** |value| × 10^power to the nearest integer, half to even. */
function scaleDigits(value: number, power: number): bigint {
  const { numerator, shift } = fractionOf(value);
  return power >= 0
    ? divideEven(numerator * 10n ** BigInt(power), 2n ** shift)
    : divideEven(numerator, 2n ** shift * 10n ** BigInt(-power));
}

/** Digits of |value| with `precision` places behind the point, rounded as Python does. */
export function formatFixed(value: number, precision: number): string {
  const digits = String(scaleDigits(value, precision)).padStart(precision + 1, "0");
  return precision === 0 ? digits : `${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
}

/** |value| as one digit, `precision` places behind the point, and the power of ten. */
export function formatScientific(value: number, precision: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: "0".repeat(precision + 1), exponent: 0 };
  let exponent = Number(Math.abs(value).toExponential().split("e")[1]);
  let digits = String(scaleDigits(value, precision - exponent));
  if (digits.length > precision + 1) digits = String(scaleDigits(value, precision - ++exponent));
  return { digits, exponent };
}

/** round(value, places): an int stays one. */
export function roundTo(value: bigint | number, places: number): bigint | number {
  if (typeof value === "bigint") {
    if (places >= 0) return value;
    if (-3 * places > countBits(value) + 3) return 0n; // a place has over three bits: less than half of one is left
    const unit = 10n ** BigInt(-places);
    const whole = divideEven(value < 0n ? -value : value, unit) * unit;
    return value < 0n ? -whole : whole;
  }
  if (!Number.isFinite(value) || places > 330) return value;
  if (places < -330) return value < 0 ? -0 : 0;
  const size = places > 0 ? formatFixed(value, places) : `${scaleDigits(value, places)}e${-places}`;
  return value < 0 || Object.is(value, -0) ? -Number(size) : Number(size);
}

/** Decimal digits of any script as ASCII ones. */
function toAsciiDigits(text: string): string {
  return text.replace(/[^\P{Nd}0-9]/gu, (digit) => {
    let code = digit.codePointAt(0)!;
    let value = 0;
    while (/\p{Nd}/u.test(String.fromCodePoint(code - 1)) && value < 9) [code, value] = [code - 1, value + 1];
    return String(value);
  });
}

/** Python reads and writes integers of at most so many digits in a base that is no power of two. */
export const MOST_DIGITS = 4300;

/** More digits than this are read in no base: the time for them grows with their square. */
const MOST_READ = 20_000;

/** int(text, base), or null where the text is none, or Python reads none of so many digits. */
export function parseInteger(text: string, base: number): bigint | null {
  const [, sign = "", body = ""] = /^([-+]?)(.*)$/s.exec(toAsciiDigits(strip(text, "both", null)))!;
  const prefix = /^0([box])_?/i.exec(body)?.[1]?.toLowerCase();
  const prefixBase = prefix === undefined ? null : { b: 2, o: 8, x: 16 }[prefix]!;
  const usesPrefix = prefixBase !== null && (base === 0 || base === prefixBase);
  const radix = base === 0 ? prefixBase ?? 10 : base;
  const digits = usesPrefix ? body.slice(2).replace(/^_/, "") : body;
  if (
    !/^[\da-z]+(_[\da-z]+)*$/i.test(digits) ||
    base === 0 && prefix === undefined && /^0[\d_]*[1-9]/.test(digits)
  ) {
    return null;
  }
  const plain = digits.replaceAll("_", "");
  if (plain.length > MOST_DIGITS && (radix & radix - 1) !== 0) return null;
  if (plain.length > MOST_READ) throw new Error(`it reads an integer of more than ${MOST_READ} digits`);
  let value = 0n;
  for (const digit of plain) {
    const amount = parseInt(digit, 36);
    if (amount >= radix) return null;
    value = value * BigInt(radix) + BigInt(amount);
  }
  return sign === "-" ? -value : value;
}

/** float(text), or null where the text is none. */
export function parseFloatText(text: string): number | null {
  const body = toAsciiDigits(strip(text, "both", null));
  const word = /^([-+]?)(inf|infinity|nan)$/i.exec(body);
  if (word !== null) return word[2]!.toLowerCase() === "nan" ? NaN : word[1] === "-" ? -Infinity : Infinity;
  const number = /^[-+]?(\d+(_\d+)*(\.(\d+(_\d+)*)?)?|\.\d+(_\d+)*)(e[-+]?\d+(_\d+)*)?$/i;
  return number.test(body) ? Number(body.replaceAll("_", "")) : null;
}

/** The whole part of a float; null where it has none. */
export function truncate(value: number): bigint | null {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : null;
}

/** A value where Python wants an index. Throws for anything but an int or a boolean. */
export function indexOf(value: Value): bigint {
  const number = numberOf(value);
  if (typeof number === "bigint") return number;
  if (value instanceof Undefined) throw new Error(value.message);
  throw new Error(`'${typeNameOf(value)}' object cannot be interpreted as an integer`);
}

/** The same as a JavaScript number, clamped to what lengths and widths can be. */
export function countOf(value: Value): number {
  const number = indexOf(value);
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(number > most ? most : number < -most ? -most : number);
}

/** An integer as digits of base 2, 8, 10 or 16, without its sign. */
export function writeRadixDigits(value: bigint, radix: number): string {
  return (value < 0n ? -value : value).toString(radix);
}
