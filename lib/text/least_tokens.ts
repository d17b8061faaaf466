// How few tokens a text can be: one that is too long even so need not be encoded to be refused.
import type { Slices } from "../basics/slices.ts";
import type { AddedToken, TokenizerJson } from "./tokenizer_json.ts";
import { type Component, componentsOf } from "./file/component.ts";
import type { TokenIds } from "../basics/token_ids.ts";
import { measureLongest, measureLongestRuns } from "./models/vocabulary.ts";
import { STAND_INS, toStandIns } from "./unicode/stand_ins.ts";

/** More than the sum of a text's parts is off by. */
const ROUNDED = 1e-3;

/** Bytes that are counted in a slice. */
const BYTES_A_SLICE = 2 ** 16;

/** A function that says how many tokens a text has at least: each byte is a part of the longest token that has such a
 * byte, where a vocabulary is one of bytes. A byte that has no token is dropped, and does not count. Where nothing is
 * known it says 0: a normalizer may shorten a text, an unknown or an added token may swallow any part of it, a
 * pre-tokenizer may remove some. */
export function createLeastTokens(
  { normalizer, pre_tokenizer, model }: TokenizerJson,
  { tokens, idOf }: { readonly tokens: readonly string[]; readonly idOf: Pick<TokenIds, "has"> },
  added: readonly AddedToken[],
): (text: string) => Slices<number> {
  const swallows = added.some(({ lstrip, rstrip }) => lstrip || rstrip);
  const unknown = (model.unk_token ?? null) !== null;
  if (normalizer !== null || swallows || unknown || !makesBytes(pre_tokenizer)) return noneKnown;
  const encoder = new TextEncoder();
  const kept = STAND_INS.map((byte) => idOf.has(byte));
  let parts: Parts | null = null; // once that is asked for
  return function* (text) {
    const { longest, ofToken, ofRun } = parts ??= partsOf([
      ...tokens,
      ...added.map(({ content }) => toStandIns(content)),
    ]);
    yield;
    const bytes = encoder.encode(text);
    const counts = new Uint32Array(256); // of those that any token may have
    let least = 0;
    for (let start = 0, end = 0, rested = 0; start < bytes.length; start = end) {
      const byte = bytes[start]!;
      while (end < bytes.length && bytes[end] === byte) end++;
      if (end - rested >= BYTES_A_SLICE) {
        rested = end;
        yield;
      }
      const inside = Math.max(0, end - start - 2 * longest);
      counts[byte]! += end - start - inside;
      if (kept[byte]) least += inside * ofRun[byte]!;
    }
    counts.forEach((count, byte) => least += kept[byte] ? count * ofToken[byte]! : 0);
    return Math.ceil(Math.max(0, least - ROUNDED));
  };
}

// deno-lint-ignore require-yield -- it is known at once
function* noneKnown(): Slices<number> {
  return 0;
}

/** Which part of a token a byte is, at least. */
interface Parts {
  /** Bytes of the longest token. */
  readonly longest: number;
  /** Of a token that has such a byte. */
  readonly ofToken: Float64Array;
  /** Of a token that has no other byte: so far inside a run of equal ones that no token reaches out of it. */
  readonly ofRun: Float64Array;
}

function partsOf(tokens: readonly string[]): Parts {
  const [lengths, runs] = [measureLongest(tokens), measureLongestRuns(tokens)];
  const partOf = (found: Int32Array) =>
    Float64Array.from(STAND_INS, (byte) => 1 / Math.max(1, found[byte.charCodeAt(0)]!));
  return {
    longest: lengths.reduce((most, one) => Math.max(most, one), 0),
    ofToken: partOf(lengths),
    ofRun: partOf(runs),
  };
}

/** Whether a pre-tokenizer makes bytes of a text, and removes nothing. */
function makesBytes(component: Component | null): boolean {
  if (component === null) return false;
  const steps = component.type === "Sequence" ? componentsOf(component, "pretokenizers") : [component];
  return steps.some(({ type }) => type === "ByteLevel") && steps.every(keepsAll);
}

function keepsAll({ type, behavior }: Component): boolean {
  return type === "ByteLevel" || type === "Digits" || type === "Split" && behavior !== "Removed";
}
