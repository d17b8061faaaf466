// Arguments by a Python signature: what is missing, unknown or too much is an error, never ignored.
import { numberOf } from "./compare.ts";
import { countOf } from "./numbers.ts";
import { type Arguments, textOf, typeNameOf, Undefined, type Value } from "./values.ts";

/** The values for `signature`, in its order: "a b? c?" has one that is needed and two that are not; those before "/"
 * have no name. Throws as Python does where the arguments do not fit. */
export function bind(
  what: string,
  signature: string,
  { positional, named }: Arguments,
): (Value | undefined)[] {
  const words = signature.split(" ").filter((word) => word !== "");
  const names = words.filter((word) => word !== "/").map((word) => word.replace("?", ""));
  const nameless = words.indexOf("/");
  if (positional.length > names.length) {
    const most = names.length === 1 ? "1 argument" : `${names.length} arguments`;
    throw new Error(`${what}() takes at most ${most} (${positional.length} given)`);
  }
  for (const name of named.keys()) {
    const at = names.indexOf(name);
    if (at < Math.max(nameless, 0)) throw new Error(`${what}() got an unexpected keyword argument '${name}'`);
    if (at < positional.length) throw new Error(`${what}() got multiple values for argument '${name}'`);
  }
  return names.map((name, at) => {
    const value = at < positional.length ? positional[at] : named.get(name);
    if (value === undefined && words.includes(name)) {
      throw new Error(`${what}() missing the required argument '${name}'`);
    }
    return value;
  });
}

/** A method, filter or test that takes nothing but the value it is called on. */
export function withoutArguments<T, R extends Value>(
  name: string,
  make: (self: T) => R,
): (self: T, args: Arguments) => R {
  return (self, args) => {
    bind(name, "", args);
    return make(self);
  };
}

/** All arguments by position. Throws where one has a name. */
export function takePositional(what: string, { positional, named }: Arguments): readonly Value[] {
  for (const name of named.keys()) throw new Error(`${what}() got an unexpected keyword argument '${name}'`);
  return positional;
}

/** A str's text. Throws for any other value. */
export function asText(value: Value, what: string): string {
  const text = textOf(value);
  if (text !== null) return text;
  if (value instanceof Undefined) throw new Error(value.message);
  throw new Error(`${what} must be str, not ${typeNameOf(value)}`);
}

/** An int as a length, width or count; `fallback` where there is none. */
export function asCount(value: Value | undefined, fallback: number): number {
  return value === undefined ? fallback : countOf(value);
}

/** A number. Throws for any other value. */
export function asNumber(value: Value, what: string): bigint | number {
  const number = numberOf(value);
  if (number !== null) return number;
  if (value instanceof Undefined) throw new Error(value.message);
  throw new Error(`${what} must be a number, not ${typeNameOf(value)}`);
}
