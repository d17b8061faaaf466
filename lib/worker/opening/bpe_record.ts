// What the vocabulary and the merges of a tokenizer.json come to is remembered: they are nearly all of the file, and
// reading them takes longer than all else of a tokenizer. The rest of the file is read at every start.
//
//   <cache folder>/tokenizers/<hash of tokenizer.json>    a SHA-256 of what follows; the file's own name, so that one
//                                                         under another's is none; HEADER numbers, ids of the tokens
//                                                         and their order, ids that merges make, slots of their pairs
//                                                         (int32); the tokens as a JSON list
import { join } from "node:path";
import { concat } from "../../basics/concat.ts";
import { isRecord } from "../../basics/is_record.ts";
import { shortHash } from "../../basics/sha256.ts";
import type { JsonObject, ModelTokenizer } from "../../hub/folder/types.ts";
import { readMerges } from "../../text/models/bpe.ts";
import { MergeIndex } from "../../text/models/merge.ts";
import { PairTable } from "../../text/models/pair_table.ts";
import { KnownTokens, orderOf } from "../../basics/token_ids.ts";
import { readRecord, writeRecord } from "./record_file.ts";

type Bytes = Uint8Array<ArrayBuffer>;
/** Where a value begins and ends in the file's bytes. */
type Place = readonly [from: number, to: number];

/** Raised when the numbers mean something else. */
const EDITION = 3;
/** EDITION, the places of vocabulary and merges in the file, how many tokens, merges and numbers of slots there are,
 * whether the merges grow. */
const HEADER = 9;
const DIGEST_BYTES = 32;
/** Merges from which a file pays. */
const WORTH = 5000;

/** The tokenizers that were read before. */
export interface BpeRecord {
  /** The file's object, its vocabulary and merges in forms that are read faster; null where they are not known. */
  parse(bytes: Bytes): Promise<JsonObject | null>;
  /** Remembers those of `json`, the file's object, where that pays and they were not known; best effort. */
  keep(tokenizer: Pick<ModelTokenizer, "bytes" | "json">): Promise<void>;
}

/** The record below `cacheFolder`; null: nothing is remembered. */
export function bpeRecord(cacheFolder: string | null): BpeRecord {
  if (cacheFolder === null) return { parse: () => Promise.resolve(null), keep: () => Promise.resolve() };
  const folder = join(cacheFolder, "tokenizers");
  return {
    async parse(bytes) {
      try {
        const name = await shortHash([bytes]);
        return await decode(await readRecord(join(folder, name)), name, bytes);
      } catch {
        return null; // there is none, or it is damaged
      }
    },
    async keep({ bytes, json }) {
      const { model } = json;
      if (!isRecord(model) || (model.type ?? "BPE") !== "BPE") return;
      if (!Array.isArray(model.merges) || model.merges.length < WORTH) return;
      try {
        const places = placesOf(bytes, json);
        if (places === null) return;
        const name = await shortHash([bytes]);
        await writeRecord(join(folder, name), await encode(name, places, { ...model, type: "BPE" }));
      } catch {
        // The next start reads the file.
      }
    },
  };
}

async function encode(
  name: string,
  [vocabulary, merges]: readonly [Place, Place],
  model: JsonObject & { readonly type: string },
): Promise<Bytes> {
  const vocab = model.vocab as Record<string, number>;
  const tokens = Object.keys(vocab);
  const { results, ranks, grows } = readMerges(model);
  const counts = [tokens.length, results.length, ranks.slots.length];
  const numbers = Int32Array.from([EDITION, ...vocabulary, ...merges, ...counts, Number(grows)]);
  const ids = Int32Array.from(tokens, (token) => vocab[token]!);
  const parts = [numbers, ids, orderOf(tokens), results, ranks.slots].map(bytesOf);
  const [called, list] = [name, JSON.stringify(tokens)].map((text) => new TextEncoder().encode(text));
  const body = concat<Bytes>(Uint8Array, [called!, ...parts, list!]);
  return concat<Bytes>(Uint8Array, [await digestOf(body), body]);
}

/** The object of the file of those `bytes`. Throws, or null, where `record` is damaged, none of this edition or not of
 * that name. */
async function decode(record: Bytes, name: string, bytes: Bytes): Promise<JsonObject | null> {
  const body = record.subarray(DIGEST_BYTES);
  const digest = await digestOf(body);
  if (digest.some((byte, at) => byte !== record[at])) return null;
  let at = DIGEST_BYTES + name.length; // which keeps numbers where they may lie
  if (new TextDecoder().decode(record.subarray(DIGEST_BYTES, at)) !== name) return null;
  const take = (count: number) => {
    const taken = new Int32Array(record.buffer, at, count);
    at += taken.byteLength;
    return taken;
  };
  const [edition, from = 0, to = 0, mergesFrom = 0, mergesTo = 0, ...rest] = take(HEADER);
  if (edition !== EDITION) return null;
  const [tokens = 0, merges = 0, slots = 0, grows] = rest;
  const [ids, order, results, table] = [take(tokens), take(tokens), take(merges), take(slots)];
  const names = JSON.parse(new TextDecoder().decode(record.subarray(at))) as string[];
  const json = JSON.parse(without(bytes, [from, to], [mergesFrom, mergesTo])) as { model: JsonObject };
  const index = new MergeIndex(PairTable.over(table), results, grows === 1);
  return { ...json, model: { ...json.model, vocab: new KnownTokens(names, ids, order), merges: index } };
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array<ArrayBuffer>): Bytes {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

async function digestOf(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** The text of the file, its vocabulary an empty object and its merges an empty list. */
function without(bytes: Bytes, vocabulary: Place, merges: Place): string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let [text, at] = ["", 0];
  const cuts = [[vocabulary, "{}"], [merges, "[]"]] as const;
  for (const [[from, to], empty] of cuts.toSorted(([a], [b]) => a[0] - b[0])) {
    text += decoder.decode(bytes.subarray(at, from)) + empty;
    at = to;
  }
  return text + decoder.decode(bytes.subarray(at));
}

/** Where vocabulary and merges lie in the bytes; null where leaving them out leaves anything else out of `json`, or
 * that cannot be told. */
function placesOf(bytes: Bytes, json: JsonObject): [Place, Place] | null {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const place = (found: RegExpExecArray | undefined): Place | null => {
    if (found === undefined) return null;
    const start = found.index + found[0].length - 1;
    const end = endOfValue(text, start);
    const from = lengthOf(text.slice(0, start));
    return end < 0 ? null : [from, from + lengthOf(text.slice(start, end))];
  };
  // Both names may be tokens, too: those stand in the vocabulary.
  const vocabulary = place(text.matchAll(/"vocab"\s*:\s*\{/g).next().value);
  const merges = place([...text.matchAll(/"merges"\s*:\s*\[/g)].at(-1));
  if (vocabulary === null || merges === null) return null;
  if (vocabulary[0] < merges[1] && merges[0] < vocabulary[1]) return null;
  const model = { ...json.model as JsonObject, vocab: {}, merges: [] };
  const left = JSON.stringify(JSON.parse(without(bytes, vocabulary, merges)));
  return left === JSON.stringify({ ...json, model }) ? [vocabulary, merges] : null;
}

function lengthOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The place behind the list or object that begins at `start`; -1 where it has no end. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const letter = text[at];
    if (letter === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === "\\") at++;
    } else if (letter === "[" || letter === "{") depth++;
    else if ((letter === "]" || letter === "}") && --depth === 0) return at + 1;
  }
  return -1;
}
