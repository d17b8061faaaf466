// What filters and tests are called with.
import { type Arguments, type Value } from "./python/values.ts";

/** Filters and tests by name; both throw a sentence where there is none. */
export interface Environment {
  filter(name: string, value: Value, args: Arguments): Value;
  test(name: string, value: Value, args: Arguments): boolean;
}

export type Filter = (value: Value, args: Arguments, environment: Environment) => Value;
export type Test = (value: Value, args: Arguments, environment: Environment) => boolean;
