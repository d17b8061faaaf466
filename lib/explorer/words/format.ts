// Numbers as the page writes them.

/** A probability in percent, without the sign: one decimal, three below 0.1 %, powers of ten below 0.001 %. The one
 * rule of the page. */
export function percent(probability: number, decimals = 1): string {
  if (probability >= 0.9995) return "100";
  if (probability >= 0.001) return (probability * 100).toFixed(decimals);
  if (probability >= 0.00001) return (probability * 100).toFixed(3);
  return probability > 0 ? scientific(probability * 100) : "0";
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A whole number as an exponent: "⁻⁸". */
export function superscript(exponent: number): string {
  const digits = String(Math.abs(exponent)).replaceAll(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)]!);
  return exponent < 0 ? `⁻${digits}` : digits;
}

/** A positive number as "3.1×10⁻⁸". */
function scientific(value: number): string {
  const [mantissa, exponent] = value.toExponential(1).split("e");
  return `${mantissa}×10${superscript(Number(exponent))}`;
}

/** A count in groups of three: 49,152. (toLocaleString would take longer than all else about a long text's tokens.) */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 token", "1,024 tokens". */
export function tokens(value: number): string {
  return `${count(value)} token${value === 1 ? "" : "s"}`;
}

/** What a model file is to a reader: "4-bit" of "q4", "q4f16" and "bnb4"; other names as they are. */
export function weightsText(variant: string): string {
  const bits = /(?:2|4|8|16|32)/.exec(variant.replace("quantized", "8"))?.[0];
  return bits === undefined ? variant : `${bits}-bit`;
}

/** Entropy and the like: one decimal where it can be read, whole numbers from 10. */
export function measure(value: number): string {
  return value < 10 ? value.toFixed(1) : count(value);
}

/** Bytes in decimal units, as downloads show them: "138 MB". */
export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

/** A perplexity: four digits, in groups of three, powers of ten from a million. */
export function perplexityText(value: number): string {
  if (value >= 1e6) return Number.isFinite(value) ? scientific(value) : "∞";
  return value < 1000 ? String(Number(value.toPrecision(4))) : count(value);
}

const AXIS_ENDS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1];

/** Where the axis ends for a largest probability: the next of 5, 10, 20, 30, 40, 50, 60, 80, 100 %. */
export function axisEnd(largest: number): number {
  return AXIS_ENDS.find((end) => end >= largest) ?? 1;
}
