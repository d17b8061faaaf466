// Island props as JavaScript source, for the boot script: plain JSON values, and also undefined, NaN, the
// infinities and -0, which JSON has no words for.
import { isValidElement } from "preact";

/** Source text whose value equals `value`. Throws a TypeError for anything that is not plain data. */
export function toSource(value: unknown, path = "props", above: readonly unknown[] = []): string {
  if (typeof value === "string") return escapeScript(JSON.stringify(value));
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (value === null || value === undefined || typeof value === "boolean") return String(value);
  if (typeof value === "function") throw new TypeError("Serializing functions is not supported.");
  if (typeof value !== "object") throw unsupported(path, `a ${typeof value}`);
  if (above.includes(value)) throw unsupported(path, "an object that contains itself");
  const inside = [...above, value];
  if (Array.isArray(value)) {
    return `[${value.map((item, i) => toSource(item, `${path}[${i}]`, inside)).join(",")}]`;
  }
  if (isValidElement(value)) throw unsupported(path, "JSX");
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw unsupported(path, `an instance of ${prototype.constructor?.name ?? "a class"}`);
  }
  // Computed keys, because a literal "__proto__" key would set the prototype.
  const fields = Object.entries(value).map(([key, item]) =>
    `[${escapeScript(JSON.stringify(key))}]:${toSource(item, `${path}.${key}`, inside)}`
  );
  return `{${fields.join(",")}}`;
}

/** Source that a `<script>` element cannot be ended or confused by. */
export function escapeScript(source: string): string {
  return source.replaceAll("<", "\\u003c");
}

function unsupported(path: string, what: string): TypeError {
  return new TypeError(`Expected island ${path} to be plain JSON data but found ${what}`);
}
