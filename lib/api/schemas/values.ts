// Values that several requests take. A request's schema is strict: a field that nothing reads is refused by name. Open
// are turns, tools, documents and a template's variables, of which the chat template reads every key, and what a client
// names itself: questions, a state, tokens of a logit bias.
import { z } from "zod";
import { refuse } from "./list.ts";

// Where a schema transforms, its default is a `prefault`: zod leaves the other kind out of the JSON Schema.

/** Marks token ids in the OpenAPI document, which bounds them by the vocabulary of the model that serves. */
export const TOKEN_ID = { "x-token-id": true };

/** A token id; whether the model knows it is found out there. */
export const tokenId = z.int().min(0).meta(TOKEN_ID);

/** A value that is a token id; undefined: it is none. */
export function readTokenId(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && value as number >= 0 ? value as number + 0 : undefined;
}

/** A list of ids, or of what else `read` takes (undefined: it does not), by one loop: a body has room for half a
 * million, which take half a second with a schema for each. */
export function plainListOf<T>(read: (one: unknown) => T | undefined) {
  return z.unknown().transform((value, context) => {
    if (!Array.isArray(value)) return refuse(context, { code: "invalid_type", expected: "array" });
    let changed: T[] | null = null;
    for (let at = 0; at < value.length; at++) {
      const one = read(value[at]);
      if (one === undefined) return refuse(context, { code: "invalid_type", expected: "int", path: [at] });
      if (!Object.is(one, value[at])) (changed ??= value.slice())[at] = one;
    }
    return changed ?? value as readonly T[];
  });
}

/** A list of token ids. */
export const tokenIds = plainListOf(readTokenId)
  .meta({
    type: "array",
    items: { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER, ...TOKEN_ID },
    description: "Token ids, in order.",
  });

/** Text as tokenizers take it: a lone surrogate becomes U+FFFD, as it would in UTF-8. */
export const text = z.string().overwrite((value) => value.toWellFormed());

/** How many tokens an answer lists; more than there are means all, 1e300 too. */
export const shownCount = z.unknown()
  .superRefine((value, context) => {
    if (!Number.isInteger(value) || Number(value) < 1) {
      context.addIssue({ code: "invalid_type", expected: "int" });
    }
  })
  .transform((value) => Math.min(Number(value), Number.MAX_SAFE_INTEGER))
  .meta({ type: "integer", minimum: 1 });

/** The model a request is made for; every request that is answered by the model may send it. */
export const modelKey = z.string().nullable().default(null)
  .describe("model_key of an earlier answer: refused with model_changed where another model serves now.");
