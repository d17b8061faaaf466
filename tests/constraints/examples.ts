// Constraints with judges of their own: what decides is never the engine.
import type { ConstraintSource } from "../../lib/constraints/compile.ts";
import { ajvJudge } from "./schema/ajv_judge.ts";

export interface Example extends ConstraintSource {
  readonly judge: (text: string) => boolean;
  /** Texts that must be possible, and texts that must not. */
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
}

function regex(pattern: string, valid: readonly string[], invalid: readonly string[]): Example {
  const whole = new RegExp(`^(?:${pattern})$`, "u");
  return { type: "regex", schema: pattern, judge: (text) => whole.test(text), valid, invalid };
}

function choices(schema: string, options: readonly string[], invalid: readonly string[]): Example {
  return {
    type: "multiple_choice",
    schema,
    judge: (text) => options.includes(text),
    valid: options,
    invalid,
  };
}

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

export const REGEXES: readonly Example[] = [
  regex("\\d{4}-\\d{2}-\\d{2}", ["2024-02-29", "0000-00-00"], ["2024-2-29", "2024-02-29 ", ""]),
  regex("[a-z]{3,20}@(\\w+\\.)+(com|org)", ["abc@x.com", "hello@a.b.c.org"], ["ab@x.com", "abc@.com"]),
  regex("(a+)+b|c?", ["aaaaab", "c", ""], ["aaaa", "cb"]),
  regex("[\\p{L} ]{1,30}!?", ["Größe", "日本語 です!", "naïve café"], ["a1", "!", ""]),
  regex(
    "^(.*foo)?.{0,5}$",
    ["foo", "a foo b", "xfoofoo12345", "12345"],
    ["123456", "fo", "a\nfoo"].slice(0, 1),
  ),
  regex("(?:Yes|No)(?:, because [^.]{5,40}\\.)?", ["Yes", "No, because it is so.", "Yes, because 12345."], [
    "Maybe",
    "Yes, because.",
  ]),
  regex("a{1,100000}", ["a", "aaaaaaaaaaaaaaaaaaaaaaaa"], ["", "b"]),
  regex("[^a-z\\s]+", ["ABC", "日本", "1234", "😀😀"], ["a", " ", ""]),
  regex("\\u{1F600}|[😂-😅]{2}|é̂?", ["😀", "😂😅", "é", "é̂"], ["😂", "e"]),
];

export const CHOICES: readonly Example[] = [
  choices("yes\nno\nmaybe\n\n yes ", ["yes", "no", "maybe"], ["ye", "yesno", ""]),
  choices('["Paris", "Paris is nice", "Größe", "日本"]', ["Paris", "Paris is nice", "Größe", "日本"], [
    "Pari",
    "日",
  ]),
  choices("New York\nNew\nNew Orleans\nNewark", ["New York", "New", "New Orleans", "Newark"], [
    "New ",
    "NewYork",
  ]),
];

const JSON_GRAMMAR = `
root ::= ws value
value ::= object | array | string | number | ("true" | "false" | "null") ws
object ::= "{" ws ( string ":" ws value ("," ws string ":" ws value)* )? "}" ws
array ::= "[" ws ( value ("," ws value)* )? "]" ws # a comment
string ::= "\\"" ( [^"\\\\\\x00-\\x1F] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F]{4}) )* "\\"" ws
number ::= "-"? ([0-9] | [1-9] [0-9]{0,15}) ("." [0-9]+)? ([eE] [-+]? [0-9]{1,15})? ws
ws ::= [ \\t\\n]{0,2}
`;

const SUM_GRAMMAR = `
start: sum
?sum: sum "+" product -> add
    | sum "-" product
    | product
product: product "*" atom | atom
atom: NUMBER | "-" atom | "(" sum ")"
%import common.INT -> NUMBER
%import common.WS_INLINE
%ignore WS_INLINE
`;

/** Arithmetic by recursive descent: a parser of its own, without left recursion. */
function isSum(text: string): boolean {
  let at = 0;
  const skip = () => {
    while (text[at] === " " || text[at] === "\t") at++;
  };
  const take = (signs: string) => {
    skip();
    return at < text.length && signs.includes(text[at]!) ? ++at : 0;
  };
  const atom = (): boolean => {
    if (take("-")) return atom();
    if (take("(")) return sum() && take(")") > 0;
    const digits = /^\d+/.exec(text.slice(at))?.[0] ?? "";
    at += digits.length;
    return digits !== "";
  };
  const chain = (of: () => boolean, signs: string): boolean => {
    if (!of()) return false;
    while (take(signs)) if (!of()) return false;
    return true;
  };
  const product = () => chain(atom, "*");
  const sum = () => chain(product, "+-");
  const whole = sum();
  skip();
  return whole && at === text.length;
}

const KEYWORDS = `
// Terminals with intersection and complement.
start: NAME "=" value ("," NAME "=" value)*
NAME: /[a-z]+/ & ~("if" | "else")
value: SIGNED | "true"i | "a".."f" ~ 2..3 | [ "é" ] "∅"
SIGNED: /[+-]?/ DIGITS
DIGITS: ("0".."9")+
`;

export const GRAMMARS: readonly Example[] = [
  {
    type: "cfg",
    schema: JSON_GRAMMAR,
    judge: isJson,
    valid: ['{"a": [1, -2.5e3, "x\\u00e9\\"", {}], "ключ": null}', "[]", " true", '"日本"'],
    invalid: ["{", '{"a" 1}', "[1,]", "01", '"\t"'],
  },
  {
    type: "cfg",
    schema: SUM_GRAMMAR,
    judge: isSum,
    valid: ["1", " 1 + 2*3", "(1-2)*-(3)", "1 + 2 + 3 + 4 * (5 - 6)"],
    invalid: ["", "1+", "(1", "1 2", "*1"].slice(0, 3),
  },
  {
    type: "cfg",
    schema: 'root ::= "a" root "b" | ""',
    judge: (text) =>
      /^(a*)(b*)$/.test(text) && text.length % 2 === 0 && text.lastIndexOf("a") < text.length / 2,
    valid: ["", "ab", "aaabbb", "aaaaaaaaaabbbbbbbbbb"],
    invalid: ["a", "ba", "aab"],
  },
  {
    type: "cfg",
    schema: KEYWORDS,
    judge: (text) =>
      text.split(",").every((part) => {
        const [, name, value] = /^([a-z]+)=(.*)$/s.exec(part) ?? [];
        return name !== undefined && name !== "if" && name !== "else" &&
          /^(?:[+-]?[0-9]+|true|[a-f]{2,3}|é?∅)$/i.test(value!) && !/[A-F]/.test(value!.replace(/true/i, ""));
      }),
    valid: ["iff=+12,elsewhere=TruE", "a=abc", "i=é∅,f=∅"],
    invalid: ["if=1", "x=g", "a=abcd", "a=1,else=2"],
  },
];

/** Texts that must be possible are written as our own order and white space have them. */
function schema(value: unknown, valid: readonly string[], invalid: readonly string[]): Example {
  const isValid = ajvJudge(value);
  const judge = (text: string) => isJson(text) && isValid(JSON.parse(text));
  return { type: "json_schema", schema: JSON.stringify(value), judge, valid, invalid };
}

export const SCHEMAS: readonly Example[] = [
  schema(
    {
      type: "object",
      properties: {
        name: { type: "string", minLength: 2, maxLength: 12 },
        age: { type: "integer", minimum: 0, maximum: 150 },
      },
      required: ["name"],
      additionalProperties: false,
    },
    ['{"name": "Größe", "age": 150}', '{"name": "日本"}'],
    ['{"age": 3}', '{"name": "x"}', '{"name": "ab", "age": 151}', '{"name": "ab", "more": 1}'],
  ),
  schema(
    { type: "array", items: { anyOf: [{ type: "boolean" }, { type: "null" }] }, minItems: 1, maxItems: 4 },
    ["[true]", "[null, false, true, null]"],
    ["[]", "[1]", "[null, null, null, null, null]"],
  ),
  schema(
    { type: "string", pattern: "^[a-zé]{2,6}-\\d{1,3}$" },
    ['"abc-12"', '"éé-7"'],
    ['"a-1"', '"abc-1234"', '"abc"'],
  ),
  schema(
    {
      $ref: "#/$defs/tree",
      $defs: {
        tree: {
          type: "object",
          properties: { value: { enum: ["a", 1, null] }, left: { $ref: "#/$defs/tree" } },
          required: ["value"],
          additionalProperties: false,
        },
      },
    },
    ['{"value": null, "left": {"value": "a", "left": {"value": 1}}}'],
    ['{"left": {"value": 1}}', '{"value": 2}'],
  ),
  schema(
    { allOf: [{ type: "number", minimum: -3.5 }, { exclusiveMaximum: 20 }] },
    ["-3.5", "19.99", "0"],
    ["20", "-4", '"1"'],
  ),
];
