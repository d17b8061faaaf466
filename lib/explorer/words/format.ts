// Numbers as the page writes them: one rule for each kind of number, wherever it stands. (Files that are read by
// programs, CSV and JSON, have every digit.)
import { formatDecimal, formatPowerOfTen } from "../../basics/number_text.ts";

/** A probability in percent, without the sign: one decimal, three below 0.1 %, powers of ten below 0.001 %. The one
 * rule of the page. */
export function formatPercent(probability: number, decimals = 1): string {
  if (probability >= 0.9995) return "100";
  if (probability >= 0.001) return formatDecimal(probability * 100, decimals);
  if (probability >= 0.00001) return formatDecimal(probability * 100, 3);
  return probability > 0 ? formatPowerOfTen(Math.log10(probability) + 2) : "0";
}

/** The probability of a whole path from its natural logarithm, by the same rule: "18.2 %", "3.1×10⁻⁸⁰⁰ %". */
export function formatPathProbability(logprob: number): string {
  if (logprob === -Infinity) return "0 %";
  const log10 = Math.min(0, logprob) / Math.LN10;
  return `${log10 < -5 ? formatPowerOfTen(log10 + 2) : formatPercent(10 ** log10)} %`;
}

/** What is written, as it is said: powers of ten in words, "3.1 times ten to the minus 8". */
export function sayNumber(written: string): string {
  if (!written.includes("×")) return written;
  return written.replace(/×10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)/g, (_, minus: string, digits: string) => {
    const power = [...digits].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(digit)).join("");
    return ` times ten to the ${minus === "" ? "" : "minus "}${power}`;
  });
}

/** A count in groups of three: 49,152. (toLocaleString would take longer than all else about a long text's tokens.) */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 token", "1,024 tokens". */
export function formatTokenCount(value: number): string {
  return `${formatCount(value)} token${value === 1 ? "" : "s"}`;
}

/** A model without its owner: "SmolLM2-135M-Instruct". */
export function shortNameOf(modelId: string): string {
  return modelId.split("/").at(-1)!;
}

/** What a model file is to a reader: "4-bit" of "q4", "q4f16" and "bnb4"; other names as they are. */
export function weightsText(variant: string): string {
  const bits = /(?:2|4|8|16|32)/.exec(variant.replace("quantized", "8"))?.[0];
  return bits === undefined ? variant : `${bits}-bit`;
}

/** Uncertainty and surprise at one place, in bits without the word: one decimal. */
export function formatBits(value: number): string {
  return formatDecimal(value, 1);
}

/** A random number of 0..1, as it falls on the strip: three decimals. */
export function drawText(u: number): string {
  return formatDecimal(u, 3);
}

/** How many choices, and the like: one decimal where it can be read, whole numbers from 10. */
export function measure(value: number): string {
  return value < 10 ? formatDecimal(value, 1) : formatCount(value);
}

/** Bytes in decimal units, as downloads show them: "138 MB". */
export function formatBytes(bytes: number): string {
  return `${formatBytesIn(bytes, bytes)} ${bytes >= 1e9 ? "GB" : "MB"}`;
}

/** Bytes in the unit and with the decimals in which `of` is written: "0.20" of 1.42 GB. */
export function formatBytesIn(bytes: number, of: number): string {
  return of >= 1e9 ? formatDecimal(bytes / 1e9, 2) : formatDecimal(bytes / 1e6, of < 1e7 ? 1 : 0);
}

/** Parameters of a model: "71 K", "135 M", "1.24 B". */
export function parameterText(parameters: number): string {
  if (parameters < 999.5e3) return `${Math.round(parameters / 1e3)} K`;
  return parameters >= 999.5e6
    ? `${formatDecimal(parameters / 1e9, 2)} B`
    : `${Math.round(parameters / 1e6)} M`;
}

/** A positive number of any size in at most so many digits, in groups of three, powers of ten from a million and below
 * 0.001. */
export function formatShortNumber(value: number, digits: number): string {
  if (value === 0 || !Number.isFinite(value)) return formatDecimal(value, 0);
  if (value >= 1e6 || value < 0.001) return formatPowerOfTen(Math.log10(value));
  return value < 1000 ? String(Number(value.toPrecision(digits))) : formatCount(value);
}

/** A perplexity: four digits. */
export function perplexityText(value: number): string {
  return formatShortNumber(value, 4);
}

/** A setting, without trailing zeros and never in powers of ten: "0.75". */
export function settingText(value: number): string {
  const text = Number(value.toPrecision(6)).toString();
  return text.includes("e") ? value.toFixed(8).replace(/0+$/, "") : text;
}

/** A place on an axis of probabilities, in percent without the sign: so many digits and no trailing zeros. */
export function axisText(share: number, digits: number): string {
  return String(Number((share * 100).toPrecision(digits)));
}

const AXIS_ENDS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1];

/** Where the axis ends for a largest probability: the next of 5, 10, 20, 30, 40, 50, 60, 80, 100 %. */
export function findAxisEnd(largest: number): number {
  return AXIS_ENDS.find((end) => end >= largest) ?? 1;
}
