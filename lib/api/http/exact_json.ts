// JSON as Python would read it. A chat template prints 1.0 and 9007199254740993 as they were sent, and the keys "10"
// and "2" in this order; JSON.parse makes 1 and 9007199254740992 of them, and puts 2 first.
import { isRecord } from "../../basics/is_record.ts";
import { hasNumericKeys, markKey } from "../../basics/key_order.ts";
import type { Slices } from "../../basics/slices.ts";
import { apiFault } from "./errors.ts";
import { endOfString, hasMoreValues, isName } from "./json_size.ts";

/** Fields of a request that reach the chat template. */
const TEMPLATE_FIELDS = ["messages", "tools", "documents", "chat_template_kwargs"];

/** Values that each of them may hold, however deep: 300 tools of a hundred values. */
export const MOST_TEMPLATE_VALUES = 32_768;

/** Throws invalid_request for a field of which a template would get more values than it may hold. */
export function checkTemplateFields(body: unknown): void {
  if (!isRecord(body)) return;
  const full = TEMPLATE_FIELDS.find((name) => hasMoreValues(body[name], MOST_TEMPLATE_VALUES));
  if (full === undefined) return;
  const message = `${full} may hold at most ${MOST_TEMPLATE_VALUES} values, at all depths together.`;
  throw apiFault("invalid_request", message, full);
}

/** Digits of a whole number, at most, as json.loads has it: one of a million takes the thread a quarter of a second. */
const MOST_DIGITS = 4300;

/** Whether a text may hold a number that JSON.parse changes for Python. */
const UNUSUAL = /\d(?:\.\d|[eE]|\d{15})|-0/;

/** `body` with what a template reads parsed again: whole floats as Number objects, large integers as bigint, keys that
 * are numbers with the mark of key_order.ts. In slices: a reviver of JSON.parse takes half a second for a mebibyte.
 * Throws invalid_request for a whole number that Python does not read. */
export function* asPythonReads(body: unknown, text: string): Slices<unknown> {
  if (!isRecord(body) || !TEMPLATE_FIELDS.some((name) => isNested(body[name]))) return body;
  if (!hasNumericKeys(text) && !UNUSUAL.test(text)) return body;
  const exact = (yield* parseExactly(text)) as typeof body;
  const fields = TEMPLATE_FIELDS.filter((name) => isNested(body[name])).map((name) => [name, exact[name]]);
  return { ...body, ...Object.fromEntries(fields) };
}

function isNested(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** What is being filled: `key` is where its next value goes, which a list does not have. */
interface Open {
  readonly into: unknown[] | Record<string, unknown>;
  key: string;
}

/** Tokens of JSON that are read in one slice. */
const TOKENS = 1024;
const LITERAL = /[^\s,\]}]+/y;

/** Reads `json`, which is valid. */
function* parseExactly(json: string): Slices<unknown> {
  const root: unknown[] = [];
  const open: Open[] = [{ into: root, key: "" }];
  let tokens = 0;
  for (let at = 0; at < json.length;) {
    if (++tokens % TOKENS === 0) yield;
    const inner = open.at(-1)!;
    const first = json[at]!;
    if (first === '"') {
      const end = endOfString(json, at);
      const quoted = json.slice(at, end + 1);
      const text = quoted.includes("\\") ? JSON.parse(quoted) as string : quoted.slice(1, -1);
      if (isName(json, end)) inner.key = markKey(text);
      else put(inner, text);
      at = end + 1;
    } else if (first === "{" || first === "[") {
      const into = first === "{" ? {} : [];
      put(inner, into);
      open.push({ into, key: "" });
      at++;
    } else if (/[\s,:\]}]/.test(first)) {
      if (first === "}" || first === "]") open.pop();
      at++;
    } else {
      LITERAL.lastIndex = at;
      const [literal] = LITERAL.exec(json)!;
      put(inner, readLiteral(literal));
      at += literal.length;
    }
  }
  return root[0];
}

function put({ into, key }: Open, value: unknown): void {
  if (Array.isArray(into)) into.push(value);
  else if (key !== "__proto__") into[key] = value;
  else Object.defineProperty(into, key, { value, writable: true, enumerable: true, configurable: true });
}

function readLiteral(source: string): unknown {
  if (/^[tfn]/.test(source)) return JSON.parse(source);
  const value = Number(source);
  if (/[.eE]/.test(source)) return Number.isInteger(value) ? new Number(value) : value;
  if (Number.isSafeInteger(value)) return value + 0;
  if (source.replace("-", "").length <= MOST_DIGITS) return BigInt(source);
  throw apiFault("invalid_request", `A whole number may have at most ${MOST_DIGITS} digits.`);
}
