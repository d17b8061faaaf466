// What the merges of a tokenizer.json come to is remembered: they are more than half of the file, and finding their
// tokens takes longer than all else of a tokenizer. The rest of the file is read at every start.
//
//   <cache folder>/merges/<hash of tokenizer.json>    HEADER numbers, then the ids of readMergeIds; int32
import { join } from "node:path";
import { isRecord } from "../../basics/is_record.ts";
import { shortHash } from "../../basics/sha256.ts";
import type { JsonObject, ModelTokenizer } from "../../hub/folder/types.ts";
import { readMergeIds } from "../../text/models/bpe.ts";
import { readRecord, writeRecord } from "./record_file.ts";

/** Raised when the numbers mean something else. */
const EDITION = 1;
/** EDITION, where the merges begin and end in the file's bytes, and a sum over the ids. */
const HEADER = 4;
/** Merges from which a file pays. */
const WORTH = 5000;

/** The merges of tokenizers that were read before. */
export interface MergeRecord {
  /** The file's object, its merges as `readMergeIds` gives them; null where they are not known. */
  parse(bytes: Uint8Array<ArrayBuffer>): Promise<JsonObject | null>;
  /** Remembers those of `json`, the file's object, where that pays and they were not known; best effort. */
  keep(tokenizer: Pick<ModelTokenizer, "bytes" | "json">): Promise<void>;
}

/** The record below `cacheFolder`; null: nothing is remembered. */
export function mergeRecord(cacheFolder: string | null): MergeRecord {
  if (cacheFolder === null) return { parse: () => Promise.resolve(null), keep: () => Promise.resolve() };
  const folder = join(cacheFolder, "merges");
  const pathFor = async (bytes: Uint8Array<ArrayBuffer>) => join(folder, await shortHash([bytes]));
  return {
    async parse(bytes) {
      try {
        const numbers = new Int32Array((await readRecord(await pathFor(bytes))).buffer);
        const [edition, from = 0, to = 0, sum] = numbers;
        const ids = numbers.subarray(HEADER);
        if (edition !== EDITION || ids.length % 3 !== 0 || sumOf(ids) !== sum) return null;
        const json = JSON.parse(without(bytes, from, to)) as { model: JsonObject };
        return { ...json, model: { ...json.model, merges: ids } };
      } catch {
        return null; // there is none, or it is damaged
      }
    },
    async keep({ bytes, json }) {
      const { model } = json;
      if (!isRecord(model) || (model.type ?? "BPE") !== "BPE") return;
      if (!Array.isArray(model.merges) || model.merges.length < WORTH) return;
      try {
        const place = placeOfMerges(bytes, json);
        if (place === null) return;
        const ids = readMergeIds({ ...model, type: "BPE" });
        const numbers = new Int32Array(HEADER + ids.length);
        numbers.set([EDITION, ...place, sumOf(ids)]);
        numbers.set(ids, HEADER);
        await writeRecord(await pathFor(bytes), new Uint8Array(numbers.buffer));
      } catch {
        // The next start reads the file.
      }
    },
  };
}

/** The text of the file, its merges an empty list. */
function without(bytes: Uint8Array<ArrayBuffer>, from: number, to: number): string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return `${decoder.decode(bytes.subarray(0, from))}[]${decoder.decode(bytes.subarray(to))}`;
}

/** Where the list of merges begins and ends in the bytes; null where leaving it out leaves anything else out of `json`,
 * or that cannot be told. */
function placeOfMerges(bytes: Uint8Array<ArrayBuffer>, json: JsonObject): [number, number] | null {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const key = text.lastIndexOf('"merges"');
  const start = text.indexOf("[", key);
  const end = start < 0 ? -1 : endOfList(text, start);
  if (key < 0 || end < 0) return null;
  const lengthOf = (part: string) => new TextEncoder().encode(part).length;
  const from = lengthOf(text.slice(0, start));
  const to = from + lengthOf(text.slice(start, end));
  const model = { ...json.model as JsonObject, merges: [] };
  return JSON.stringify(JSON.parse(without(bytes, from, to))) === JSON.stringify({ ...json, model })
    ? [from, to]
    : null;
}

/** The place behind the list that begins at `start`; -1 where it has no end. */
function endOfList(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const letter = text[at];
    if (letter === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === "\\") at++;
    } else if (letter === "[") depth++;
    else if (letter === "]" && --depth === 0) return at + 1;
  }
  return -1;
}

/** A sum that shows damage: each place counts in another way (Fletcher's idea, modulo 2^32). */
function sumOf(ids: Int32Array): number {
  let [sum, all] = [0, ids.length];
  for (const id of ids) {
    sum = sum + id | 0;
    all = all + sum | 0;
  }
  return all;
}
