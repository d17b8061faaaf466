// From a template's text to tokens, by the rules of Jinja2's lexer with trim_blocks and lstrip_blocks: white space is
// cut between tokens, never by a search over the source.
import { SPACE } from "../../../basics/python_space.ts";
import { syntaxError } from "./error.ts";
import { unescape } from "./escapes.ts";

export type TokenType =
  | "data"
  | "variable_begin"
  | "variable_end"
  | "block_begin"
  | "block_end"
  | "name"
  | "string"
  | "integer"
  | "float"
  | "operator"
  | "eof";

export interface Token {
  readonly type: TokenType;
  /** Text of the token; of a string its value. */
  readonly value: string;
  readonly line: number;
}

const S = `[${SPACE}]`;

const opening = new RegExp(
  `(\\{%([-+]?)${S}*raw${S}*(?:-%\\}${S}*|%\\}))|(\\{\\{|\\{#|\\{%)([-+]?)`,
  "gu",
);
const commentEnd = new RegExp(`\\+#\\}|-#\\}${S}*|#\\}\\n?`, "gu");
const rawEnd = new RegExp(`\\{%([-+]?)${S}*endraw${S}*(?:\\+%\\}|-%\\}${S}*|%\\}\\n?)`, "gu");
const blockEnd = new RegExp(`\\+%\\}|-%\\}${S}*|%\\}\\n?`, "uy");
const variableEnd = new RegExp(`-\\}\\}${S}*|\\}\\}`, "uy");
const spaces = new RegExp(`${S}+`, "uy");
const floats = /(?<!\.)(\d+_)*\d+((\.(\d+_)*\d+)?e[+-]?(\d+_)*\d+|\.(\d+_)*\d+)/iuy;
const integers = /0b(_?[01])+|0o(_?[0-7])+|0x(_?[\da-f])+|[1-9](_?\d)*|0(_?0)*/iuy;
const names = /[\p{ID_Continue}\p{N}_]+/uy;
const identifier = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const strings = /'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"/suy;
const operators = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/uy;
const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** All tokens of a template, the last one "eof". Throws a SyntaxError. */
export function tokenize(template: string): Token[] {
  return new Lexer(template).run();
}

class Lexer {
  readonly #source: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  #line = 1;
  #counted = 0; // up to here #line is right
  /** Whether the text before #at ends a line, so that a tag may have its indentation cut. */
  #lineStarts = true;

  constructor(template: string) {
    const lines = template.split(/\r\n|\r|\n/);
    if (lines.at(-1) === "") lines.pop();
    this.#source = lines.join("\n");
  }

  run(): Token[] {
    while (this.#at < this.#source.length) this.#readRoot();
    this.#push("eof", "");
    return this.#tokens;
  }

  #push(type: TokenType, value: string): void {
    this.#tokens.push({ type, value, line: this.#lineAt(this.#at) });
  }

  #lineAt(position: number): number {
    for (; this.#counted < position; this.#counted++) {
      if (this.#source.charCodeAt(this.#counted) === 10) this.#line++;
    }
    return this.#line;
  }

  #advance(to: number): void {
    this.#at = to;
    this.#lineStarts = this.#source.charAt(to - 1) === "\n";
  }

  #readRoot(): void {
    opening.lastIndex = this.#at;
    const match = opening.exec(this.#source);
    if (match === null) {
      this.#data(this.#source.slice(this.#at));
      return this.#advance(this.#source.length);
    }
    const [all, raw, rawSign, begin, sign] = match;
    this.#data(this.#cut(this.#source.slice(this.#at, match.index), rawSign ?? sign ?? "", begin === "{{"));
    this.#advance(match.index + all.length);
    if (raw !== undefined) return this.#readRaw();
    if (begin === "{#") return this.#skipComment();
    if (begin === "{{") return this.#readTag("variable_begin", "variable_end", variableEnd);
    this.#readTag("block_begin", "block_end", blockEnd);
  }

  #data(text: string): void {
    if (text !== "") this.#push("data", text);
  }

  /** The text before a tag, without the white space that the tag takes. */
  #cut(text: string, sign: string, isVariable: boolean): string {
    if (sign === "-") return trimEnd(text);
    if (sign === "+" || isVariable) return text;
    const lineAt = text.lastIndexOf("\n") + 1;
    const blank = lineAt < text.length && trimEnd(text.slice(lineAt)) === "";
    return blank && (lineAt > 0 || this.#lineStarts) ? text.slice(0, lineAt) : text;
  }

  // As the reference: what begins at the very end needs no end.
  #skipComment(): void {
    if (this.#at === this.#source.length) return;
    commentEnd.lastIndex = this.#at;
    if (!commentEnd.test(this.#source)) {
      throw syntaxError("Missing end of comment tag", this.#lineAt(this.#at));
    }
    this.#advance(commentEnd.lastIndex);
  }

  #readRaw(): void {
    if (this.#at === this.#source.length) return;
    rawEnd.lastIndex = this.#at;
    const match = rawEnd.exec(this.#source);
    if (match === null) throw syntaxError("Missing end of raw directive", this.#lineAt(this.#at));
    this.#data(this.#cut(this.#source.slice(this.#at, match.index), match[1] ?? "", false));
    this.#advance(rawEnd.lastIndex);
  }

  #readTag(begin: TokenType, end: TokenType, ending: RegExp): void {
    this.#push(begin, "");
    const open: string[] = [];
    while (this.#at < this.#source.length) {
      if (open.length === 0 && this.#match(ending) !== null) {
        this.#push(end, "");
        return this.#advance(ending.lastIndex);
      }
      this.#readPart(open);
    }
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#source)?.[0] ?? null;
  }

  #readPart(open: string[]): void {
    for (const [type, pattern] of parts) {
      const found = this.#match(pattern);
      if (found === null) continue;
      if (type !== null) this.#push(type, this.#valueOf(type, found, open));
      return this.#advance(this.#at + found.length);
    }
    const character = String.fromCodePoint(this.#source.codePointAt(this.#at)!);
    throw syntaxError(`unexpected char ${JSON.stringify(character)}`, this.#lineAt(this.#at));
  }

  #valueOf(type: TokenType, found: string, open: string[]): string {
    const line = this.#lineAt(this.#at);
    if (type === "string") return unescape(found.slice(1, -1), line);
    if (type === "integer" || type === "float") return found.replaceAll("_", "");
    if (type === "name" && !identifier.test(found)) {
      throw syntaxError("Invalid character in identifier", line);
    }
    if (type === "operator") balance(found, open, line);
    return found;
  }
}

const parts: readonly (readonly [TokenType | null, RegExp])[] = [
  [null, spaces],
  ["float", floats],
  ["integer", integers],
  ["name", names],
  ["string", strings],
  ["operator", operators],
];

function balance(operator: string, open: string[], line: number): void {
  const pair = closing[operator];
  if (pair !== undefined) open.push(pair);
  if (operator !== ")" && operator !== "]" && operator !== "}") return;
  const expected = open.pop();
  if (expected === undefined) throw syntaxError(`unexpected '${operator}'`, line);
  if (expected !== operator) throw syntaxError(`unexpected '${operator}', expected '${expected}'`, line);
}

const space = new RegExp(S, "u");

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && space.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
