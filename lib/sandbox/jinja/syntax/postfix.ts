// What follows a value: attributes, items, slices, calls, filters and tests.
import type { Call, Expression, FilterNode } from "./nodes.ts";
import type { TokenStream } from "./token_stream.ts";

/** The parts of the grammar that are needed here. */
export interface Grammar {
  expression(stream: TokenStream): Expression;
  primary(stream: TokenStream): Expression;
}

const NO_ARGUMENTS: Call = { args: [], named: [], spread: null, namedSpread: null };

/** `value` with the attributes, items, slices and calls that follow it. */
export function parsePostfix(grammar: Grammar, stream: TokenStream, value: Expression): Expression {
  let node = value;
  for (;;) {
    if (stream.is("operator", ".")) node = parseAttribute(stream, node);
    else if (stream.is("operator", "[")) node = parseItem(grammar, stream, node);
    else if (stream.is("operator", "(")) {
      node = { type: "Call", callee: node, call: parseCall(grammar, stream) };
    } else return node;
  }
}

function parseAttribute(stream: TokenStream, object: Expression): Expression {
  stream.expect("operator", ".");
  const { type, value } = stream.current;
  if (type !== "name" && type !== "integer") throw stream.error("expected name or number");
  stream.next();
  if (type === "name") return { type: "Attribute", object, name: value };
  return { type: "Item", object, key: { type: "Const", value: BigInt(value) } };
}

function parseItem(grammar: Grammar, stream: TokenStream, object: Expression): Expression {
  stream.expect("operator", "[");
  const keys: Expression[] = [];
  while (!stream.is("operator", "]")) {
    if (keys.length > 0) stream.expect("operator", ",");
    keys.push(parseKey(grammar, stream));
  }
  stream.expect("operator", "]");
  const key: Expression = keys.length === 1 ? keys[0]! : { type: "Tuple", items: keys };
  return { type: "Item", object, key };
}

function parseKey(grammar: Grammar, stream: TokenStream): Expression {
  const atEnd = () => stream.is("operator", "]", ",");
  const start = stream.is("operator", ":") ? null : grammar.expression(stream);
  if (start !== null && !stream.is("operator", ":")) return start;
  stream.expect("operator", ":");
  const stop = stream.is("operator", ":") || atEnd() ? null : grammar.expression(stream);
  const step = stream.skip("operator", ":") && !atEnd() ? grammar.expression(stream) : null;
  return { type: "Slice", parts: [start, stop, step] };
}

/** Arguments in parentheses. */
export function parseCall(grammar: Grammar, stream: TokenStream): Call {
  const { line } = stream.expect("operator", "(");
  const args: Expression[] = [];
  const named: [string, Expression][] = [];
  let spread: Expression | null = null;
  let namedSpread: Expression | null = null;
  const ensure = (fine: boolean) => {
    if (!fine) throw stream.error("invalid syntax for function call expression", line);
  };
  for (let first = true; !stream.is("operator", ")"); first = false) {
    if (!first) stream.expect("operator", ",");
    if (stream.is("operator", ")")) break;
    if (stream.skip("operator", "*")) {
      ensure(spread === null && namedSpread === null);
      spread = grammar.expression(stream);
    } else if (stream.skip("operator", "**")) {
      ensure(namedSpread === null);
      namedSpread = grammar.expression(stream);
    } else if (stream.is("name") && stream.peek().type === "operator" && stream.peek().value === "=") {
      ensure(namedSpread === null);
      const name = stream.next().value;
      stream.next();
      named.push([name, grammar.expression(stream)]);
    } else {
      ensure(spread === null && namedSpread === null && named.length === 0);
      args.push(grammar.expression(stream));
    }
  }
  stream.expect("operator", ")");
  return { args, named, spread, namedSpread };
}

function parseDottedName(stream: TokenStream): string {
  let name = stream.expect("name").value;
  while (stream.skip("operator", ".")) name += `.${stream.expect("name").value}`;
  return name;
}

/** Filters behind `value` (null: a block's text); `inline`: the first one has no "|" before it. */
export function parseFilters(
  grammar: Grammar,
  stream: TokenStream,
  value: Expression | null,
  inline = false,
): Expression | null {
  let node = value;
  for (let first = inline; first || stream.is("operator", "|"); first = false) {
    if (!first) stream.next();
    const name = parseDottedName(stream);
    const call = stream.is("operator", "(") ? parseCall(grammar, stream) : NO_ARGUMENTS;
    node = { type: "Filter", value: node, name, call } satisfies FilterNode;
  }
  return node;
}

/** `value is [not] name …`; the stream stands at `is`. */
export function parseTests(grammar: Grammar, stream: TokenStream, value: Expression): Expression {
  stream.expect("name", "is");
  const negated = stream.skip("name", "not");
  const name = parseDottedName(stream);
  const test: Expression = { type: "Test", value, name, call: parseTestArguments(grammar, stream) };
  return negated ? { type: "Not", value: test } : test;
}

function parseTestArguments(grammar: Grammar, stream: TokenStream): Call {
  if (stream.is("operator", "(")) return parseCall(grammar, stream);
  const operand = ["name", "string", "integer", "float"].includes(stream.current.type) ||
    stream.is("operator", "[", "{");
  if (!operand || stream.is("name", "else", "or", "and")) return NO_ARGUMENTS;
  if (stream.is("name", "is")) throw stream.error("You cannot chain multiple tests with is");
  return { ...NO_ARGUMENTS, args: [parsePostfix(grammar, stream, grammar.primary(stream))] };
}
