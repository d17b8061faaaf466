// Whether a path stays inside its constraint, and what is said where it does not.
import type { Fitting, Leaving } from "../constraints/position/types.ts";
import { fault } from "../fault.ts";
import type { ConstraintInput } from "../sampling/constraint_kinds.ts";
import type { LanguageModel } from "./types.ts";

/** Expectations that a sentence names. */
const NAMED = 4;

/** The tokens of a completion, and what is to be appended to them. */
interface Appended {
  readonly completion: readonly number[];
  readonly forced?: { readonly ids: readonly number[]; readonly by: "token" | "text" };
}

/** Where a constraint stands behind a completion and what is forced; null: none is enabled. The prompt is no part of
 * its text. Rejects with the fault invalid_request where the text leaves the constraint, or the constraint cannot be
 * used. */
export async function fitConstraint(
  constraint: ConstraintInput | undefined,
  { completion, forced }: Appended,
  model: LanguageModel,
  signal: AbortSignal,
): Promise<Fitting | null> {
  if (!constraint?.enabled) return null;
  const ids = [...completion, ...forced?.ids ?? []];
  const answer = await model.constraints.at(constraint, ids, signal);
  if (!answer.fits) {
    const sentence = explainLeaving(answer, ids[answer.at]!, model);
    if (answer.at >= completion.length) {
      throw fault("invalid_request", sentence, forced?.by === "text" ? "force_text" : "force_token_id");
    }
    const message = `The text so far does not fit the constraint. ${sentence}`;
    throw fault("invalid_request", message, `completion_ids[${answer.at}]`);
  }
  if (answer.allowed > 0 || answer.over) return answer;
  const message = `No token of the vocabulary can go on with the constraint: ${
    spellExpected(answer)
  } must come.`;
  throw fault("invalid_request", message, "constraint");
}

/** Why a token is barred: what it is, the byte at which it leaves the constraint, and what was expected there. */
function explainLeaving(leaving: Leaving, id: number, model: LanguageModel): string {
  const { codec, eosTokenIds } = model;
  const { text, display } = codec.single(id);
  const expected = `Expected: ${spellExpected(leaving)}.`;
  if (eosTokenIds.includes(id)) return `The text cannot end here with ${display} (token ${id}). ${expected}`;
  if (codec.isSpecial(id)) return `${display} (token ${id}) is no text. ${expected}`;
  const value = codec.bytes(id)[leaving.byte]!;
  const character = value > 0x20 && value < 0x7f ? ` "${String.fromCharCode(value)}"` : "";
  const where = `byte ${leaving.byte} (0x${value.toString(16).padStart(2, "0")}${character})`;
  return `Token ${JSON.stringify(text)} (${id}) leaves the constraint at its ${where}. ${expected}`;
}

function spellExpected({ expected, moreExpected, mayEnd }: Omit<Leaving, "fits" | "at" | "byte">): string {
  const words = expected.slice(0, NAMED).map(({ what, rule, pointer }) => {
    const place = pointer ?? rule;
    return ["", what, what.slice(1, -1)].includes(place) ? what : `${what} (${place})`;
  });
  const more = expected.length + moreExpected - words.length;
  const rest = [...more > 0 ? [`${more} more`] : [], ...mayEnd ? ["the end of the text"] : []];
  return [...new Set([...words, ...rest])].join(", or ");
}
