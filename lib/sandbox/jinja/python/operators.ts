// Python's arithmetic over values.
import { numberOf } from "./compare.ts";
import { countBits, divideIntegers, toFloat } from "./numbers.ts";
import { formatPercent } from "./percent.ts";
import { pythonText } from "./repr.ts";
import {
  checkItems,
  checkSize,
  Host,
  isList,
  limitLength,
  Markup,
  textOf,
  Tuple,
  typeNameOf,
  Undefined,
  type Value,
} from "./values.ts";

type Operator = "+" | "-" | "*" | "/" | "//" | "%" | "**";

/** left `operator` right. Throws a sentence as Python's where the types don't fit. */
export function applyOperator(operator: Operator, left: Value, right: Value): Value {
  // A text formats whatever comes.
  const operands = operator === "%" && textOf(left) !== null ? [left] : [left, right];
  for (const value of operands) if (value instanceof Undefined) throw new Error(value.message);
  const made = applyToSequences(operator, left, right) ?? applyToNumbers(operator, left, right);
  if (made !== null) return made;
  if (operator === "+" && textOf(left) !== null) {
    throw new Error(`can only concatenate str (not "${typeNameOf(right)}") to str`);
  }
  if (operator === "+" && isList(left)) {
    throw new Error(`can only concatenate list (not "${typeNameOf(right)}") to list`);
  }
  const name = operator === "**" ? "** or pow()" : operator;
  throw new Error(
    `unsupported operand type(s) for ${name}: '${typeNameOf(left)}' and '${typeNameOf(right)}'`,
  );
}

function applyToNumbers(operator: Operator, left: Value, right: Value): Value | null {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === null || b === null) return null;
  if (typeof a === "bigint" && typeof b === "bigint" && !(operator === "**" && b < 0n)) {
    return operator === "/" ? divideIntegers(a, b) : applyToIntegers(operator, a, b);
  }
  return applyToFloats(operator, toFloat(a), toFloat(b));
}

/** Bits of an integer that a template may make. */
const MOST_BITS = 1 << 20;

function applyToIntegers(operator: Exclude<Operator, "/">, a: bigint, b: bigint): bigint {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      checkBits(countBits(a) + countBits(b));
      return a * b;
    case "**":
      if (a !== 1n && a !== -1n && a !== 0n) checkBits(countBits(a) * Number(b));
      return a ** (a === -1n ? b % 2n : a === 1n || a === 0n && b > 0n ? 1n : b);
  }
  if (b === 0n) throw new Error("integer division or modulo by zero");
  const rest = ((a % b) + b) % b;
  return operator === "%" ? rest : (a - rest) / b;
}

function checkBits(bits: number): void {
  if (bits > MOST_BITS) throw new Error(`it makes an integer of more than ${MOST_BITS} bits`);
}

function applyToFloats(operator: Operator, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "**":
      return raise(a, b);
  }
  if (b === 0) {
    throw new Error(
      operator === "/"
        ? "division by zero"
        : `float ${operator === "%" ? "modulo" : "floor division by zero"}`,
    );
  }
  if (operator === "/") return a / b;
  const rest = a % b;
  const modulo = rest === 0 ? (b < 0 ? -0 : 0) : rest < 0 !== b < 0 ? rest + b : rest;
  return operator === "%" ? modulo : Math.round((a - modulo) / b);
}

function raise(a: number, b: number): number {
  if (a === 0 && b < 0) throw new Error("0.0 cannot be raised to a negative power");
  if (a < 0 && Number.isFinite(b) && !Number.isInteger(b)) {
    throw new Error("a root of a negative number is complex, which is not supported");
  }
  if (a === 1 || a === -1 && !Number.isFinite(b)) return 1;
  const made = a ** b;
  if (Number.isFinite(a) && Number.isFinite(b) && !Number.isFinite(made)) {
    throw new Error("(34, 'Numerical result out of range')");
  }
  return made;
}

function applyToSequences(operator: Operator, left: Value, right: Value): Value | null {
  if (operator === "+") return add(left, right);
  if (operator === "%" && typeof left === "string") return formatPercent(left, right);
  if (operator === "%" && left instanceof Markup) {
    return new Markup(formatPercent(left.text, escapeAll(right)));
  }
  if (operator !== "*") return null;
  return repeat(left, right) ?? repeat(right, left);
}

function add(left: Value, right: Value): Value | null {
  const [a, b] = [textOf(left), textOf(right)];
  if (a !== null && b !== null) {
    const isMarkup = left instanceof Markup || right instanceof Markup;
    return isMarkup ? new Markup(escape(left).text + escape(right).text) : limitLength(a + b);
  }
  if (isList(left) && isList(right)) return joinItems(left, right);
  return left instanceof Tuple && right instanceof Tuple
    ? new Tuple(joinItems(left.items, right.items))
    : null;
}

function joinItems(left: readonly Value[], right: readonly Value[]): Value[] {
  checkItems(left.length + right.length);
  return [...left, ...right];
}

function repeat(value: Value, count: Value): Value | null {
  const times = numberOf(count);
  if (typeof times !== "bigint") return null;
  const text = textOf(value);
  const items = isList(value) ? value : value instanceof Tuple ? value.items : null;
  if (text === null && items === null) return null;
  if (BigInt.asIntN(64, times) !== times) throw new Error("cannot fit 'int' into an index-sized integer");
  const number = times < 0n ? 0 : Number(times);
  if (text !== null) {
    if (text !== "") checkSize(number * text.length);
    return value instanceof Markup ? new Markup(text.repeat(number)) : text.repeat(number);
  }
  if (items!.length > 0) checkItems(number * items!.length);
  const made = items!.length === 0 ? [] : Array.from({ length: number }, () => items!).flat();
  return value instanceof Tuple ? new Tuple(made) : made;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&#34;",
  "'": "&#39;",
};

/** markupsafe.escape(value). */
export function escape(value: Value): Markup {
  if (value instanceof Markup) return value;
  return new Markup(pythonText(value).replace(/[&<>"']/g, (c) => entities[c]!));
}

/** What a Markup formats: texts in it are escaped. */
function escapeAll(value: Value): Value {
  if (value instanceof Tuple) return new Tuple(value.items.map(escapeAll));
  return typeof value === "string" ? escape(value) : value;
}

/** +value or -value. Throws for what is no number. */
export function applySign(operator: "+" | "-", value: Value): Value {
  if (value instanceof Undefined) throw new Error(value.message);
  const number = numberOf(value);
  if (number === null || value instanceof Host) {
    throw new Error(`bad operand type for unary ${operator}: '${typeNameOf(value)}'`);
  }
  return operator === "+" ? number : -number;
}
