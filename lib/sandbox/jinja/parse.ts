// From a template's text to the library's syntax tree. The library's parser knows tests without arguments only:
// `x is divisibleby(3)` and `x is eq 'a'` are rewritten here, before parsing, to a filter of the same meaning.
import { parse, tokenize } from "@huggingface/jinja";

type Token = ReturnType<typeof tokenize>[number];
export type Program = ReturnType<typeof parse>;

/** Filters with this prefix are tests with an argument; with `not` behind it, denied ones. */
export const testPrefix = "is ";

const withArgument = new Set(
  "divisibleby sameas in eq equalto ne lt lessthan le gt greaterthan ge filter test".split(" "),
);

/** Parses as Jinja2 does with trim_blocks and lstrip_blocks; throws a SyntaxError. */
export function parseTemplate(source: string): Program {
  return parse(withTestFilters(tokenize(source, { trim_blocks: true, lstrip_blocks: true })));
}

function withTestFilters(tokens: readonly Token[]): Token[] {
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const negated = isWord(tokens[i + 1], "not") ? 1 : 0;
    const name = tokens[i + 1 + negated];
    if (!isWord(tokens[i], "is") || name?.type !== "Identifier" || !withArgument.has(name.value)) {
      out.push(...tokens.slice(i, i + 1));
      continue;
    }
    out.push({ type: "Pipe", value: "|" }, {
      type: "Identifier",
      value: testPrefix + (negated ? "not " : "") + name.value,
    });
    i += 1 + negated;
    if (tokens[i + 1]?.type === "OpenParen") continue;
    const end = endOfOperand(tokens, i + 1);
    out.push({ type: "OpenParen", value: "(" }, ...tokens.slice(i + 1, end), {
      type: "CloseParen",
      value: ")",
    });
    i = end - 1;
  }
  return out;
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.type === "Identifier" && token.value === word;
}

/** Index behind the operand at `start`: one token with its attributes, or everything up to a matching bracket. */
function endOfOperand(tokens: readonly Token[], start: number): number {
  const opening = new Set(["OpenSquareBracket", "OpenCurlyBracket", "OpenParen"]);
  const closing = new Set(["CloseSquareBracket", "CloseCurlyBracket", "CloseParen"]);
  let depth = 0;
  let at = start;
  do {
    const type = tokens[at]?.type ?? "";
    if (opening.has(type)) depth++;
    if (closing.has(type)) depth--;
    at++;
    if (tokens[at]?.type === "Dot") at += 2;
  } while (at < tokens.length && (depth > 0 || opening.has(tokens[at]?.type ?? "")));
  return at;
}
