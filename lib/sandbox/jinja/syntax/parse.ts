// Statements, by the grammar of Jinja2's parser, with the tags that Transformers adds: generation, break, continue.
import { findOwn } from "../../../basics/find_own.ts";
import { markFolded } from "./constants.ts";
import { check } from "./check.ts";
import { grammar, parseExpression, parseTuple } from "./expressions.ts";
import { parseFilters } from "./postfix.ts";
import type { Body, Expression, FilterNode, ForNode, Names, Signature, Statement } from "./nodes.ts";
import { TokenStream } from "./token_stream.ts";

/** The statements of a template. Throws a SyntaxError with the line. */
export function parseTemplate(template: string, names: Names): Body {
  const stream = new TokenStream(template);
  const body = new Parser(stream).body([]);
  check(body, names);
  return body;
}

class Parser {
  readonly #stream: TokenStream;
  readonly #tags: string[] = [];

  constructor(stream: TokenStream) {
    this.#stream = stream;
  }

  /** Statements up to one of the tags `ends`, which is the current token then; none: up to the end. */
  body(ends: readonly string[]): Statement[] {
    const body: Statement[] = [];
    const stream = this.#stream;
    while (!stream.is("eof")) {
      if (stream.is("data")) body.push({ type: "Data", text: stream.next().value });
      else if (stream.is("variable_begin")) {
        stream.next();
        body.push({ type: "Output", values: [markFolded(parseTuple(stream))] });
        stream.expect("variable_end");
      } else {
        stream.expect("block_begin");
        if (ends.length > 0 && stream.is("name", ...ends)) return body;
        body.push(this.#statement(ends));
        stream.expect("block_end");
      }
    }
    if (ends.length > 0) throw this.#unfinished("Unexpected end of template.", ends);
    return body;
  }

  #unfinished(message: string, ends: readonly string[]): Error {
    const looked = ends.map((end) => `'${end}'`).join(" or ");
    const looking = ends.length === 0 ? "" : ` Jinja was looking for the following tags: ${looked}.`;
    const tag = this.#tags.at(-1);
    const innermost = tag === undefined ? "" : ` The innermost block that needs to be closed is '${tag}'.`;
    return this.#stream.error(message + looking + innermost);
  }

  #statement(ends: readonly string[]): Statement {
    const stream = this.#stream;
    if (!stream.is("name")) throw stream.error("tag name expected");
    const tag = stream.current.value;
    const parse = findOwn(statements, tag);
    if (parse === undefined) throw this.#unfinished(`Encountered unknown tag '${tag}'.`, ends);
    stream.next();
    this.#tags.push(tag);
    const statement = parse(stream, this);
    this.#tags.pop();
    return statement;
  }

  /** The body behind a tag up to one of `ends`, and which one it was. */
  upTo(...ends: readonly string[]): { body: Body; end: string } {
    this.#stream.skip("operator", ":");
    this.#stream.expect("block_end");
    return { body: this.body(ends), end: this.#stream.next().value };
  }
}

type StatementParser = (stream: TokenStream, parser: Parser) => Statement;

function load(tag: string, ends: readonly string[]): StatementParser {
  return (stream) => {
    parseExpression(stream);
    if (ends.length > 0 && !stream.is("name", ...ends)) stream.expect("name", ends[0]);
    while (stream.is("name") || stream.is("operator", ",")) stream.next();
    return { type: "Load", tag };
  };
}

const statements: Readonly<Record<string, StatementParser>> = {
  for: parseFor,
  if: parseIf,
  set: parseSet,
  with: parseWith,
  macro: (stream, parser) => {
    const name = stream.expect("name").value;
    return { type: "Macro", name, signature: parseSignature(stream), body: parser.upTo("endmacro").body };
  },
  call: (stream, parser) => {
    const signature = stream.is("operator", "(") ? parseSignature(stream) : { names: [], defaults: [] };
    const call = parseExpression(stream);
    if (call.type !== "Call") throw stream.error("expected call");
    return { type: "CallBlock", signature, call, body: parser.upTo("endcall").body };
  },
  filter: (stream, parser) => {
    const filter = parseFilters(grammar, stream, null, true) as FilterNode;
    return { type: "FilterBlock", filter, body: parser.upTo("endfilter").body };
  },
  block: parseBlock,
  print: (stream) => {
    const values: Expression[] = [];
    while (!stream.is("block_end")) {
      if (values.length > 0) stream.expect("operator", ",");
      values.push(markFolded(parseExpression(stream)));
    }
    return { type: "Output", values };
  },
  autoescape: (stream, parser) => {
    const mode = parseExpression(stream);
    if (mode.type !== "Const" || mode.value) {
      throw stream.error("autoescape is not supported here: chat templates write plain text");
    }
    return { type: "Scope", tag: "autoescape", body: parser.upTo("endautoescape").body };
  },
  generation: (_, parser) => ({ type: "Scope", tag: "generation", body: parser.upTo("endgeneration").body }),
  break: () => ({ type: "Break" }),
  continue: () => ({ type: "Continue" }),
  include: load("include", []),
  extends: load("extends", []),
  import: load("import", ["as"]),
  from: load("from", ["import"]),
};

function parseTarget(stream: TokenStream, options: { end?: string; namespaces?: boolean } = {}): Expression {
  const target = parseTuple(stream, { simple: true, ...options });
  checkTarget(target, stream);
  return target;
}

function checkTarget(target: Expression, stream: TokenStream): void {
  if (target.type === "Tuple") return target.items.forEach((item) => checkTarget(item, stream));
  if (target.type !== "Name" && target.type !== "NamespaceRef") {
    throw stream.error(`can't assign to '${target.type.toLowerCase()}'`);
  }
}

function parseFor(stream: TokenStream, parser: Parser): ForNode {
  const target = parseTarget(stream, { end: "in" });
  stream.expect("name", "in");
  const items = parseTuple(stream, { plain: true, end: "recursive" });
  const test = stream.skip("name", "if") ? parseExpression(stream) : null;
  const recursive = stream.skip("name", "recursive");
  const { body, end } = parser.upTo("endfor", "else");
  const otherwise = end === "else" ? parser.upTo("endfor").body : [];
  return { type: "For", target, items, test, recursive, body, else: otherwise };
}

function parseIf(stream: TokenStream, parser: Parser): Statement {
  const branches: { test: Expression; body: Body }[] = [];
  for (;;) {
    const test = parseTuple(stream, { plain: true });
    const { body, end } = parser.upTo("elif", "else", "endif");
    branches.push({ test, body });
    if (end !== "elif") {
      return { type: "If", branches, else: end === "else" ? parser.upTo("endif").body : [] };
    }
  }
}

function parseSet(stream: TokenStream, parser: Parser): Statement {
  const target = parseTarget(stream, { namespaces: true });
  if (stream.skip("operator", "=")) return { type: "Set", target, value: parseTuple(stream) };
  const filter = parseFilters(grammar, stream, null) as FilterNode | null;
  return { type: "SetBlock", target, filter, body: parser.upTo("endset").body };
}

function parseWith(stream: TokenStream, parser: Parser): Statement {
  const targets: Expression[] = [];
  const values: Expression[] = [];
  while (!stream.is("block_end")) {
    if (targets.length > 0) stream.expect("operator", ",");
    targets.push(parseTarget(stream));
    stream.expect("operator", "=");
    values.push(parseExpression(stream));
  }
  return { type: "With", targets, values, body: parser.upTo("endwith").body };
}

function parseBlock(stream: TokenStream, parser: Parser): Statement {
  const name = stream.expect("name").value;
  const scoped = stream.skip("name", "scoped");
  const required = stream.skip("name", "required");
  const { body } = parser.upTo("endblock");
  stream.skip("name", name);
  return { type: "Block", name, scoped, required, body };
}

function parseSignature(stream: TokenStream): Signature {
  const names: string[] = [];
  const defaults: Expression[] = [];
  stream.expect("operator", "(");
  while (!stream.is("operator", ")")) {
    if (names.length > 0) stream.expect("operator", ",");
    names.push(stream.expect("name").value);
    if (stream.skip("operator", "=")) defaults.push(parseExpression(stream));
    else if (defaults.length > 0) throw stream.error("non-default argument follows default argument");
  }
  stream.expect("operator", ")");
  return { names, defaults };
}
