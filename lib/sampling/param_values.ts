// Which values a parameter takes, said by its row of the table: what reads links, files and storage asks here, and
// the schema of requests is held to the same by a test.
import { isRecord } from "../basics/is_record.ts";
import type { Parameter } from "./parameter.ts";
import { DEFAULT_PARAMS, ORDERED_STAGES, PARAMETER_LIST, type ParamName, type Params } from "./params.ts";

/** A token id as a key of `logit_bias`. */
export const TOKEN_KEY = /^(0|[1-9]\d{0,9})$/;

function isTokenId(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isWithin(value: unknown, [min, max]: readonly [number, number]): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= min && value <= max;
}

/** True where a request may give the parameter this value; older and other spellings of a value count. */
export function takesValue(row: Parameter, value: unknown): boolean {
  if ("orNull" in row && value === null) return true;
  switch (row.kind) {
    case "number":
      return isWithin(value, row.range);
    case "integer":
      return isWithin(value, row.range) && Number.isSafeInteger(value);
    case "boolean":
      return typeof value === "boolean";
    case "choice":
      return row.options.some((option) => option.value === value);
    case "texts":
      return Array.isArray(value) && value.length <= row.most &&
        value.every((text) => typeof text === "string");
    case "ids":
      return Array.isArray(value) && value.every(isTokenId);
    case "biases":
      return isRecord(value) &&
        Object.entries(value).every(([id, bias]) => TOKEN_KEY.test(id) && isWithin(bias, row.range));
    case "stages":
      return Array.isArray(value) && value.every((name) => (ORDERED_STAGES as unknown[]).includes(name)) &&
        new Set(value).size === value.length;
  }
}

/** A value that the parameter takes in its one spelling: -0 is 0, an empty stop sequence stops nothing, and a seed of
 * -1 is none. */
export function normaliseValue<V>(row: Parameter, value: V): V;
export function normaliseValue(row: Parameter, value: unknown): unknown {
  if ("nullAs" in row && value === row.nullAs) return null;
  if (typeof value === "number") return value + 0;
  if (row.kind === "texts") {
    return (value as string[]).filter((text) => text !== "").map((text) => text.toWellFormed());
  }
  return value;
}

/** What a value of the parameter must be, for a sentence: "a number from 0 to 1", "a list of token ids". */
export function describeValues(row: Parameter): string {
  const described = describeKind(row);
  return "orNull" in row ? `${described} or null` : described;
}

function describeKind(row: Parameter): string {
  switch (row.kind) {
    case "number":
      return `a number${describeRange(row.range)}`;
    case "integer":
      return `a whole number${describeRange(row.range)}`;
    case "boolean":
      return "true or false";
    case "choice":
      return row.options.map(({ value }) => JSON.stringify(value)).join(" or ");
    case "texts":
      return `a list of at most ${row.most} texts`;
    case "ids":
      return "a list of token ids";
    case "biases":
      return `numbers${describeRange(row.range)} by token id`;
    case "stages":
      return "a list of stages, each once";
  }
}

function describeRange([min, max]: readonly [number, number]): string {
  if (min > -Infinity && max < Infinity) return ` from ${min} to ${max}`;
  if (min > -Infinity) return ` of at least ${min}`;
  return max < Infinity ? ` of at most ${max}` : "";
}

/** The settings with every token id in them replaced. */
export function mapTokenIds(params: Params, idOf: (id: number) => number): Params {
  const changed: Record<string, unknown> = { ...params };
  for (const [name, row] of PARAMETER_LIST) {
    if (row.kind === "ids") changed[name] = (params[name] as readonly number[]).map(idOf);
    if (row.kind !== "biases") continue;
    const biases = Object.entries(params[name] as Readonly<Record<string, number>>);
    changed[name] = Object.fromEntries(biases.map(([id, bias]) => [idOf(Number(id)), bias]));
  }
  return changed as unknown as Params;
}

/** What is wrong with one parameter of settings that were read. */
interface WrongValue {
  readonly name: ParamName;
  readonly value: unknown;
  readonly expected: string;
}

/**
 * Settings from data of any origin: `missing` where a parameter is not named, and names that the table does not have
 * left out. The first value that a parameter does not take, where there is one.
 */
export function readParams(
  values: Readonly<Record<string, unknown>>,
  missing: Params = DEFAULT_PARAMS,
): { readonly params: Params } | { readonly wrong: WrongValue } {
  const params: Record<string, unknown> = { ...missing };
  for (const [name, row] of PARAMETER_LIST) {
    if (!Object.hasOwn(values, name)) continue;
    const value = values[name];
    if (!takesValue(row, value)) return { wrong: { name, value, expected: describeValues(row) } };
    params[name] = normaliseValue(row, value);
  }
  return { params: params as unknown as Params };
}
