// How much one request of several choices asks for, known before the first of them is begun.
import type { State } from "../../define.ts";
import { apiFault } from "../http/errors.ts";
import { MOST_DRAWN } from "./fields.ts";

/** What is counted of a choice that goes on until its text ends: most end before. */
const UNTIL_IT_ENDS = 1024;
/** UTF-16 units and token ids of prompts that one answer may repeat, once for each choice. A body has room for as
 * many. */
const MOST_REPEATED = 2 ** 20;

/** What a request asks for. */
export interface Amount {
  readonly prompts: readonly { readonly length: number }[];
  /** Drawn for each prompt. */
  readonly choices: number;
  /** Tokens a choice; null: until the text ends. */
  readonly most: number | null;
  /** The request's name of `most`. */
  readonly lengthField: "max_tokens" | "max_completion_tokens" | "n_predict";
  /** A text ends nowhere but at `most`. */
  readonly endless: boolean;
  /** Every choice comes with its prompt. */
  readonly repeats: boolean;
  /** Log-probabilities listed a token. */
  readonly listed: number;
}

/** Throws invalid_request where all choices together are more than one request may ask for; else how many described
 * tokens the answer is like, at most (0: no model is there to know it by). */
export function checkAmount(amount: Amount, { engine }: Pick<State, "engine">): number {
  const { model } = engine.status();
  if (model.state !== "ready") return 0;
  const { contextLength } = model.info;
  const { prompts, choices, most, endless } = amount;
  const each = Math.min(most ?? (endless ? contextLength : UNTIL_IT_ENDS), contextLength);
  const texts = prompts.length * choices;
  if (texts > 1 && texts * each > MOST_DRAWN) throw tooMuchDrawnError(texts, each, amount.lengthField);
  const repeated = !amount.repeats ? 0 : choices * prompts.reduce((sum, { length }) => sum + length, 0);
  if (choices > 1 && repeated > MOST_REPEATED) {
    const message =
      `${choices} choices, each with its prompt, make an answer of ${repeated} characters or ids of ` +
      `prompts, and one holds ${MOST_REPEATED}. Ask for fewer choices, or without the prompt.`;
    throw apiFault("invalid_request", message, "n");
  }
  return (texts * each + repeated) * (1 + amount.listed);
}

function tooMuchDrawnError(texts: number, each: number, field: string): Error {
  const fitting = Math.floor(MOST_DRAWN / texts);
  const advice = fitting < 1 ? "Ask" : `Set ${field} to at most ${fitting}, or ask`;
  const message =
    `${texts} completions of up to ${each} tokens are more than the ${MOST_DRAWN} tokens that one ` +
    `request draws. ${advice} in several requests.`;
  return apiFault("invalid_request", message, field);
}
