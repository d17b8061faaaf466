// JSON whose objects keep the order of their keys, as Python's do. JavaScript puts keys that are whole numbers first,
// so such a key carries a mark as long as it is JavaScript's; a key that begins with the mark gets another one.

const MARK = "\u0000";
const STRINGS = /"((?:[^"\\]|\\.)*)"(?=(\s*:)?)/g;
/** Whether a text may hold such a key: digits, or escapes that may write them. */
const UNUSUAL = /"(?:\d|\\u00)[^"]*"\s*:/;

/** Whether JSON.parse might change the order of keys in `json`. */
export function hasNumericKeys(json: string): boolean {
  return UNUSUAL.test(json);
}

/** `json`, which is valid, with its numeric keys marked. */
export function markNumericKeys(json: string): string {
  return json.replace(STRINGS, (whole, inner: string, colon: string | undefined) => {
    if (colon === undefined) return whole;
    const key = inner.includes("\\") ? JSON.parse(whole) as string : inner;
    return /^\d+$/.test(key) || key.startsWith(MARK) ? `"\\u0000${inner}"` : whole;
  });
}

/** A key as it was written. */
export function unmarkKey(key: string): string {
  return key.startsWith(MARK) ? key.slice(1) : key;
}
