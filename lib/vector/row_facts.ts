// What a row of numbers over a vocabulary holds, seen in one pass: whoever checks a row finds what its softmax begins
// with, so a row that is checked once and used often is passed over once.
import { scanRow } from "./kernels.ts";

export interface RowFacts {
  /** The largest number; NaN where one is none. */
  readonly largest: number;
  /** Numbers above -Infinity; where one is none, those before it. */
  readonly kept: number;
}

const known = new WeakMap<Float32Array, RowFacts>();

/** The facts of a row, which are remembered: it must not be changed any more. */
export function noteRow(row: Float32Array): RowFacts {
  const facts = readFacts(row, { stays: true });
  known.set(row, facts);
  return facts;
}

/** The facts of a row, remembered ones where there are any. */
export function factsOf(row: Float32Array | Float64Array): RowFacts {
  return row instanceof Float32Array ? known.get(row) ?? readFacts(row) : lookThrough(row);
}

function readFacts(row: Float32Array, options?: { readonly stays: true }): RowFacts {
  const found = scanRow(row, options);
  return found === null ? lookThrough(row) : { largest: found.largest, kept: row.length - found.gone };
}

function lookThrough(row: Float32Array | Float64Array): RowFacts {
  let largest = -Infinity;
  let gone = 0;
  for (let at = 0; at < row.length; at++) {
    const value = row[at]!;
    if (value > largest) largest = value;
    else if (!(value > -Infinity)) {
      if (value !== value) return { largest: NaN, kept: at - gone };
      gone++;
    }
  }
  return { largest, kept: row.length - gone };
}
