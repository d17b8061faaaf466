// JSON whose objects keep the order of their keys, as Python's do. JavaScript puts keys that are whole numbers first,
// so such a key carries a mark as long as it is JavaScript's; a key that begins with the mark gets another one.

const MARK = "\u0000";
/** Whether a text may hold such a key: digits, or escapes that may write them. */
const UNUSUAL = /"(?:\d|\\u00)[^"]*"\s*:/;

/** Whether JSON.parse might change the order of keys in `json`. */
export function hasNumericKeys(json: string): boolean {
  return UNUSUAL.test(json);
}

/** A key that keeps its place, where it is numeric. */
export function markKey(key: string): string {
  return /^\d+$/.test(key) || key.startsWith(MARK) ? MARK + key : key;
}

/** A key as it was written. */
export function unmarkKey(key: string): string {
  return key.startsWith(MARK) ? key.slice(1) : key;
}
