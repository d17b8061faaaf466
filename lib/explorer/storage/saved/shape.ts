// Checks of data from outside, in the few lines that a page can afford: each says where something is wrong, and what
// was expected there.
import { findOwn } from "../../../basics/find_own.ts";
import { isRecord } from "../../../basics/is_record.ts";

/** Checks a value found at `at` ("steps[3].id") and gives it back with its type. Throws a TypeError
 * whose message is a sentence for the user. */
export type Shape<T> = (value: unknown, at: string) => T;

/** Throws the TypeError that says what is wrong where. */
export function refuseValue(at: string, expected: string, value: unknown): never {
  const found = value === undefined
    ? "is missing"
    : `is ${(JSON.stringify(value) ?? typeof value).slice(0, 40)}`;
  throw new TypeError(`${at === "" ? "The file" : at} ${found}, but it must be ${expected}.`);
}

export const text: Shape<string> = (value, at) =>
  typeof value === "string" ? value : refuseValue(at, "a text", value);

export const flag: Shape<boolean> = (value, at) =>
  typeof value === "boolean" ? value : refuseValue(at, "true or false", value);

/** A finite number. */
export const number: Shape<number> = (value, at) =>
  typeof value === "number" && Number.isFinite(value) ? value : refuseValue(at, "a number", value);

/** A whole number from 0 on. */
export const count: Shape<number> = (value, at) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? value as number
    : refuseValue(at, "a whole number from 0 on", value);

/** A number from `min` to `max`. */
export function numberWithin(min: number, max: number): Shape<number> {
  return (value, at) => {
    const found = number(value, at);
    return found >= min && found <= max ? found : refuseValue(at, `a number from ${min} to ${max}`, value);
  };
}

/** One of these texts. */
export function oneOf<const T extends string>(...options: readonly T[]): Shape<T> {
  const expected = options.map((option) => JSON.stringify(option)).join(" or ");
  return (value, at) => options.includes(value as T) ? value as T : refuseValue(at, expected, value);
}

/** The shape, or null. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, at) => value === null ? null : shape(value, at);
}

/** A value that older files lack. */
export function optional<T>(shape: Shape<T>, missing: T): Shape<T> {
  return (value, at) => value === undefined ? missing : shape(value, at);
}

/** A record in which older files call the field `to` by its old name `from`. */
export function acceptOldName<T>(from: string, to: string, shape: Shape<T>): Shape<T> {
  return (value, at) => {
    if (!isRecord(value) || !(from in value) || to in value) return shape(value, at);
    const { [from]: field, ...rest } = value;
    return shape({ ...rest, [to]: field }, at);
  };
}

/** A list of at most `most` items of the shape. */
export function list<T>(shape: Shape<T>, most = 1_000_000): Shape<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) return refuseValue(at, "a list", value);
    if (value.length > most) throw new TypeError(`${at} has ${value.length} entries, more than ${most}.`);
    return value.map((each, index) => shape(each, `${at}[${index}]`));
  };
}

/** An object with any fields. */
export const anyRecord: Shape<Readonly<Record<string, unknown>>> = (value, at) =>
  isRecord(value) ? value : refuseValue(at, "an object", value);

/** An object with these fields; others are left out. */
export function record<T>(fields: { readonly [K in keyof T]: Shape<T[K]> }): Shape<T> {
  return (value, at) => {
    const found = anyRecord(value, at);
    const names = Object.keys(fields) as (keyof T & string)[];
    const entries = names.map((name) => {
      const own = findOwn(found, name);
      return [name, fields[name](own, at === "" ? name : `${at}.${name}`)];
    });
    return Object.fromEntries(entries);
  };
}
