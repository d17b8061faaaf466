// Jinja2's tests: what stands behind `is`.
import type { Test } from "./environment.ts";
import { bind, withoutArguments } from "./python/arguments.ts";
import { compareValues, contains, isEqual, numberOf } from "./python/compare.ts";
import { applyOperator } from "./python/operators.ts";
import { pythonText } from "./python/repr.ts";
import { textMethods } from "./python/text_methods.ts";
import { iterate } from "./python/collections.ts";
import {
  Dict,
  isCallable,
  isList,
  Markup,
  Range,
  textOf,
  Tuple,
  Undefined,
  type Value,
} from "./python/values.ts";

const withOther = (name: string, test: (value: Value, other: Value) => boolean): Test => (value, args) =>
  test(value, bind(name, "other", args)[0]!);

const modulo = (value: Value, by: Value, rest: bigint) => isEqual(applyOperator("%", value, by), rest);
const isText = (value: Value) => textOf(value) !== null;
const isInCase = (name: "islower" | "isupper") => (value: Value) =>
  textMethods[name]!(pythonText(value), { positional: [], named: new Map() }) === true;

/** Whether two values are one object: constants and equal numbers or texts are, other objects where they are. */
function isSame(value: Value, other: Value): boolean {
  if (typeof value !== typeof other) return false;
  return value === other || value instanceof Undefined && value === other;
}

const equal = withOther("eq", isEqual);
const unequal = withOther("ne", (a, b) => !isEqual(a, b));
const less = withOther("lt", (a, b) => compareValues(a, b, "<") < 0);
const atMost = withOther("le", (a, b) => compareValues(a, b, "<=") <= 0);
const greater = withOther("gt", (a, b) => compareValues(a, b, ">") > 0);
const atLeast = withOther("ge", (a, b) => compareValues(a, b, ">=") >= 0);

/** All but `filter` and `test`, which need the tables. */
export const tests: Readonly<Record<string, Test>> = {
  odd: withoutArguments("odd", (value) => modulo(value, 2n, 1n)),
  even: withoutArguments("even", (value) => modulo(value, 2n, 0n)),
  divisibleby: (value, args) => modulo(value, bind("divisibleby", "num", args)[0]!, 0n),
  defined: withoutArguments("defined", (value) => !(value instanceof Undefined)),
  undefined: withoutArguments("undefined", (value) => value instanceof Undefined),
  none: withoutArguments("none", (value) => value === null),
  boolean: withoutArguments("boolean", (value) => typeof value === "boolean"),
  false: withoutArguments("false", (value) => value === false),
  true: withoutArguments("true", (value) => value === true),
  integer: withoutArguments("integer", (value) => typeof value === "bigint"),
  float: withoutArguments("float", (value) => typeof value === "number"),
  lower: withoutArguments("lower", isInCase("islower")),
  upper: withoutArguments("upper", isInCase("isupper")),
  string: withoutArguments("string", isText),
  mapping: withoutArguments("mapping", (value) => value instanceof Dict),
  number: withoutArguments("number", (value) => numberOf(value) !== null),
  sequence: withoutArguments(
    "sequence",
    (value) =>
      isText(value) || isList(value) || value instanceof Tuple || value instanceof Dict ||
      value instanceof Range ||
      value instanceof Undefined,
  ),
  iterable: withoutArguments("iterable", (value) => iterate(value) !== null),
  callable: withoutArguments("callable", (value) => isCallable(value) || value instanceof Undefined),
  sameas: withOther("sameas", isSame),
  escaped: withoutArguments("escaped", (value) => value instanceof Markup),
  in: (value, args) => contains(bind("in", "seq", args)[0]!, value),
  ...{ "==": equal, eq: equal, equalto: equal, "!=": unequal, ne: unequal },
  ...{ "<": less, lt: less, lessthan: less, "<=": atMost, le: atMost },
  ...{ ">": greater, gt: greater, greaterthan: greater, ">=": atLeast, ge: atLeast },
};
