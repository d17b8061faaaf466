// Lists of token ids on their way to a worker. A message is copied value by value, and a path of 1,024 ids took 0.2 ms
// of each thread that way; as one block of memory it takes a tenth.

import { toNumbers } from "../basics/numbers.ts";

/** Shorter lists are sent as they are. */
const LONG = 64;

/** `input` with long lists of its fields, where they hold whole numbers of 32 bits alone, as Int32Arrays. */
export function packLists(input: unknown): unknown {
  return changeFields(input, (value) => {
    if (!Array.isArray(value) || value.length < LONG) return value;
    const packed = new Int32Array(value.length);
    for (let at = 0; at < packed.length; at++) {
      const item: unknown = value[at];
      packed[at] = item as number;
      if (!Object.is(packed[at], item)) return value;
    }
    return packed;
  });
}

/** What `packLists` was given. */
export function unpackLists(input: unknown): unknown {
  return changeFields(input, (value) => value instanceof Int32Array ? toNumbers(value) : value);
}

/** A record with other values, or the same one where none is another. */
function changeFields(input: unknown, change: (value: unknown) => unknown): unknown {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return input;
  let changed: Record<string, unknown> | null = null;
  for (const [key, value] of Object.entries(input)) {
    const other = change(value);
    if (other !== value) (changed ??= { ...input })[key] = other;
  }
  return changed ?? input;
}
