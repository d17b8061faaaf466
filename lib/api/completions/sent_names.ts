// What is wrong with a request is told by the names of the fields that it sent, not by ours that they stand for.
import { faultOf } from "../../fault.ts";

/** Our names of fields, and what was sent for each. */
export type SentNames = ReadonlyMap<string, string>;

/** The value of `work`. Throws its errors with the fields' names as they were sent. */
export async function withSentNames<T>(names: SentNames, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asSent(error, names);
  }
}

function asSent(error: unknown, names: SentNames): unknown {
  const fault = faultOf(error);
  const [own = ""] = /^[^.[]+/.exec(fault?.field ?? "") ?? [];
  const sent = names.get(own);
  if (fault === null || fault.field === undefined || sent === undefined) return error;
  // What a constraint is written in is one field elsewhere.
  const field = own === "constraint" ? sent : sent + fault.field.slice(own.length);
  const { message } = error as Error;
  const rest = message.startsWith(fault.field) ? message.slice(fault.field.length) : message;
  const said = (rest === message ? "" : field) + (own === "constraint" ? rest : renameField(rest, own, sent));
  return new Error(said, { cause: { ...fault, field } });
}

/** The sentence with another name for a field; what stands between quotation marks is not ours. */
function renameField(sentence: string, own: string, sent: string): string {
  const name = new RegExp(`\\b${RegExp.escape(own)}\\b`, "g");
  return sentence.split('"').map((part, at) => at % 2 === 0 ? part.replace(name, () => sent) : part).join(
    '"',
  );
}
