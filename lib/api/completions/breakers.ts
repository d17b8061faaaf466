// DRY's sequence breakers as llama.cpp and text-generation-webui have them: texts, which are tokens here.
import { z } from "zod";
import type { Engine, SubmitOptions } from "../../engine/types.ts";
import { apiFault } from "../http/errors.ts";

const MOST_ASCII = 0x7f;
const FIELD = "dry_sequence_breakers";
const texts = z.array(z.string());

interface DryRequest {
  readonly dry_multiplier: unknown;
  readonly dry_breakers: unknown;
  readonly dry_sequence_breakers: string | unknown[] | null;
}

/** The request with the tokens of its texts among `dry_breakers`; as it is where DRY is off. A character is exact as
 * the tokens that have it; a longer text could begin in one and end in another. Throws invalid_request. */
export async function withBreakers<T extends DryRequest>(
  request: T,
  engine: Pick<Engine, "submit">,
  options: SubmitOptions,
): Promise<T> {
  const given = request.dry_sequence_breakers;
  if (given === null || request.dry_multiplier === 0) return request;
  const characters = typeof given === "string" ? readTexts(given) : texts.parse(given);
  const other = characters.find((one) => one.length !== 1 || one.charCodeAt(0) > MOST_ASCII);
  if (other !== undefined) {
    const sentence = `${FIELD} must be single ASCII characters here, but one is ${
      JSON.stringify(other.slice(0, 40))
    }: name token ids in dry_breakers.`;
    throw apiFault("invalid_request", sentence, FIELD);
  }
  const asked = { model_key: null, characters };
  const { ids } = await engine.submit("tokens_with", asked, options);
  return { ...request, dry_breakers: [...request.dry_breakers as readonly number[], ...ids] };
}

/** `"\n", ":"`, with or without brackets. */
function readTexts(json: string): readonly string[] {
  try {
    return texts.parse(JSON.parse(json.trim().startsWith("[") ? json : `[${json}]`));
  } catch {
    throw apiFault("invalid_request", `${FIELD} must be a list of texts, or JSON texts with commas.`, FIELD);
  }
}
