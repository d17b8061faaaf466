// DRY's sequence breakers as llama.cpp and text-generation-webui have them: texts.
import { z } from "zod";
import type { SampleInput } from "../../wire/sample.ts";
import { apiFault } from "../http/errors.ts";
import { listOf } from "../schemas/list.ts";
import { text } from "../schemas/values.ts";

const FIELD = "dry_sequence_breakers";
const MOST = 128;
const LONGEST = 40; // UTF-16 units; llama.cpp cuts longer ones off
const sentence = `Send at most ${MOST} ${FIELD}.`;
const breakerTexts = listOf(text.min(1).max(LONGEST), { max: MOST, sentence, stated: true });

export const breakersField = z.union([breakerTexts, text.meta({ format: "json-texts" })]).describe(
  "Texts at which repeats end for DRY, whole in a token or over several: a list, or JSON texts with commas " +
    "between them. null: dry_breakers alone.",
);

interface DryRequest {
  readonly dry_multiplier: unknown;
  readonly dry_sequence_breakers: string | unknown[] | null;
}

/** The request with its texts as a list; as it is where DRY is off. Throws invalid_request. */
export function withBreakers<T extends DryRequest>(request: T): T & Pick<SampleInput, "breaker_texts"> {
  const given = request.dry_sequence_breakers;
  const texts = typeof given === "string" ? readTexts(given) : given as readonly string[] | null;
  return texts === null || request.dry_multiplier === 0 ? request : { ...request, breaker_texts: texts };
}

/** `"\n", ":"`, with or without brackets. */
function readTexts(json: string): readonly string[] {
  try {
    const read = breakerTexts.safeParse(JSON.parse(json.trim().startsWith("[") ? json : `[${json}]`));
    if (read.success) return read.data;
  } catch {
    // no JSON: refused below
  }
  const message =
    `${FIELD} must be a list of texts of 1 to ${LONGEST} characters, or such JSON texts with commas.`;
  throw apiFault("invalid_request", message, FIELD);
}
