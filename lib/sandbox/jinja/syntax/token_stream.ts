// Tokens one after another, with what a parser asks of them.
import { syntaxError } from "./error.ts";
import { type Token, tokenize, type TokenType } from "./tokens.ts";

const described: Readonly<Record<TokenType, string>> = {
  data: "template data / text",
  variable_begin: "begin of print statement",
  variable_end: "end of print statement",
  block_begin: "begin of statement block",
  block_end: "end of statement block",
  name: "name",
  string: "string",
  integer: "integer",
  float: "float",
  operator: "operator",
  eof: "end of template",
};

export class TokenStream {
  readonly #tokens: readonly Token[];
  #at = 0;

  /** Throws a SyntaxError where the template has a character that starts no token. */
  constructor(template: string) {
    this.#tokens = tokenize(template);
  }

  get current(): Token {
    return this.#tokens[this.#at]!;
  }

  peek(): Token {
    return this.#tokens[this.#at + 1] ?? this.current;
  }

  next(): Token {
    const token = this.current;
    if (token.type !== "eof") this.#at++;
    return token;
  }

  is(type: TokenType, ...values: readonly string[]): boolean {
    const { current } = this;
    return current.type === type && (values.length === 0 || values.includes(current.value));
  }

  skip(type: TokenType, value: string): boolean {
    const found = this.is(type, value);
    if (found) this.next();
    return found;
  }

  expect(type: TokenType, value?: string): Token {
    if (value === undefined ? this.is(type) : this.is(type, value)) return this.next();
    const wanted = value ?? described[type];
    throw this.error(
      this.is("eof")
        ? `unexpected end of template, expected '${wanted}'`
        : `expected token '${wanted}', got '${this.describe()}'`,
    );
  }

  /** How sentences call the current token. */
  describe(): string {
    const { type, value } = this.current;
    return type === "name" || type === "operator" ? value : described[type];
  }

  error(message: string, line = this.current.line): Error {
    return syntaxError(message, line);
  }
}
