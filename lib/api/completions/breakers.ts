// DRY's sequence breakers as llama.cpp and text-generation-webui have them: texts, which are tokens here.
import { z } from "zod";
import type { Engine, SubmitOptions } from "../../engine/types.ts";
import { apiFault } from "../http/errors.ts";
import { listOf } from "../schemas/list.ts";
import { text } from "../schemas/values.ts";

const FIELD = "dry_sequence_breakers";
const MOST = 1024;
const LONGEST = 40; // UTF-16 units; llama.cpp cuts longer ones off
const sentence = `Send at most ${MOST} ${FIELD}.`;
const texts = listOf(text.min(1).max(LONGEST), { max: MOST, sentence, stated: true });

export const breakersField = z.union([texts, text.meta({ format: "json-texts" })]).describe(
  "Texts at which repeats end for DRY, whole in a token or over several: a list, or JSON texts with commas " +
    "between them. null: dry_breakers alone.",
);

interface DryRequest {
  readonly dry_multiplier: unknown;
  readonly dry_breakers: unknown;
  readonly dry_sequence_breakers: string | unknown[] | null;
}

/** The request with the tokens that its texts are; as it is where DRY is off. Throws invalid_request. */
export async function withBreakers<T extends DryRequest>(
  request: T,
  engine: Pick<Engine, "submit">,
  options: SubmitOptions,
): Promise<T & { readonly breaker_runs?: readonly (readonly number[])[] }> {
  const given = request.dry_sequence_breakers;
  const texts = typeof given === "string" ? readTexts(given) : given as readonly string[] | null;
  if (texts === null || request.dry_multiplier === 0) return request;
  const { ids, runs } = await engine.submit("tokens_with", { model_key: null, texts }, options);
  return {
    ...request,
    dry_breakers: [...request.dry_breakers as readonly number[], ...ids],
    breaker_runs: runs,
  };
}

/** `"\n", ":"`, with or without brackets. */
function readTexts(json: string): readonly string[] {
  try {
    const read = texts.safeParse(JSON.parse(json.trim().startsWith("[") ? json : `[${json}]`));
    if (read.success) return read.data;
  } catch {
    // no JSON: refused below
  }
  const message =
    `${FIELD} must be a list of texts of 1 to ${LONGEST} characters, or such JSON texts with commas.`;
  throw apiFault("invalid_request", message, FIELD);
}
