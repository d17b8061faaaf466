// One element of a pipeline in tokenizer.json, and its options. The reference is Rust's `tokenizers`: an option that it
// must have is refused by name where it is missing, one that it does not know is not looked at, as there.
import { isRecord } from "../../basics/is_record.ts";
import { fault } from "../../fault.ts";

/** One element of a pipeline in the file: `type` names its class. */
export interface Component {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Error for a file of the model that cannot be used. */
export function fileError(file: string, why: string): Error {
  return fault("model_failed", `The file ${file} can't be used: ${why}.`);
}

/** Error for a tokenizer of a kind that this program doesn't know. */
export function unsupportedError(what: string): Error {
  return fault("unsupported", `The file tokenizer.json has ${what}, which is not supported.`);
}

/** Error for a text that the vocabulary can't write. `unknown`: the token for what it does not know, as the file names
 * it; null where it names none. */
export function unwritableTextError(unknown: string | null): Error {
  const reason = unknown === null
    ? "it has no unknown token"
    : `its unknown token ${JSON.stringify(unknown)} is not in its vocabulary`;
  return fault("invalid_request", `The tokenizer has no token for this text: ${reason}.`);
}

function missingError(component: Component, key: string, what: string): Error {
  return fileError("tokenizer.json", `its ${component.type} needs "${key}", ${what}`);
}

/** Reads what `key` of the file holds as a component, null where there is none. Throws a fault where it has no
 * type. */
export function readComponent(value: unknown, key: string): Component | null {
  if (value === null || value === undefined) return null;
  if (isRecord(value) && typeof value.type === "string") return value as Component;
  throw fileError("tokenizer.json", `its "${key}" has no "type"`);
}

/** The components that a Sequence lists under `key`. Throws a fault where that is no list of components. */
export function componentsOf(component: Component, key: string): Component[] {
  const list = component[key];
  if (!Array.isArray(list)) throw missingError(component, key, "a list");
  return list.map((one) => {
    const part = readComponent(one, key);
    if (part === null) throw missingError(component, key, "a list without null");
    return part;
  });
}

/** An option that is a string. Throws a fault where it is none. */
export function textOption(component: Component, key: string): string {
  const value = component[key];
  if (typeof value !== "string") throw missingError(component, key, "a string");
  return value;
}

/** One character, as Rust's `char`. Throws a fault where it is none. */
export function characterOption(component: Component, key: string): string {
  const value = textOption(component, key);
  if (Array.from(value).length !== 1) throw missingError(component, key, "one character");
  return value;
}

/** What `key` holds, and `absent` where the file does not say: null is said, and no value of an option. */
function valueOf(component: Component, key: string, absent: unknown): unknown {
  return Object.hasOwn(component, key) ? component[key] : absent;
}

/** True or false; `absent` is what it is where the file does not say, as far as it may be silent. Throws a fault for
 * anything else. */
export function flagOption(component: Component, key: string, absent?: boolean): boolean {
  const value = valueOf(component, key, absent);
  if (typeof value !== "boolean") throw missingError(component, key, "true or false");
  return value;
}

/** A whole number from 0; `absent` is what it is where the file does not say, as far as it may be silent. Throws a
 * fault for anything else. */
export function countOption(component: Component, key: string, absent?: number): number {
  const value = valueOf(component, key, absent);
  if (!Number.isSafeInteger(value) || Number(value) < 0) throw missingError(component, key, "a whole number");
  return Number(value);
}

/** Whether a value is a token's id: Rust's `u32`. */
export function isId(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32;
}

/** An id of a token, or of a kind of text. Throws a fault where it is none. */
export function idOption(component: Component, key: string): number {
  const value = component[key];
  if (!isId(value)) throw missingError(component, key, "an id");
  return value;
}

/** One of `names`; `absent` is what it is where the file does not say, as far as it may be silent. Throws a fault for
 * anything else. */
export function nameOption<T extends string>(
  component: Component,
  key: string,
  names: readonly T[],
  absent?: T,
): T {
  const value = valueOf(component, key, absent);
  const found = names.find((name) => name === value);
  if (found === undefined) throw missingError(component, key, `one of ${names.join(", ")}`);
  return found;
}
