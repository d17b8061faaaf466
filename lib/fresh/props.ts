// Island props on their way into the boot script: plain JSON data. Fresh takes more kinds; what is none here is
// refused, because JSON would drop or change it silently.
import { isValidElement } from "preact";

/** JSON of `value` that a `<script>` element can hold. Throws a TypeError that names the place of anything that JSON
 * does not keep. A key whose value is undefined is left out, which reads the same. */
export function toJson(value: unknown): string {
  check(value, "props", []);
  return escapeScript(JSON.stringify(value));
}

/** Source that a `<script>` element cannot be ended or confused by. */
export function escapeScript(source: string): string {
  return source.replaceAll("<", "\\u003c");
}

function check(value: unknown, place: string, above: readonly unknown[]): void {
  if (typeof value === "function") throw new TypeError("Serializing functions is not supported.");
  if (value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)) {
    return;
  }
  const kind = typeof value === "object" ? Object.getPrototypeOf(value) : null;
  const plain = kind === Object.prototype || kind === Array.prototype;
  if (!plain || isValidElement(value) || above.includes(value)) {
    throw new TypeError(`Expected island ${place} to be plain JSON data but found ${String(value)}`);
  }
  for (const [key, item] of Object.entries(value as object)) {
    if (item !== undefined || Array.isArray(value)) check(item, `${place}.${key}`, [...above, value]);
  }
}
