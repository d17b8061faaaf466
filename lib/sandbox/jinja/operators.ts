// Python's operators over template values. `and` and `or` are the interpreter's: they don't evaluate both sides.
import { pythonEqual, pythonText } from "./python.ts";
import {
  boolean,
  float,
  integer,
  isFloat,
  isList,
  isMapping,
  isText,
  isTuple,
  isUndefined,
  itemsOf,
  list,
  numberOf,
  text,
  tuple,
  typeName,
  type Value,
} from "./values.ts";
import { formatText } from "./format.ts";

type Operator = (left: Value, right: Value) => Value;

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "**": (a, b) => a ** b,
  "/": (a, b) => a / nonZero(b, "division by zero"),
  "//": (a, b) => Math.floor(a / nonZero(b, "integer division or modulo by zero")),
  "%": (a, b) => a - nonZero(b, "integer division or modulo by zero") * Math.floor(a / b),
};

function nonZero(b: number, message: string): number {
  if (b === 0) throw new Error(message);
  return b;
}

const order: Readonly<Record<string, (comparison: number) => boolean>> = {
  "<": (c) => c < 0,
  ">": (c) => c > 0,
  "<=": (c) => c <= 0,
  ">=": (c) => c >= 0,
};

const operators: Readonly<Record<string, Operator>> = {
  "==": (a, b) => boolean(pythonEqual(a, b)),
  "!=": (a, b) => boolean(!pythonEqual(a, b)),
  "~": (a, b) => text(pythonText(a) + pythonText(b)),
  "in": (a, b) => boolean(contains(b, a)),
  "not in": (a, b) => boolean(!contains(b, a)),
};

/** left `name` right; throws a sentence as Python's where the types don't fit. */
export function applyOperator(name: string, left: Value, right: Value): Value {
  const operator = operators[name];
  if (operator !== undefined) return operator(left, right);
  const compare = order[name];
  if (compare !== undefined) return boolean(compare(compareValues(left, right, name)));
  const result = sequences(name, left, right) ?? numbers(name, left, right);
  if (result !== null) return result;
  if (name === "+" && isText(left)) {
    throw new Error(`can only concatenate str (not "${typeName(right)}") to str`);
  }
  throw new Error(`unsupported operand types for ${name}: '${typeName(left)}' and '${typeName(right)}'`);
}

function numbers(name: string, left: Value, right: Value): Value | null {
  const [a, b] = [numberOf(left), numberOf(right)];
  const calculate = arithmetic[name];
  if (a === null || b === null || calculate === undefined) return null;
  const result = calculate(a, b);
  const real = isFloat(left) || isFloat(right) || name === "/" || name === "**" && b < 0;
  return real ? float(result) : integer(result);
}

function sequences(name: string, left: Value, right: Value): Value | null {
  if (name === "+") {
    if (isText(left) && isText(right)) return text(left.value + right.value);
    if (isList(left) && isList(right) && left.type === right.type) {
      return (isTuple(left) ? tuple : list)([...left.value, ...right.value]);
    }
  }
  if (name === "%" && isText(left)) return text(formatText(left.value, right));
  if (name === "*" && (isText(left) || isList(left))) return repeated(left, right);
  return name === "*" && (isText(right) || isList(right)) ? repeated(right, left) : null;
}

function repeated(value: Value, count: Value): Value | null {
  const times = numberOf(count);
  if (times === null || isFloat(count)) return null;
  const size = (isText(value) || isList(value) ? value.value.length : 0) * times;
  if (size > 1e7) throw new Error("it repeats a value too often");
  if (isText(value)) return text(value.value.repeat(Math.max(times, 0)));
  const items = isList(value) ? value.value : [];
  return list(Array.from({ length: Math.max(times, 0) }, () => items).flat());
}

function contains(container: Value, item: Value): boolean {
  if (isText(container)) {
    if (isText(item)) return container.value.includes(item.value);
    throw new Error(`'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  if (isMapping(container)) return isText(item) && container.value.has(item.value);
  if (isList(container) || isUndefined(container)) {
    return itemsOf(container).some((one) => pythonEqual(one, item));
  }
  throw new Error(`argument of type '${typeName(container)}' is not iterable`);
}

/** Negative, 0 or positive; numbers, texts (by code points) and lists are ordered. */
export function compareValues(left: Value, right: Value, name = "<"): number {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== null && b !== null) return a - b;
  if (isText(left) && isText(right)) return compareTexts(left.value, right.value);
  if (isList(left) && isList(right)) {
    for (const [i, item] of left.value.entries()) {
      const other = right.value[i];
      if (other === undefined) return 1;
      if (!pythonEqual(item, other)) return compareValues(item, other, name);
    }
    return left.value.length - right.value.length;
  }
  throw new Error(
    `'${name}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`,
  );
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = left.findIndex((character, i) => character !== right[i]);
  if (at < 0) return -1;
  return (left[at]?.codePointAt(0) ?? -1) - (right[at]?.codePointAt(0) ?? -1);
}
