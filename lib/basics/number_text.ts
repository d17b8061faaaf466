// Numbers as texts: the one place where a number that was computed is cut to some digits for a reader. What a number
// means (a probability, a duration) is in lib/explorer/words/format.ts.

const MINUS = "−";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** With so many decimals, a true minus, and no sign where nothing is left: "−12.34", "0.00", "∞". */
export function formatDecimal(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value < 0 ? `${MINUS}∞` : "∞";
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

/** A whole number as an exponent: "⁻⁸". */
function formatExponent(exponent: number): string {
  const digits = String(Math.abs(exponent)).replaceAll(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)]!);
  return exponent < 0 ? `⁻${digits}` : digits;
}

/** 10 to a power that need not be a number of the computer's: "3.1×10⁻⁸". */
export function formatPowerOfTen(log10: number): string {
  let exponent = Math.floor(log10 + 1e-12);
  let mantissa = (10 ** (log10 - exponent)).toFixed(1);
  if (mantissa === "10.0") [mantissa, exponent] = ["1.0", exponent + 1];
  return `${mantissa}×10${formatExponent(exponent)}`;
}

/** An amount in nats or bits, a log-probability, a score: two decimals, three below 0.1, powers of ten below 0.001. */
export function formatAmount(value: number): string {
  const size = Math.abs(value);
  if (size >= 0.1 || size === 0 || !Number.isFinite(value)) return formatDecimal(value, 2);
  if (size >= 0.001) return formatDecimal(value, 3);
  return (value < 0 ? MINUS : "") + formatPowerOfTen(Math.log10(size));
}

/** As `formatAmount`, with its sign where it is not 0: "+0.36", "−0.14". */
export function formatSignedAmount(value: number): string {
  return value > 0 ? `+${formatAmount(value)}` : formatAmount(value);
}
