// Reading and writing the browser's localStorage. Nothing here may stop the page: storage can be full, forbidden or
// filled by something else.

import { isRecord } from "../../basics/is_record.ts";

/** The part of localStorage that is used. */
export interface KeyValues {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export type Store = KeyValues | null;

/** What is stored under a key; null where nothing is, or where storage is forbidden. */
export function read(storage: Store, key: string): string | null {
  try {
    return storage?.getItem(key) ?? null;
  } catch {
    return null; // storage is forbidden: as if nothing had been remembered
  }
}

/** Stores a value where that is possible. */
export function write(storage: Store, key: string, value: string): void {
  try {
    storage?.setItem(key, value);
  } catch {
    // Full or forbidden: the setting holds for this visit, and with the session.
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** A stored object; an empty one where there is none. */
export function readObject(storage: Store, key: string): JsonObject {
  try {
    return objectOf(JSON.parse(read(storage, key) ?? "{}"));
  } catch {
    return {}; // not ours, or cut short
  }
}

/** The value where it is an object, else an empty one. */
export function objectOf(value: unknown): JsonObject {
  return isRecord(value) ? { ...value } : {};
}

/** The value where it is one of the options. */
export function oneOf<const T extends string>(value: unknown, options: readonly T[], otherwise: T): T {
  return options.includes(value as T) ? value as T : otherwise;
}

/** A stored whole number of a range, as a number or as text. */
export function wholeOf(
  value: unknown,
  { min, max, initial }: { min: number; max: number; initial: number },
): number {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return Number.isInteger(number) && (number as number) >= min && (number as number) <= max
    ? number as number
    : initial;
}
