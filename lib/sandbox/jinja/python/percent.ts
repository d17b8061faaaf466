// Python's "%s of %d" % (a, b).
import { numberOf } from "./compare.ts";
import { indexOf, toFloat, truncate, writeRadixDigits } from "./numbers.ts";
import { pythonText, quote, writeLiteral } from "./repr.ts";
import { writeFloatDigits } from "./spec.ts";
import { countCodePoints } from "./collections.ts";
import {
  checkSize,
  Dict,
  isList,
  limitLength,
  Range,
  textOf,
  Tuple,
  typeNameOf,
  Undefined,
  type Value,
} from "./values.ts";

const directive = /%(?:\(([^()]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([^])?/gu;

/** `pattern % value`. Throws for what Python refuses. */
export function formatPercent(pattern: string, value: Value): string {
  const args = new PercentArguments(value);
  const made = pattern.replace(directive, (all, name, flags, width, precision, kind) => {
    if (kind === undefined) throw new Error("incomplete format");
    if (all === "%%") return "%";
    const wide = width === "*" ? Number(indexOf(args.next())) : Number(width ?? 0);
    const places = precision === undefined
      ? null
      : precision === "*"
      ? Number(indexOf(args.next()))
      : Number(precision);
    checkSize(Math.max(Math.abs(wide), places ?? 0));
    if (kind === "%") throw new Error("unsupported format character '%' (0x25)");
    const argument = name === undefined ? args.next() : args.named(name);
    return formatOne(argument, {
      flags: wide < 0 ? `${flags}-` : flags,
      width: Math.abs(wide),
      precision: places,
      kind,
    });
  });
  args.checkUsed();
  return limitLength(made);
}

class PercentArguments {
  readonly #value: Value;
  readonly #items: readonly Value[];
  #used = 0;
  #usedNames = false;

  constructor(value: Value) {
    this.#value = value;
    this.#items = value instanceof Tuple ? value.items : [value];
  }

  next(): Value {
    const item = this.#items[this.#used++];
    if (item === undefined || this.#usedNames) throw new Error("not enough arguments for format string");
    return item;
  }

  named(name: string): Value {
    if (!(this.#value instanceof Dict)) throw new Error("format requires a mapping");
    this.#usedNames = true;
    const found = this.#value.get(name);
    if (found === undefined) throw new Error(`there is no key ${quote(name)} for the format`);
    return found;
  }

  checkUsed(): void {
    const value = this.#value;
    const isMapping = value instanceof Dict || isList(value) || value instanceof Range ||
      value instanceof Undefined;
    if (isMapping || this.#usedNames || this.#used >= this.#items.length) return;
    throw new Error("not all arguments converted during string formatting");
  }
}

interface Format {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
  readonly kind: string;
}

function formatOne(value: Value, format: Format): string {
  const { kind, precision } = format;
  if (kind === "s" || kind === "r" || kind === "a") {
    const text = kind === "s" ? pythonText(value) : kind === "r" ? writeLiteral(value) : writeAscii(value);
    const cut = precision === null ? text : Array.from(text).slice(0, precision).join("");
    return pad("", cut, { ...format, flags: format.flags.replaceAll("0", "") });
  }
  if (kind === "c") {
    return pad("", formatCharacter(value), { ...format, flags: format.flags.replaceAll("0", "") });
  }
  if (/[diuoxX]/.test(kind)) return formatInteger(value, format);
  if (/[eEfFgG]/.test(kind)) return formatFloat(value, format);
  throw new Error(`unsupported format character '${kind}' in "${kind}"`);
}

function writeAscii(value: Value): string {
  const text = textOf(value);
  return text === null ? writeLiteral(value) : quote(text, true);
}

function formatCharacter(value: Value): string {
  const text = textOf(value);
  if (text !== null && countCodePoints(text) === 1) return text;
  const code = text === null ? numberOf(value) : null;
  if (typeof code !== "bigint") throw new Error("%c requires int or char");
  if (code < 0n || code > 0x10ffffn) throw new Error("%c arg not in range(0x110000)");
  return String.fromCodePoint(Number(code));
}

function formatInteger(value: Value, format: Format): string {
  const { kind, flags, precision } = format;
  const isDecimal = /[diu]/.test(kind);
  const number = numberOf(value);
  const whole = typeof number === "number" && isDecimal ? truncate(number) : number;
  if (value instanceof Undefined) throw new Error(value.message);
  if (typeof whole !== "bigint") {
    const wanted = isDecimal ? "a real number" : "an integer";
    throw new Error(`%${kind} format: ${wanted} is required, not ${typeNameOf(value)}`);
  }
  const digits = writeRadixDigits(whole, isDecimal ? 10 : kind === "o" ? 8 : 16).padStart(
    precision ?? 0,
    "0",
  );
  const prefix = flags.includes("#") && !isDecimal ? `0${kind}` : "";
  return pad(signOf(whole < 0n, flags) + prefix, kind === "X" ? digits.toUpperCase() : digits, format);
}

function formatFloat(value: Value, format: Format): string {
  const { kind, flags, precision } = format;
  const number = numberOf(value);
  if (value instanceof Undefined) throw new Error(value.message);
  if (number === null) throw new Error(`must be real number, not ${typeNameOf(value)}`);
  const real = toFloat(number);
  const sign = signOf(real < 0 || Object.is(real, -0), flags);
  if (Number.isFinite(real)) {
    return pad(sign, writeFloatDigits(real, kind, precision ?? 6, flags.includes("#")), format);
  }
  const name = Number.isNaN(real) ? "nan" : "inf";
  return pad(sign, /[EFG]/.test(kind) ? name.toUpperCase() : name, format);
}

function signOf(negative: boolean, flags: string): string {
  return negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
}

function pad(head: string, body: string, { flags, width }: Format): string {
  const space = Math.max(width - head.length - countCodePoints(body), 0);
  if (flags.includes("-")) return head + body + " ".repeat(space);
  return flags.includes("0") ? head + "0".repeat(space) + body : " ".repeat(space) + head + body;
}
