// Reads a schema's text. Own code, because JSON.parse rounds numbers, reorders keys like "10", keeps the last of two
// equal keys without a word, and says in every browser in other words where a text is wrong.
import { placeInText, refusal } from "../ir/refusal.ts";
import { parseDecimal } from "./decimal.ts";
import type { Decimal } from "./decimal.ts";

/** A number, exact. */
export interface JsonNumber {
  readonly number: Decimal;
}
export type JsonObject = ReadonlyMap<string, Json>;
export type Json = null | boolean | string | JsonNumber | readonly Json[] | JsonObject;

/** Nesting beyond this is refused: a schema's own depth, not that of the documents it describes. Functions here call
 * themselves once a level. */
const MAX_DEPTH = 1_000;

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/sy;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null/y;

/** A container that is being read. */
type Open =
  | { readonly array: Json[]; readonly object?: never; key?: never }
  | { readonly object: Map<string, Json>; key: string; readonly array?: never };

/** The value that a JSON text holds. Throws a refusal with line and column for anything else. */
export function parseJson(text: string): Json {
  const reader = new Reader(text);
  const open: Open[] = [];
  for (;;) {
    let value = reader.scalar();
    if (value === undefined) {
      const opened = reader.open();
      if (open.length === MAX_DEPTH) throw reader.error(`is nested more than ${MAX_DEPTH} levels deep`);
      if (!reader.closes(opened)) {
        open.push(opened);
        if (opened.object !== undefined) reader.key(opened);
        continue;
      }
      value = opened.object ?? opened.array;
    }
    for (;;) {
      const inside = open.at(-1);
      if (inside === undefined) return reader.end(value);
      if (inside.object !== undefined) inside.object.set(inside.key, value);
      else inside.array.push(value);
      if (reader.goesOn(inside)) break;
      open.pop();
      value = inside.object ?? inside.array;
    }
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  error(what: string, at = this.#at): Error {
    const place = placeInText(this.#text, at);
    return refusal(`The schema ${what} (line ${place.line}, column ${place.column}).`, place);
  }

  /** A string, number or word; undefined where an object or array opens. */
  scalar(): Json | undefined {
    const start = this.#skip();
    const next = this.#text[start];
    if (next === "{" || next === "[") return undefined;
    const word = this.#take(WORD);
    if (word !== null) return word === "null" ? null : word === "true";
    const numeral = this.#take(NUMBER);
    if (numeral !== null) {
      const number = parseDecimal(numeral);
      if (number === null) {
        throw this.error(`holds the number ${numeral}, whose exponent is beyond ±1000`, start);
      }
      return { number };
    }
    return this.#string("a value");
  }

  open(): Open {
    return this.#text[this.#at++] === "{" ? { object: new Map<string, Json>(), key: "" } : { array: [] };
  }

  /** Takes the bracket that closes a container without members, if it is next. */
  closes(container: Open): boolean {
    if (this.#text[this.#skip()] !== closingSignOf(container)) return false;
    this.#at++;
    return true;
  }

  key(open: Open & { key: string; object: Map<string, Json> }): void {
    const start = this.#skip();
    open.key = this.#string("a name in double quotes");
    if (open.object.has(open.key)) {
      throw this.error(`has the name ${JSON.stringify(open.key)} twice in one object`, start);
    }
    if (this.#text[this.#skip()] !== ":") throw this.#expected('":"');
    this.#at++;
  }

  /** After a member: true where another follows, false where the container closed. */
  goesOn(container: Open): boolean {
    const next = this.#text[this.#skip()];
    if (next !== "," && next !== closingSignOf(container)) {
      throw this.#expected(`"," or "${closingSignOf(container)}"`);
    }
    this.#at++;
    if (next !== ",") return false;
    if (container.object !== undefined) this.key(container);
    return true;
  }

  end(value: Json): Json {
    if (this.#skip() < this.#text.length) throw this.#expected("the end");
    return value;
  }

  #string(wanted: string): string {
    const start = this.#at;
    const literal = this.#take(STRING);
    if (literal === null) throw this.#expected(wanted);
    try {
      return JSON.parse(literal) as string;
    } catch {
      throw this.error(
        "holds a string with a line break, another control character or an unknown escape",
        start,
      );
    }
  }

  #expected(what: string): Error {
    const found = this.#text[this.#at];
    return this.error(
      `is not JSON: expected ${what}, found ${found === undefined ? "its end" : JSON.stringify(found)}`,
    );
  }

  #skip(): number {
    SPACE.lastIndex = this.#at;
    this.#at += SPACE.exec(this.#text)![0].length;
    return this.#at;
  }

  #take(token: RegExp): string | null {
    token.lastIndex = this.#at;
    const found = token.exec(this.#text)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }
}

function closingSignOf(container: Open): string {
  return container.object !== undefined ? "}" : "]";
}

/** Equal exactly for values that JSON Schema holds equal: 1 and 1.0, objects in any order of names. */
export function keyOfJson(value: Json): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(keyOfJson).join(",")}]`;
  if (isObject(value)) {
    const members = [...value].map(([name, member]) => `${JSON.stringify(name)}:${keyOfJson(member)}`);
    return `{${members.sort().join(",")}}`;
  }
  return `${value.number.digits}e${value.number.exponent}`;
}

/** Whether the JSON is an object, whose members are a Map. */
export function isObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map;
}

/** Whether the JSON is an array. */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether the JSON is a number, which keeps all its digits. */
export function isNumber(value: Json | undefined): value is JsonNumber {
  return typeof value === "object" && value !== null && "number" in value;
}
