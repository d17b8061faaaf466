// How Python writes and compares values: str, repr, json.dumps and ==. Templates are written for those.
import {
  isBoolean,
  isFloat,
  isInteger,
  isList,
  isMapping,
  isNamespace,
  isNone,
  isText,
  isTuple,
  isUndefined,
  numberOf,
  typeName,
  type Value,
} from "./values.ts";

/** str(v): what `{{ v }}` prints; nothing for an undefined value. */
export function pythonText(v: Value): string {
  if (isText(v)) return v.value;
  return isUndefined(v) ? "" : pythonLiteral(v);
}

/** repr(v): as a value stands inside a printed list. */
export function pythonLiteral(v: Value): string {
  if (isText(v)) return quoted(v.value);
  if (isBoolean(v)) return v.value ? "True" : "False";
  if (isNone(v)) return "None";
  if (isUndefined(v)) return "Undefined";
  if (isInteger(v)) return integerText(v.value);
  if (isFloat(v)) return floatText(v.value);
  if (isTuple(v)) return `(${v.value.map(pythonLiteral).join(", ")}${v.value.length === 1 ? "," : ""})`;
  if (isList(v)) return `[${v.value.map(pythonLiteral).join(", ")}]`;
  if (isMapping(v)) return dictText(v.value);
  return isNamespace(v) ? `<Namespace ${dictText(v.value)}>` : `<${typeName(v)}>`;
}

function dictText(entries: Map<string, Value>): string {
  return `{${Array.from(entries, ([key, value]) => `${quoted(key)}: ${pythonLiteral(value)}`).join(", ")}}`;
}

/** What Python does not print: everything of the categories "other" and "separator" but the space. */
const unprintable = /[\\'"]|(?! )[\p{C}\p{Z}]/gu;

function quoted(value: string): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  const named: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  const escaped = value.replace(unprintable, (c) => {
    if (c === '"' || c === "'") return c === quote ? `\\${c}` : c;
    return named[c] ?? numbered(c.codePointAt(0)!);
  });
  return quote + escaped + quote;
}

function numbered(code: number): string {
  const [letter, digits] = code > 0xffff
    ? ["U", 8] as const
    : code > 0xff
    ? ["u", 4] as const
    : ["x", 2] as const;
  return `\\${letter}${code.toString(16).padStart(digits, "0")}`;
}

function integerText(value: number): string {
  return Math.abs(value) < 1e21 ? String(value) : String(BigInt(value));
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
  readonly sortKeys: boolean;
}

/** json.dumps(v) with the defaults that Transformers gives it. */
export function pythonJson(v: Value, options: JsonOptions, depth = 0): string {
  if (isText(v)) return jsonText(v.value, options);
  if (isBoolean(v)) return String(v.value);
  if (isNone(v)) return "null";
  if (isInteger(v)) return integerText(v.value);
  if (isFloat(v)) return floatText(v.value).replace("inf", "Infinity").replace("nan", "NaN");
  const [, keySeparator] = options.separators ?? [",", ": "];
  if (isList(v)) {
    return jsonBlock(
      "[",
      v.value.map((item) => pythonJson(item, options, depth + 1)),
      "]",
      options,
      depth,
    );
  }
  if (!isMapping(v)) throw new Error(`Object of type ${typeName(v)} is not JSON serializable`);
  const entries = [...v.value];
  if (options.sortKeys) entries.sort(([a], [b]) => a < b ? -1 : 1);
  const parts = entries.map(([key, value]) => {
    return jsonText(key, options) + keySeparator + pythonJson(value, options, depth + 1);
  });
  return jsonBlock("{", parts, "}", options, depth);
}

function jsonBlock(
  open: string,
  parts: string[],
  close: string,
  options: JsonOptions,
  depth: number,
): string {
  const { indent, separators } = options;
  const [comma] = separators ?? [indent === null ? ", " : ","];
  if (indent === null || parts.length === 0) return open + parts.join(comma) + close;
  const line = (level: number) => "\n" + indent.repeat(level);
  return open + line(depth + 1) + parts.join(comma + line(depth + 1)) + line(depth) + close;
}

function jsonText(value: string, { ensureAscii }: JsonOptions): string {
  const json = JSON.stringify(value);
  if (!ensureAscii) return json;
  return json.replace(/[\x7f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** a == b: numbers and booleans by value, lists and dicts by their items, everything else by type and value. */
export function pythonEqual(a: Value, b: Value): boolean {
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left !== null || right !== null) return left === right;
  if (isList(a) && isList(b)) {
    return a.type === b.type && a.value.length === b.value.length &&
      a.value.every((item, i) => pythonEqual(item, b.value[i] ?? item));
  }
  if (isMapping(a) && isMapping(b)) {
    return a.value.size === b.value.size && [...a.value].every(([key, item]) => {
      const other = b.value.get(key);
      return other !== undefined && pythonEqual(item, other);
    });
  }
  return a.type === b.type && a.value === b.value;
}
