// A word's characters as ids, before any merge (tokenizers/src/models/bpe/model.rs, `merge_word`).
import type { TokenIds } from "../../basics/token_ids.ts";
import { unwritableTextError } from "../file/component.ts";
import { IdList } from "./id_list.ts";
import { findByteIds } from "./vocabulary.ts";

export interface SymbolOptions {
  readonly unknown: string | null;
  readonly prefix: string;
  readonly suffix: string;
  readonly fuseUnknown: boolean;
  readonly byteFallback: boolean;
}

/** A word that is read from left to right. */
export class Reading {
  readonly word: string;
  readonly ids: IdList;
  at = 0; // UTF-16 units
  complete = true;
  pending: number | null = null; // an unknown token that is not written yet, so that others fuse with it

  constructor(word: string, ids: IdList) {
    this.word = word;
    this.ids = ids;
  }
}

/** Reads on for so many UTF-16 units, at least; true at the end of the word. Throws a fault (invalid_request) where a
 * character cannot be written. */
export type SymbolReader = (reading: Reading, units: number) => boolean;

/** In tables by UTF-16 unit: not asked yet, or none. Else it is the id and 1. */
const [UNASKED, NONE] = [0, -1];

/** A reader of the vocabulary's symbols. */
export function createSymbolReader(
  idOf: TokenIds,
  options: SymbolOptions,
): SymbolReader {
  const { prefix, suffix } = options;
  const first = new Int32Array(0x10000); // ids of symbols of one unit
  const further = prefix === "" ? first : new Int32Array(0x10000);
  const readOther = createOtherReader(idOf, options);
  return (reading, units) => {
    const { word, ids } = reading;
    const end = Math.min(word.length, reading.at + units);
    while (reading.at < end) {
      const { at } = reading;
      const table = at === 0 ? first : further;
      const unit = word.charCodeAt(at);
      let found = suffix !== "" && at === word.length - 1 ? NONE : table[unit]!;
      if (found === UNASKED) {
        // Half a character is none: what is one character is looked up as a whole.
        const id = unit < 0xd800 || unit > 0xdfff
          ? idOf.get((at === 0 ? "" : prefix) + word.charAt(at))
          : undefined;
        found = table[unit] = id === undefined ? NONE : id + 1;
      }
      if (found === NONE) {
        readOther(reading);
        continue;
      }
      if (reading.pending !== null) flush(reading);
      ids.push(found - 1);
      reading.at = at + 1;
    }
    if (reading.at < word.length) return false;
    if (reading.pending !== null) flush(reading);
    return true;
  };
}

function flush(reading: Reading): void {
  if (reading.pending !== null) reading.ids.push(reading.pending);
  reading.pending = null;
}

/** Reads one character, of whatever kind. */
function createOtherReader(
  idOf: TokenIds,
  options: SymbolOptions,
): (reading: Reading) => void {
  const { unknown, prefix, suffix, fuseUnknown, byteFallback } = options;
  const unknownId = () => {
    const id = idOf.get(unknown!);
    if (id !== undefined) return id;
    throw unwritableTextError(unknown);
  };
  return (reading) => {
    const { word, at, ids } = reading;
    const character = String.fromCodePoint(word.codePointAt(at)!);
    const end = reading.at = at + character.length;
    const symbol = (at === 0 ? "" : prefix) + character + (end === word.length ? suffix : "");
    const id = idOf.get(symbol);
    if (id !== undefined) {
      flush(reading);
      return ids.push(id);
    }
    const bytes = byteFallback ? findByteIds(symbol, idOf) : null;
    if (bytes !== null) return bytes.forEach((byte) => ids.push(byte));
    reading.complete = false;
    if (unknown === null || reading.pending !== null && fuseUnknown) return;
    flush(reading);
    reading.pending = unknownId();
  };
}
