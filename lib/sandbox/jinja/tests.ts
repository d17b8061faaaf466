// Jinja's tests: `x is NAME` and `x is NAME(argument)`.
import { applyOperator } from "./operators.ts";
import { pythonEqual } from "./python.ts";
import {
  isBoolean,
  isCallable,
  isFloat,
  isInteger,
  isList,
  isMapping,
  isNone,
  isText,
  isUndefined,
  numberOf,
  truth,
  typeName,
  type Value,
} from "./values.ts";

export type Test = (value: Value, argument: Value) => boolean;

function remainder(value: Value, divisor: number, name: string): number {
  const number = numberOf(value);
  if (number === null) throw new Error(`the test "${name}" needs a number, not ${typeName(value)}`);
  return ((number % divisor) + divisor) % divisor;
}

const operator = (name: string): Test => (a, b) => truth(applyOperator(name, a, b));
const same: Test = (a, b) =>
  a === b || a.type === b.type && (isNone(a) || isBoolean(a)) && a.value === b.value;

export const tests: Readonly<Record<string, Test>> = {
  defined: (v) => !isUndefined(v),
  undefined: isUndefined,
  none: isNone,
  boolean: isBoolean,
  true: (v) => isBoolean(v) && v.value,
  false: (v) => isBoolean(v) && !v.value,
  integer: isInteger,
  float: isFloat,
  number: (v) => numberOf(v) !== null,
  string: isText,
  mapping: isMapping,
  iterable: (v) => isText(v) || isList(v) || isMapping(v) || isUndefined(v),
  sequence: (v) => isText(v) || isList(v) || isMapping(v) || isUndefined(v),
  callable: isCallable,
  odd: (v) => remainder(v, 2, "odd") === 1,
  even: (v) => remainder(v, 2, "even") === 0,
  divisibleby: (v, by) => remainder(v, numberOf(by) ?? 1, "divisibleby") === 0,
  lower: (v) => isText(v) && v.value === v.value.toLowerCase() && v.value !== v.value.toUpperCase(),
  upper: (v) => isText(v) && v.value === v.value.toUpperCase() && v.value !== v.value.toLowerCase(),
  sameas: same,
  escaped: () => false,
  in: operator("in"),
  eq: pythonEqual,
  equalto: pythonEqual,
  "==": pythonEqual,
  ne: (a, b) => !pythonEqual(a, b),
  "!=": (a, b) => !pythonEqual(a, b),
  lt: operator("<"),
  lessthan: operator("<"),
  "<": operator("<"),
  le: operator("<="),
  "<=": operator("<="),
  gt: operator(">"),
  greaterthan: operator(">"),
  ">": operator(">"),
  ge: operator(">="),
  ">=": operator(">="),
};

/** The test called `name`; throws a sentence where there is none. */
export function testCalled(name: string): Test {
  const test = Object.hasOwn(tests, name) ? tests[name] : undefined;
  if (test === undefined) throw new Error(`No test named '${name}'`);
  return test;
}
