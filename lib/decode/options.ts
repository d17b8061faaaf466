// The options of a list, as tokens and bytes.
import { readChoices } from "../constraints/choices/read.ts";
import { fault } from "../fault.ts";
import type { ConstraintInput } from "../sampling/constraint_kinds.ts";
import type { LanguageModel } from "./types.ts";

export interface Option {
  readonly text: string;
  readonly ids: readonly number[]; // tokenised alone
  readonly bytes: Uint8Array; // of the text
}

/** Options and their tokens that are scored at once: each costs time. */
const MOST_OPTIONS = 256;
const MOST_TOKENS = 8192;

/** The options, as the mask of the same list has them. Throws the fault invalid_request for another kind
 * of constraint, a list that is none or too long, and an option that the tokenizer cannot write. */
export function readOptions({ type, schema }: ConstraintInput, model: LanguageModel): Option[] {
  if (type !== "multiple_choice") {
    throw fault("invalid_request", "Send a constraint of type multiple_choice.", "constraint.type");
  }
  const texts = readChoices(schema);
  if (texts.length > MOST_OPTIONS) {
    const message = `There are ${texts.length} options; at most ${MOST_OPTIONS} can be scored at once.`;
    throw fault("invalid_request", message, "constraint.schema");
  }
  const options = texts.map((text) => optionOf(text, model));
  const tokens = options.reduce((sum, { ids }) => sum + ids.length, 0);
  if (tokens <= MOST_TOKENS) return options;
  const message = `The options have ${tokens} tokens; at most ${MOST_TOKENS} can be scored at once.`;
  throw fault("invalid_request", message, "constraint.schema");
}

function optionOf(text: string, { codec }: LanguageModel): Option {
  const ids = codec.encode(text, { specials: false, postProcess: false });
  if (ids.length > 0) return { text, ids, bytes: new TextEncoder().encode(text) };
  const message = `None of the characters of the option ${JSON.stringify(text)} has a token.`;
  throw fault("invalid_request", message, "constraint.schema");
}

/** Indices of the longer options that begin with this one. */
export function rivalsOf(option: Option, options: readonly Option[]): number[] {
  return options.flatMap(({ text }, at) => text !== option.text && text.startsWith(option.text) ? [at] : []);
}
