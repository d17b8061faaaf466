// The naming habits of ONNX exporters for cache tensors and of config.json for sizes.
import type { ElementType, TensorInfo } from "../ort/types.ts";

/** A key or value tensor of one layer, as its name describes it. */
export interface CacheEntry extends TensorInfo {
  readonly layer: number;
  readonly role: "key" | "value";
}

/** Reads `past_key_values.3.key`, `past.3.key`, `present.3.value`, `past_key_3`, `past_3_v`, …; null for others. */
export function cacheEntry(info: TensorInfo): CacheEntry | null {
  // "past_key_values" says nothing about the role, so it is taken off where a layer number follows it.
  const rest = info.name.replace(/^(?:past|present|cache)(?:_key_values?)?(?=[._]\d)/, "");
  const layer = /\d+/.exec(rest)?.[0];
  const role = /(?:^|[._])(key|value|k|v)(?=[._]|$)/.exec(rest)?.[1];
  if (layer === undefined || role === undefined || !isFloatLike(info.type)) return null;
  return { ...info, layer: Number(layer), role: role.startsWith("k") ? "key" : "value" };
}

// Quantised caches are caches too: the layout refuses them by their type, not as unknown inputs.
function isFloatLike(type: ElementType): boolean {
  return type !== "int64" && type !== "int32" && type !== "bool";
}

/** A fixed dimension of a shape, or null where it is symbolic or absent. */
export function dimension(info: TensorInfo, axis: number): number | null {
  const size = info.shape[axis];
  return typeof size === "number" && size > 0 ? size : null;
}

/** The first of these numbers in config.json, at its top or in `text_config`, or null. */
export function configNumber(config: unknown, ...keys: string[]): number | null {
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
