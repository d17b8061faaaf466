// Expressions, by the grammar of Jinja2's parser: each function reads one level of precedence.
import { type Grammar, parseCall, parseFilters, parsePostfix, parseTests } from "./postfix.ts";
import type { BinaryOperator, CompareOperator, Expression } from "./nodes.ts";
import type { TokenStream } from "./token_stream.ts";

/** What attributes, calls and filters need of expressions. */
export const grammar: Grammar = { expression: parseExpression, primary: (stream) => parsePrimary(stream) };

interface TupleOptions {
  /** Without `a if b`. */
  readonly plain?: boolean;
  /** Names and literals only, as targets of an assignment are. */
  readonly simple?: boolean;
  readonly namespaces?: boolean;
  /** A word that ends the tuple. */
  readonly end?: string;
  readonly parentheses?: boolean;
}

/** One expression, or several with commas as a tuple. Throws where none begins. */
export function parseTuple(stream: TokenStream, options: TupleOptions = {}): Expression {
  const items: Expression[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0) stream.expect("operator", ",");
    if (isAtTupleEnd(stream, options.end)) break;
    items.push(parseTupleItem(stream, options));
    if (!stream.is("operator", ",")) break;
    isTuple = true;
  }
  if (isTuple) return { type: "Tuple", items };
  if (items[0] !== undefined) return items[0];
  if (options.parentheses) return { type: "Tuple", items };
  throw stream.error(`Expected an expression, got '${stream.describe()}'`);
}

function parseTupleItem(stream: TokenStream, { simple, namespaces, plain }: TupleOptions): Expression {
  if (simple) return parsePrimary(stream, namespaces);
  return plain ? parseOr(stream) : parseExpression(stream);
}

function isAtTupleEnd(stream: TokenStream, end: string | undefined): boolean {
  return stream.is("variable_end") || stream.is("block_end") || stream.is("operator", ")") ||
    end !== undefined && stream.is("name", end);
}

/** An expression with everything that Jinja2's grammar allows, the conditional one included. Throws a syntax error.
 */
export function parseExpression(stream: TokenStream): Expression {
  let value = parseOr(stream);
  while (stream.skip("name", "if")) {
    const test = parseOr(stream);
    const otherwise = stream.skip("name", "else") ? parseExpression(stream) : null;
    value = { type: "Conditional", test, then: value, else: otherwise };
  }
  return value;
}

function parseOr(stream: TokenStream): Expression {
  let left = parseAnd(stream);
  while (stream.skip("name", "or")) left = { type: "Or", left, right: parseAnd(stream) };
  return left;
}

function parseAnd(stream: TokenStream): Expression {
  let left = parseNot(stream);
  while (stream.skip("name", "and")) left = { type: "And", left, right: parseNot(stream) };
  return left;
}

function parseNot(stream: TokenStream): Expression {
  return stream.skip("name", "not") ? { type: "Not", value: parseNot(stream) } : parseCompare(stream);
}

const comparisons = ["==", "!=", "<", "<=", ">", ">="];

function parseCompare(stream: TokenStream): Expression {
  const first = parseSum(stream);
  const rest: [CompareOperator, Expression][] = [];
  for (let name = compareOperator(stream); name !== null; name = compareOperator(stream)) {
    rest.push([name, parseSum(stream)]);
  }
  return rest.length === 0 ? first : { type: "Compare", first, rest };
}

function compareOperator(stream: TokenStream): CompareOperator | null {
  if (stream.is("operator", ...comparisons)) return stream.next().value as CompareOperator;
  if (stream.skip("name", "in")) return "in";
  const { type, value } = stream.peek();
  if (!stream.is("name", "not") || type !== "name" || value !== "in") return null;
  stream.next();
  stream.next();
  return "not in";
}

function createBinaryParser(
  operand: (stream: TokenStream) => Expression,
  ...operators: readonly BinaryOperator[]
): (stream: TokenStream) => Expression {
  return (stream) => {
    let left = operand(stream);
    while (stream.is("operator", ...operators)) {
      const operator = stream.next().value as BinaryOperator;
      left = { type: "Binary", operator, left, right: operand(stream) };
    }
    return left;
  };
}

const parsePower = createBinaryParser((stream) => parseUnary(stream), "**");
const parseProduct = createBinaryParser(parsePower, "*", "/", "//", "%");
const parseSum = createBinaryParser(parseConcat, "+", "-");

function parseConcat(stream: TokenStream): Expression {
  const items = [parseProduct(stream)];
  while (stream.skip("operator", "~")) items.push(parseProduct(stream));
  return items.length === 1 ? items[0]! : { type: "Concat", items };
}

function parseUnary(stream: TokenStream, withFilters = true): Expression {
  const signed = stream.is("operator", "-", "+");
  const plain: Expression = signed
    ? { type: "Unary", operator: stream.next().value as "-" | "+", value: parseUnary(stream, false) }
    : parsePrimary(stream);
  let node = parsePostfix(grammar, stream, plain);
  while (withFilters) {
    if (stream.is("operator", "|")) node = parseFilters(grammar, stream, node)!;
    else if (stream.is("name", "is")) node = parseTests(grammar, stream, node);
    else if (stream.is("operator", "(")) {
      node = { type: "Call", callee: node, call: parseCall(grammar, stream) };
    } else break;
  }
  return node;
}

const constants: Readonly<Record<string, boolean | null>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};

function parsePrimary(stream: TokenStream, namespaces = false): Expression {
  const { type, value } = stream.current;
  if (type === "name") return parseName(stream, namespaces);
  if (type === "string") {
    let text = "";
    while (stream.is("string")) text += stream.next().value;
    return { type: "Const", value: text };
  }
  if (type === "integer" || type === "float") {
    stream.next();
    return { type: "Const", value: type === "float" ? Number(value) : BigInt(value) };
  }
  if (stream.skip("operator", "(")) {
    const inner = parseTuple(stream, { parentheses: true });
    stream.expect("operator", ")");
    return inner;
  }
  if (stream.is("operator", "[")) {
    return { type: "List", items: parseItems(stream, "[", "]", parseExpression) };
  }
  if (stream.is("operator", "{")) return { type: "Dict", items: parseItems(stream, "{", "}", parsePair) };
  throw stream.error(`unexpected '${stream.describe()}'`);
}

function parseName(stream: TokenStream, namespaces: boolean): Expression {
  const name = stream.next().value;
  if (Object.hasOwn(constants, name)) return { type: "Const", value: constants[name]! };
  if (namespaces && stream.skip("operator", ".")) {
    return { type: "NamespaceRef", name, attribute: stream.expect("name").value };
  }
  return { type: "Name", name };
}

function parsePair(stream: TokenStream): readonly [Expression, Expression] {
  const key = parseExpression(stream);
  stream.expect("operator", ":");
  return [key, parseExpression(stream)];
}

function parseItems<T>(
  stream: TokenStream,
  open: string,
  close: string,
  read: (stream: TokenStream) => T,
): T[] {
  stream.expect("operator", open);
  const items: T[] = [];
  while (!stream.is("operator", close)) {
    if (items.length > 0) stream.expect("operator", ",");
    if (stream.is("operator", close)) break;
    items.push(read(stream));
  }
  stream.expect("operator", close);
  return items;
}
