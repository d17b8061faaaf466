// How few tokens a text can be: one that is too long even so need not be encoded to be refused.
import type { AddedToken, TokenizerJson } from "./tokenizer_json.ts";
import { type Component, componentsOf } from "./file/component.ts";
import { longestByUnit } from "./models/vocabulary.ts";
import { STAND_INS, toStandIns } from "./unicode/stand_ins.ts";

/** More than 256 quotients of a text that fits into memory are off by when they are added. */
const ROUNDED = 1e-3;

/** A function that says how many tokens a text has at least: each byte is a part of the longest token that has such a
 * byte, where a vocabulary is one of bytes. A byte that has no token is dropped, and does not count. Where nothing is known it says 0: a normalizer
 * may shorten a text, an unknown or an added token may swallow any part of it, a pre-tokenizer may remove some. */
export function createLeastTokens(
  { normalizer, pre_tokenizer, model }: TokenizerJson,
  { tokens, idOf }: { readonly tokens: readonly string[]; readonly idOf: ReadonlyMap<string, number> },
  added: readonly AddedToken[],
): (text: string) => number {
  const swallows = added.some(({ lstrip, rstrip }) => lstrip || rstrip);
  const unknown = (model.unk_token ?? null) !== null;
  if (normalizer !== null || swallows || unknown || !makesBytes(pre_tokenizer)) return () => 0;
  const encoder = new TextEncoder();
  const kept = STAND_INS.map((byte) => idOf.has(byte));
  let longest: Int32Array | null = null; // by stand-in, once that is asked for
  return (text) => {
    longest ??= longestByUnit([...tokens, ...added.map(({ content }) => toStandIns(content))]);
    const counts = new Uint32Array(256);
    for (const byte of encoder.encode(text)) counts[byte]!++;
    let least = 0;
    STAND_INS.forEach((unit, byte) => {
      if (kept[byte] && counts[byte]! > 0) least += counts[byte]! / longest![unit.charCodeAt(0)]!;
    });
    return Math.ceil(Math.max(0, least - ROUNDED));
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
