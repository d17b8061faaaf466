// The naming habits of ONNX exporters for cache tensors and of config.json for sizes.
import { findOwn } from "../basics/find_own.ts";
import type { ElementType, TensorInfo } from "../ort/types.ts";

/** Which state of which layer a cache tensor holds; the same for what goes in and what comes out. */
export interface CachePlace {
  readonly layer: number;
  /** "key", "value", "conv", "ssm", …, or "" where the name has a number alone. */
  readonly role: string;
}

const SIDES = [
  ...["past", "present", "cache", "prev", "next", "new", "in", "out", "input", "output", "params", "updated"],
];
const MARKS = /^(?:past|present|cache|kv|prev|state|states)$/;
const SHORT: Readonly<Record<string, string>> = { k: "key", v: "value" };

/** Reads `past_key_values.3.key`, `past.3.key`, `present.3.value`, `past_key_3`, `past_3_v`, `past_conv.0`,
 * `cache_params.past.ssm.1`, `past_2`, …; null for others. */
export function readCachePlace({ name, type }: TensorInfo): CachePlace | null {
  if (!isFloatLike(type)) return null;
  // "past_key_values" says nothing about the role, so it is taken off where a layer number follows it.
  const words = name.toLowerCase().replace(/key_values?(?=[._]\d)/, "").split(/[._]+/);
  if (!words.some((word) => MARKS.test(word))) return null;
  const rest = words.filter((word) => word !== "" && !SIDES.includes(word));
  const numbers = rest.filter((word) => /^\d+$/.test(word));
  const roles = rest.filter((word) => !/^\d+$/.test(word)).map((word) => findOwn(SHORT, word) ?? word);
  return { layer: Number(numbers[0] ?? 0), role: [...roles, ...numbers.slice(1)].join(" ") };
}

/** Whether a role is that of keys, values or both: these grow with the tokens. */
export function holdsKeys(role: string): boolean {
  return role === "" || /\b(?:keys?|values?)$/.test(role);
}

// Quantised caches are caches too: the layout refuses them by their type, not as unknown inputs.
function isFloatLike(type: ElementType): boolean {
  return type !== "int64" && type !== "int32" && type !== "bool";
}

/** A fixed dimension of a shape, or null where it is symbolic or absent. */
export function dimensionOf(info: TensorInfo, axis: number): number | null {
  const size = info.shape[axis];
  return typeof size === "number" && size > 0 ? size : null;
}

/** The first of these numbers in config.json, at its top or in `text_config`, or null. */
export function readConfigNumber(config: unknown, ...keys: string[]): number | null {
  const top = record(config);
  const nested = record(top["text_config"]);
  for (const key of keys) {
    const value = top[key] ?? nested[key];
    if (typeof value === "number" && value > 0) return value;
  }
  return null;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}
