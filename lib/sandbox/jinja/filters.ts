// All filters by name: Jinja2's own, and `tojson` as Transformers has it.
import type { Filter } from "./environment.ts";
import { listFilters } from "./list_filters.ts";
import { asCount, asNumber, asText, bind, withoutArguments } from "./python/arguments.ts";
import { compareValues, numberOf } from "./python/compare.ts";
import { findOwnAttribute } from "./python/members.ts";
import { formatFixed, parseFloatText, parseInteger, roundTo, toFloat, truncate } from "./python/numbers.ts";
import { applyOperator } from "./python/operators.ts";
import { writeLiteral } from "./python/repr.ts";
import { countCodePoints, isTrue, withFallback } from "./python/collections.ts";
import { Dict, isList, textOf, Tuple, typeNameOf, Undefined, type Value } from "./python/values.ts";
import { textFilters } from "./text_filters.ts";

const fallback: Filter = (value, args) => {
  const [replacement = "", boolean = false] = bind("default", "default_value? boolean?", args);
  return value instanceof Undefined || isTrue(boolean) && !isTrue(value) ? replacement : value;
};

const toInteger: Filter = (value, args) => {
  const [replacement = 0n, base] = bind("int", "default? base?", args);
  if (value instanceof Undefined) throw new Error(value.message);
  const text = textOf(value);
  const isBase = base === undefined || typeof numberOf(base) === "bigint"; // Jinja2 takes no other one, in silence
  const whole = text === null || !isBase ? null : parseInteger(text, asCount(base, 10));
  if (whole !== null) return whole;
  const number = text === null ? numberOf(value) : parseFloatText(text);
  if (typeof number === "bigint") return number;
  if (text === null && number !== null && Math.abs(number) === Infinity) {
    throw new Error("cannot convert float infinity to integer");
  }
  return number === null ? replacement : withFallback(truncate(number) ?? undefined, () => replacement);
};

const float: Filter = (value, args) => {
  const [replacement = 0] = bind("float", "default?", args);
  if (value instanceof Undefined) throw new Error(value.message);
  const text = textOf(value);
  const number = text === null ? numberOf(value) : parseFloatText(text);
  return number === null ? replacement : toFloat(number);
};

const round: Filter = (value, args) => {
  const [precision = 0n, method = "common"] = bind("round", "precision? method?", args);
  const name = textOf(method);
  if (name !== "common" && name !== "ceil" && name !== "floor") {
    throw new Error("method must be common, ceil or floor");
  }
  const number = asNumber(value, "the number to round");
  const places = asCount(precision, 0);
  if (name === "common") return roundTo(number, places);
  const unit = applyOperator("**", 10n, BigInt(places));
  const scaled = asNumber(applyOperator("*", number, unit), "the number to round");
  const whole = typeof scaled === "bigint" ? scaled : truncate(Math[name](scaled));
  if (whole === null) throw new Error("cannot convert float infinity or NaN to integer");
  return applyOperator("/", whole, unit);
};

const filesizeformat: Filter = (value, args) => {
  const [binary = false] = bind("filesizeformat", "binary?", args);
  const bytes = float(value, { positional: [null], named: new Map() }, noEnvironment);
  if (typeof bytes !== "number") throw new Error("could not convert the value to a float");
  const base = isTrue(binary) ? 1024 : 1000;
  if (bytes === 1) return "1 Byte";
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const prefixes = "kMGTPEZY".split("").map((letter) =>
    base === 1000 ? `${letter}B` : `${letter.toUpperCase()}iB`
  );
  let power = 2;
  while (power < 9 && bytes >= base ** power) power++;
  return `${formatFixed(base * bytes / base ** power, 1)} ${prefixes[power - 2]}`;
};

const noEnvironment = {
  filter: () => null,
  test: () => false,
};

/** The widest line that pprint writes. */
const WIDEST = 80;

const pprint: Filter = withoutArguments("pprint", (value: Value) => {
  const text = writeLiteral(withSortedKeys(value));
  if (countCodePoints(text) <= WIDEST) return text;
  throw new Error(`pprint of a value wider than ${WIDEST} characters is not supported here`);
});

function withSortedKeys(value: Value): Value {
  if (isList(value)) return value.map(withSortedKeys);
  if (value instanceof Tuple) return new Tuple(value.items.map(withSortedKeys));
  if (!(value instanceof Dict)) return value;
  const keys = value.entries().map(([key]) => key).sort(compareSafely);
  return new Dict(keys.map((key) => [key, withSortedKeys(value.get(key)!)] as const));
}

/** Keys that have no order are in that of their types' names. */
function compareSafely(a: Value, b: Value): number {
  try {
    return compareValues(a, b) || 0;
  } catch {
    return typeNameOf(a) < typeNameOf(b) ? -1 : 1;
  }
}

export const filters: Readonly<Record<string, Filter>> = {
  ...textFilters,
  ...listFilters,
  ...{ default: fallback, d: fallback, int: toInteger, float, round, filesizeformat, pprint },
  abs: withoutArguments("abs", (value: Value) => {
    const number = asNumber(value, "the operand of abs()");
    return typeof number === "bigint" ? (number < 0n ? -number : number) : Math.abs(number);
  }),
  attr: (value, args) => {
    const name = asText(bind("attr", "name", args)[0]!, "attribute name");
    if (value instanceof Undefined) throw new Error(value.message);
    return withFallback(
      findOwnAttribute(value, name),
      () => new Undefined(`there is no attribute '${name}'`),
    );
  },
};
