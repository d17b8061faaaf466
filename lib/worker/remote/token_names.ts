// The tokens of /v1/completions, which names them by id (`token_id:12`, vLLM's return_tokens_as_token_ids), by their
// text, or by bytes that are no text (`bytes:\xe2`).
import { nameOfBytes } from "../../text/token_name.ts";
import type { TextCodec } from "../../text/types.ts";
import { readLogprob } from "./answers.ts";
import type { EngineList, Listed } from "./types.ts";

/** The id of a name; null where it means none, or several. */
export type NameReader = (name: string) => number | null;

/** `codec` is asked for once, where a name is no id. */
export function nameReader(codec: TextCodec): NameReader {
  let byText: Map<string, number | null> | null = null;
  return (name) => {
    const id = /^token_id:(\d{1,9})$/.exec(name)?.[1];
    if (id !== undefined) return Number(id);
    byText ??= idsByText(codec);
    return byText.get(name) ?? null;
  };
}

function idsByText(codec: TextCodec): Map<string, number | null> {
  const ids = new Map<string, number | null>();
  for (let id = 0; id < codec.size; id++) {
    if (!codec.has(id)) continue;
    const name = nameOfBytes(codec.bytes(id));
    ids.set(name, ids.has(name) ? null : id);
  }
  return ids;
}

/** A dictionary of names as ids. What a name does not tell counts with the rest, and no token of the rest is above
 * it. */
export function readNames(tops: Readonly<Record<string, unknown>>, read: NameReader): EngineList {
  const tokens: Listed[] = [];
  let unread = -Infinity;
  let least = 0;
  for (const [name, value] of Object.entries(tops)) {
    const logprob = readLogprob(value, name);
    const id = read(name);
    least = Math.min(least, logprob);
    if (id === null) unread = Math.max(unread, logprob);
    else tokens.push([id, logprob]);
  }
  return unread === -Infinity ? { tokens } : { tokens, most: Math.max(unread, least) };
}
