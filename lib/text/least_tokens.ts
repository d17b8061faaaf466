// How few tokens a text can be: one that is too long even so need not be encoded to be refused.
import type { AddedToken, TokenizerJson } from "./tokenizer_json.ts";
import { type Component, componentsOf } from "./file/component.ts";
import { longestText } from "./models/vocabulary.ts";
import { STAND_INS } from "./unicode/stand_ins.ts";

/** A function that says how many tokens a text has at least: its bytes by those of the longest token, where a vocabulary
 * is one of bytes. A byte that has no token is dropped, and does not count. Where nothing is known it says 0: a normalizer
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
  const counts = Uint8Array.from(STAND_INS, (byte) => idOf.has(byte) ? 1 : 0);
  let longest = 0; // bytes of the longest token, once that is asked for; a stand-in is one byte
  return (text) => {
    longest ||= added.reduce(
      (most, { content }) => Math.max(most, encoder.encode(content).length),
      longestText(tokens),
    );
    let bytes = 0;
    for (const byte of encoder.encode(text)) bytes += counts[byte]!;
    return Math.ceil(bytes / longest);
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
