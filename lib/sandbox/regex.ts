// A user's regular expression over many short texts. A pattern that backtracks for ever ends with its Worker.
import { messageOf } from "../basics/message_of.ts";
import { fault } from "../fault.ts";
import type { RegexSearchJob } from "./protocol.ts";

/** Indices of the texts in which the pattern (JavaScript's, with the flag u) matches somewhere. Throws the fault
 * invalid_request for a pattern that is none. */
export function searchRegex({ pattern, texts }: RegexSearchJob): readonly number[] {
  const expression = parsePattern(pattern);
  const found: number[] = [];
  texts.forEach((text, at) => {
    if (expression.test(text)) found.push(at);
  });
  return found;
}

function parsePattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch (error) {
    const reason = messageOf(error).replace(/^.*\/u: /s, "");
    throw fault("invalid_request", `The regular expression can't be read: ${reason}.`, "query");
  }
}
