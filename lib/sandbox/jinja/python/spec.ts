// Python's format specifications: format(value, "[[fill]align][sign][z][#][0][width][grouping][.precision][type]").
import { formatFixed, formatScientific, toFloat, writeRadixDigits } from "./numbers.ts";
import { floatText, pythonText } from "./repr.ts";
import { countCodePoints } from "./collections.ts";
import { checkSize, limitLength, textOf, typeNameOf, type Value } from "./values.ts";

interface Spec {
  readonly fill: string;
  readonly align: string;
  /** Empty where none is asked for. */
  readonly sign: string;
  readonly noNegativeZero: boolean;
  readonly alternate: boolean;
  readonly zero: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | null;
  readonly kind: string;
}

const pattern = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?(.)?$/su;

function parseSpec(spec: string, value: Value): Spec {
  const match = pattern.exec(spec);
  if (match === null) {
    throw new Error(`Invalid format specifier '${spec}' for object of type '${typeNameOf(value)}'`);
  }
  const [, fill, align, sign, z, alternate, zero, width, grouping, precision, kind] = match;
  const made = {
    fill: fill ?? (zero && align === undefined ? "0" : zero && !fill ? "0" : " "),
    align: align ?? (zero ? "=" : ""),
    sign: sign ?? "",
    noNegativeZero: z !== undefined,
    alternate: alternate !== undefined,
    zero: zero !== undefined,
    width: Number(width ?? 0),
    grouping: grouping ?? "",
    precision: precision === undefined ? null : Number(precision),
    kind: kind ?? "",
  };
  checkSize(Math.max(made.width, made.precision ?? 0));
  const grouped = made.grouping === "_" ? /^[bdeEfFgGoxX%]?$/ : /^[deEfFgG%]?$/;
  if (made.grouping !== "" && !grouped.test(made.kind)) {
    throw new Error(`Cannot specify '${made.grouping}' with '${made.kind}'.`);
  }
  return made;
}

/** format(value, spec). Throws for what Python refuses. */
export function formatValue(value: Value, spec: string): string {
  if (spec === "") return pythonText(value);
  const text = textOf(value);
  if (text !== null) return formatText(text, parseSpec(spec, value));
  if (typeof value === "boolean") return formatInteger(value ? 1n : 0n, parseSpec(spec, value), "bool");
  if (typeof value === "bigint") return formatInteger(value, parseSpec(spec, value), "int");
  if (typeof value === "number") return formatFloat(value, parseSpec(spec, value));
  throw new Error(`unsupported format string passed to ${typeNameOf(value)}.__format__`);
}

function unknownKindError(kind: string, type: string): Error {
  return new Error(`Unknown format code '${kind}' for object of type '${type}'`);
}

function formatText(text: string, spec: Spec): string {
  if (spec.kind !== "" && spec.kind !== "s") throw unknownKindError(spec.kind, "str");
  if (spec.sign !== "") throw new Error("Sign not allowed in string format specifier");
  if (spec.noNegativeZero) {
    throw new Error("Negative zero coercion (z) not allowed in string format specifier");
  }
  if (spec.alternate) throw new Error("Alternate form (#) not allowed in string format specifier");
  if (spec.grouping !== "") throw new Error(`Cannot specify '${spec.grouping}' with 's'.`);
  if (spec.align === "=" && !spec.zero) {
    throw new Error("'=' alignment not allowed in string format specifier");
  }
  const cut = spec.precision === null ? text : Array.from(text).slice(0, spec.precision).join("");
  return align(cut, { ...spec, align: spec.align === "=" ? "<" : spec.align }, "<");
}

const radices: Readonly<Record<string, readonly [number, string]>> = {
  b: [2, "0b"],
  o: [8, "0o"],
  x: [16, "0x"],
  X: [16, "0X"],
  d: [10, ""],
  n: [10, ""],
  "": [10, ""],
};

function formatInteger(value: bigint, spec: Spec, type: string): string {
  if (/^[eEfFgG%]$/.test(spec.kind)) return formatFloat(toFloat(value), spec);
  if (spec.precision !== null) throw new Error("Precision not allowed in integer format specifier");
  if (spec.noNegativeZero) {
    throw new Error("Negative zero coercion (z) not allowed in format specifier with integer");
  }
  if (spec.kind === "c") return formatCharacter(value, spec);
  const radix = radices[spec.kind];
  if (radix === undefined) throw unknownKindError(spec.kind, type);
  const digits = writeRadixDigits(value, radix[0]);
  const body = spec.kind === "X" ? digits.toUpperCase() : digits;
  return writeNumeric(value < 0n, spec.alternate ? radix[1] : "", body, "", spec, radix[0] === 10 ? 3 : 4);
}

function formatCharacter(value: bigint, spec: Spec): string {
  if (spec.sign !== "") throw new Error("Sign not allowed with integer format specifier 'c'");
  if (value < 0n || value > 0x10ffffn) throw new Error("%c arg not in range(0x110000)");
  return align(String.fromCodePoint(Number(value)), { ...spec, align: spec.align || ">" }, ">");
}

/** Digits before the point, behind it, and the exponent. */
interface Parts {
  readonly whole: string;
  readonly rest: string;
}

function formatFloat(value: number, spec: Spec): string {
  if (!/^[eEfFgGn%]?$/.test(spec.kind)) throw unknownKindError(spec.kind, "float");
  const { whole, rest } = splitFloat(spec.kind === "%" ? value * 100 : value, spec);
  const zero = /^[0.]*$/.test(whole + rest.replace(/e.*/i, ""));
  const negative = (value < 0 || Object.is(value, -0)) && !(zero && spec.noNegativeZero);
  return writeNumeric(negative, "", whole, rest, spec, 3);
}

function splitFloat(value: number, spec: Spec): Parts {
  const { kind, alternate } = spec;
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? "nan" : "inf";
    return { whole: /[EFG]/.test(kind) ? name.toUpperCase() : name, rest: kind === "%" ? "%" : "" };
  }
  const made = kind === "" && spec.precision === null
    ? floatText(Math.abs(value))
    : writeFloatDigits(value, kind, spec.precision ?? 6, alternate);
  const [, whole = "", rest = ""] = /^(\d+)(.*)$/s.exec(made)!;
  return { whole, rest: rest + (kind === "%" ? "%" : "") };
}

/** |value| by one of the kinds e, f, g (and their capitals, "%", "" and n), without its sign. */
export function writeFloatDigits(value: number, kind: string, precision: number, alternate: boolean): string {
  if (/^[fF%]$/.test(kind)) return formatFixed(value, precision) + (alternate && precision === 0 ? "." : "");
  const capital = kind === "E" || kind === "G";
  if (kind === "e" || kind === "E") return formatExponential(value, precision, alternate, capital);
  const significant = Math.max(precision, 1);
  const { exponent } = formatScientific(value, significant - 1);
  // Without a kind at least one digit stands behind the point.
  const most = kind === "" ? significant - 1 : significant;
  const plain = exponent >= -4 && exponent < most;
  const full = plain
    ? formatFixed(value, Math.max(significant - 1 - exponent, 0))
    : formatExponential(value, significant - 1, alternate, capital);
  if (alternate) return plain && !full.includes(".") ? `${full}.` : full;
  const [, digits = "", power = ""] = /^([^eE]*)(.*)$/.exec(full)!;
  const cut = digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
  return (kind === "" && plain && !cut.includes(".") ? `${cut}.0` : cut) + power;
}

function formatExponential(value: number, precision: number, alternate: boolean, capital: boolean): string {
  const { digits, exponent } = formatScientific(value, precision);
  const point = precision > 0 || alternate ? "." : "";
  const power = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits.slice(0, 1)}${point}${digits.slice(1)}${capital ? "E" : "e"}${
    exponent < 0 ? "-" : "+"
  }${power}`;
}

/** A number with sign, prefix, grouping and padding. */
function writeNumeric(
  negative: boolean,
  prefix: string,
  whole: string,
  rest: string,
  spec: Spec,
  group: number,
): string {
  const sign = negative ? "-" : spec.sign === "-" ? "" : spec.sign;
  const head = sign + prefix;
  const padded = spec.align === "=" && spec.fill === "0"
    ? padWithZeros(whole, spec.width - head.length - rest.length, spec.grouping, group)
    : groupDigits(whole, spec.grouping, group);
  if (spec.align === "=") {
    const space = Math.max(spec.width - head.length - countCodePoints(padded) - rest.length, 0);
    return head + spec.fill.repeat(space) + padded + rest;
  }
  return align(head + padded + rest, spec, ">");
}

function groupDigits(digits: string, mark: string, group: number): string {
  if (mark === "" || !/^[\da-f]+$/i.test(digits)) return digits;
  const first = digits.length % group || group;
  const parts = [digits.slice(0, first)];
  for (let at = first; at < digits.length; at += group) parts.push(digits.slice(at, at + group));
  return parts.join(mark);
}

/** Zeros count as digits of the groups. */
function padWithZeros(digits: string, width: number, mark: string, group: number): string {
  if (mark === "" || !/^[\da-f]+$/i.test(digits)) return digits.padStart(width, "0");
  let length = digits.length;
  while (length + Math.floor((length - 1) / group) < width) length++;
  return groupDigits(digits.padStart(length, "0"), mark, group);
}

function align(text: string, { fill, align, width }: Spec, fallback: string): string {
  const space = Math.max(width - countCodePoints(text), 0);
  const side = align || fallback;
  const before = side === ">" ? space : side === "^" ? Math.floor(space / 2) : 0;
  return limitLength(fill.repeat(before) + text + fill.repeat(space - before));
}
