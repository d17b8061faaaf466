// JSON in which parts are written already: log-probabilities come from the worker as bytes, and the event loop has
// better things to do than to read and write them again.
import { concat } from "../../basics/concat.ts";

/** JSON of a value as UTF-8; a Uint8Array in it stands for JSON that is written already. Keys that are undefined are
 * left out. */
export function writeJson(value: unknown): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  let open = "";
  const flush = () => {
    if (open !== "") parts.push(encoder.encode(open));
    open = "";
  };
  const write = (value: unknown): void => {
    if (value instanceof Uint8Array) {
      flush();
      parts.push(value);
    } else if (Array.isArray(value)) {
      open += "[";
      value.forEach((item, at) => {
        if (at > 0) open += ",";
        write(item);
      });
      open += "]";
    } else if (typeof value === "object" && value !== null) {
      open += "{";
      const entries = Object.entries(value).filter(([, item]) => item !== undefined);
      entries.forEach(([key, item], at) => {
        open += `${at > 0 ? "," : ""}${JSON.stringify(key)}:`;
        write(item);
      });
      open += "}";
    } else open += JSON.stringify(value ?? null);
  };
  write(value);
  flush();
  return concat(Uint8Array, parts) as Uint8Array<ArrayBuffer>;
}
