// JSON as Python would read it. A chat template prints 1.0 and 9007199254740993 as they were sent, and the keys "10"
// and "2" in this order; JSON.parse makes 1 and 9007199254740992 of them, and puts 2 first.
import { hasNumericKeys, markNumericKeys } from "../../basics/key_order.ts";
import { isRecord } from "../../basics/is_record.ts";

/** Fields of a request that reach the chat template. */
const TEMPLATE_FIELDS = ["messages", "tools", "documents", "chat_template_kwargs"];

/** Whether a text may hold a number that JSON.parse changes for Python. */
const UNUSUAL = /\d(?:\.\d|[eE]|\d{15})|-0/;

/** `body` with what a template reads parsed again: whole floats as Number objects, large integers as bigint, keys that
 * are numbers with the mark of key_order.ts. */
export function asPythonReads(body: unknown, text: string): unknown {
  if (!isRecord(body) || !TEMPLATE_FIELDS.some((name) => isNested(body[name]))) return body;
  const keys = hasNumericKeys(text);
  if (!keys && !UNUSUAL.test(text)) return body;
  const exact = JSON.parse(keys ? markNumericKeys(text) : text, reviveNumber) as typeof body;
  const fields = TEMPLATE_FIELDS.filter((name) => isNested(body[name])).map((name) => [name, exact[name]]);
  return { ...body, ...Object.fromEntries(fields) };
}

function isNested(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function reviveNumber(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== "number" || source === undefined) return value;
  if (/[.eE]/.test(source)) return Number.isInteger(value) ? new Number(value) : value;
  return Number.isSafeInteger(value) ? value + 0 : BigInt(source);
}
