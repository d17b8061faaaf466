// How Python writes values: str, repr and json.dumps. Templates are written for those.
import { MOST_DIGITS } from "./numbers.ts";
import {
  Dict,
  Host,
  isList,
  Markup,
  Namespace,
  Range,
  Stream,
  textOf,
  Tuple,
  typeNameOf,
  Undefined,
  type Value,
  View,
} from "./values.ts";

/** str(value): what `{{ value }}` prints; nothing for an undefined value. */
export function pythonText(value: Value): string {
  if (value instanceof Undefined) return "";
  return textOf(value) ?? writeLiteral(value);
}

/** repr(value): as a value stands inside a printed list. Throws where Python prints an address. */
export function writeLiteral(value: Value): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "bigint") return integerText(value);
  if (typeof value === "number") return floatText(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value === null) return "None";
  if (isList(value)) return `[${value.map(writeLiteral).join(", ")}]`;
  if (value instanceof Tuple) {
    return `(${value.items.map(writeLiteral).join(", ")}${value.items.length === 1 ? "," : ""})`;
  }
  if (value instanceof Dict) return dictText(value);
  if (value instanceof View) return `dict_${value.kind}([${value.items().map(writeLiteral).join(", ")}])`;
  if (value instanceof Range) return rangeText(value);
  if (value instanceof Markup) return `Markup(${quote(value.text)})`;
  if (value instanceof Namespace) return `<Namespace ${dictText(value.attributes)}>`;
  if (value instanceof Undefined) return "Undefined";
  if (value instanceof Stream) throw addressError(value.name);
  const text = value instanceof Host ? value.parts.repr?.() : "";
  if (text === undefined) throw addressError(typeNameOf(value));
  return text;
}

/** Python writes such an object as its address in memory. */
function addressError(what: string): Error {
  return new Error(`a ${what} has no text (is "| list" or "()" missing behind it?)`);
}

function dictText(dict: Dict): string {
  return `{${
    dict.entries().map(([key, value]) => `${writeLiteral(key)}: ${writeLiteral(value)}`).join(", ")
  }}`;
}

function rangeText({ start, stop, step }: Range): string {
  return `range(${start}, ${stop}${step === 1n ? "" : `, ${step}`})`;
}

/** What Python does not print: everything of the categories "other" and "separator" but the space. */
const unprintable = /[\\'"]|(?! )[\p{C}\p{Z}]/gu;

/** repr of a str; `ascii`: what is not ASCII as an escape too. */
export function quote(value: string, ascii = false): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  const named: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  const escaped = value.replace(ascii ? /[\\'"]|[^ -~]/gu : unprintable, (c) => {
    if (c === '"' || c === "'") return c === quote ? `\\${c}` : c;
    return named[c] ?? escapeNumber(c.codePointAt(0)!);
  });
  return quote + escaped + quote;
}

function escapeNumber(code: number): string {
  const [letter, digits] = code > 0xffff
    ? ["U", 8] as const
    : code > 0xff
    ? ["u", 4] as const
    : ["x", 2] as const;
  return `\\${letter}${code.toString(16).padStart(digits, "0")}`;
}

function integerText(value: bigint): string {
  const text = String(value);
  if (text.length > MOST_DIGITS + 1) {
    throw new Error(`Exceeds the limit (${MOST_DIGITS} digits) for integer string conversion`);
  }
  return text;
}

/** repr(float): the shortest digits, with an exponent below 1e-4 and from 1e16 on. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const [digits = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

export interface JsonOptions {
  readonly ensureAscii: boolean;
  readonly indent: string | null;
  readonly separators: readonly [item: string, key: string] | null;
  readonly sortKeys: ((keys: readonly Value[]) => Value[]) | null;
}

/** json.dumps(value). Throws for what is not JSON. */
export function pythonJson(value: Value, options: JsonOptions, depth = 0): string {
  const text = textOf(value);
  if (text !== null) return jsonText(text, options);
  if (value === null) return "null";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "bigint") return integerText(value);
  if (typeof value === "number") return writeJsonFloat(value);
  if (isList(value) || value instanceof Tuple) {
    const items = isList(value) ? value : value.items;
    return writeJsonBlock(
      "[",
      items.map((item) => pythonJson(item, options, depth + 1)),
      "]",
      options,
      depth,
    );
  }
  if (!(value instanceof Dict)) {
    throw new Error(`Object of type ${typeNameOf(value)} is not JSON serializable`);
  }
  const [, colon] = options.separators ?? [",", ": "];
  const keys = value.entries().map(([key]) => key);
  const parts = (options.sortKeys?.(keys) ?? keys).map((key) =>
    jsonText(writeJsonKey(key), options) + colon + pythonJson(value.get(key)!, options, depth + 1)
  );
  return writeJsonBlock("{", parts, "}", options, depth);
}

function writeJsonFloat(value: number): string {
  return floatText(value).replace("inf", "Infinity").replace("nan", "NaN");
}

function writeJsonKey(key: Value): string {
  const text = textOf(key);
  if (text !== null) return text;
  if (typeof key === "boolean" || key === null) return String(key);
  if (typeof key === "bigint") return integerText(key);
  if (typeof key === "number") return writeJsonFloat(key);
  throw new Error(`keys must be str, int, float, bool or None, not ${typeNameOf(key)}`);
}

function writeJsonBlock(
  open: string,
  parts: readonly string[],
  close: string,
  { indent, separators }: JsonOptions,
  depth: number,
): string {
  const [comma] = separators ?? [indent === null ? ", " : ","];
  if (indent === null || parts.length === 0) return open + parts.join(comma) + close;
  const line = (level: number) => "\n" + indent.repeat(level);
  return open + line(depth + 1) + parts.join(comma + line(depth + 1)) + line(depth) + close;
}

const named: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\f": "\\f",
  "\b": "\\b",
};

function jsonText(value: string, { ensureAscii }: JsonOptions): string {
  // deno-lint-ignore no-control-regex -- JSON escapes them
  const escaped = value.replace(ensureAscii ? /["\\]|[^ -~]/g : /["\\\x00-\x1f]/g, (c) => {
    return named[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}
