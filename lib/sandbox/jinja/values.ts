// The values of @huggingface/jinja, which exports none of their classes: how to tell them apart and to make them.
// Every text and list made here is bounded, so that a template can't fill the memory before its deadline.
import { Environment, Interpreter } from "@huggingface/jinja";

export type Scope = Environment;

export interface Value {
  readonly type: string;
  readonly value: unknown;
}
export interface Text extends Value {
  readonly value: string;
}
export interface Numeric extends Value {
  readonly value: number;
}
export interface List extends Value {
  readonly value: Value[];
}
export interface Mapping extends Value {
  readonly value: Map<string, Value>;
}
export type Callable = (args: Value[], scope: Scope) => Value;
export interface Callee extends Value {
  readonly value: Callable;
}

/** Characters of a text and items of a list that a template may make. */
const limit = 16 * 1024 * 1024;

const scope = new Environment();
type Made = new (value?: unknown) => Value;
const classOf = (value: object) => value.constructor as Made;
const TextClass = classOf(scope.set("text", ""));
const IntegerClass = classOf(scope.set("integer", 1));
const FloatClass = classOf(scope.set("float", 0.5));
const BooleanClass = classOf(scope.set("boolean", true));
const NoneClass = classOf(scope.set("none", null));
const UndefinedClass = classOf(scope.set("undefined", undefined));
const ListClass = classOf(scope.set("list", []));
const MappingClass = classOf(scope.set("mapping", {}));
const FunctionClass = classOf(scope.set("function", () => null));
const TupleClass = classOf(
  new Interpreter(scope).evaluate({ type: "TupleLiteral", value: [] } as { type: string }, scope),
);

export const isText = (v: Value): v is Text => v.type === "StringValue";
export const isInteger = (v: Value): v is Numeric => v.type === "IntegerValue";
export const isFloat = (v: Value): v is Numeric => v.type === "FloatValue";
export const isBoolean = (v: Value): v is Value & { value: boolean } => v.type === "BooleanValue";
export const isNone = (v: Value): boolean => v.type === "NullValue";
export const isUndefined = (v: Value): boolean => v.type === "UndefinedValue";
export const isTuple = (v: Value): v is List => v.type === "TupleValue";
export const isList = (v: Value): v is List => v.type === "ArrayValue" || v.type === "TupleValue";
export const isMapping = (v: Value): v is Mapping => v.type === "ObjectValue";
export const isNamespace = (v: Value): v is Mapping => v.type === "NamespaceValue";
export const isKeywords = (v: Value): v is Mapping => v.type === "KeywordArgumentsValue";
export const isCallable = (v: Value): v is Callee => v.type === "FunctionValue";

export const none: Value = new NoneClass(null);
export const missing: Value = new UndefinedClass();

function bounded<T extends { readonly length: number }>(made: T): T {
  if (made.length > limit) throw new Error(`it makes a value of more than ${limit} characters or items`);
  return made;
}

export const text = (value: string): Text => new TextClass(bounded(value)) as Text;
export const integer = (value: number): Numeric => new IntegerClass(value) as Numeric;
export const float = (value: number): Numeric => new FloatClass(value) as Numeric;
export const boolean = (value: boolean): Value => new BooleanClass(value);
export const list = (items: Value[]): List => new ListClass(bounded(items)) as List;
export const tuple = (items: Value[]): List => new TupleClass(bounded(items)) as List;
export const mapping = (entries: Map<string, Value>): Mapping => new MappingClass(entries) as Mapping;
export const callable = (value: Callable): Callee => new FunctionClass(value) as Callee;

/** A number as Python would have it; booleans count as 0 and 1. Null where `v` is no number. */
export function numberOf(v: Value): number | null {
  if (isInteger(v) || isFloat(v)) return v.value;
  return isBoolean(v) ? Number(v.value) : null;
}

/** Python's truth of a value. */
export function truth(v: Value): boolean {
  if (isList(v)) return v.value.length > 0;
  if (isMapping(v)) return v.value.size > 0;
  return isNamespace(v) || Boolean(v.value);
}

/** The items of a value in a `for`; an undefined value has none. */
export function itemsOf(v: Value): Value[] {
  if (isList(v)) return v.value;
  if (isText(v)) return Array.from(v.value, text);
  if (isMapping(v)) return Array.from(v.value.keys(), text);
  if (isUndefined(v)) return [];
  throw new Error(`'${typeName(v)}' object is not iterable`);
}

/** Python's name of a value's type, for sentences. */
export function typeName(v: Value): string {
  const known: Record<string, string> = {
    StringValue: "str",
    IntegerValue: "int",
    FloatValue: "float",
    BooleanValue: "bool",
    NullValue: "NoneType",
    UndefinedValue: "Undefined",
    ArrayValue: "list",
    TupleValue: "tuple",
    ObjectValue: "dict",
    FunctionValue: "function",
  };
  return known[v.type] ?? v.type;
}
