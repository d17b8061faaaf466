import assert from "node:assert/strict";
import { compileConstraint } from "../../../lib/constraints/compile.ts";
import { readBytes } from "../../../lib/constraints/explain/barred.ts";
import { COMMON_TERMINALS } from "../../../lib/constraints/grammar/common_terminals.ts";

function accepts(grammar: string): (text: string) => boolean {
  const compiled = compileConstraint({ type: "cfg", schema: grammar });
  assert.ok(compiled.ok, compiled.ok ? "" : JSON.stringify(compiled.error));
  const { recogniser } = compiled.constraint;
  return (text) => {
    const reading = readBytes(recogniser, recogniser.initial, new TextEncoder().encode(text));
    return reading.possible && reading.complete;
  };
}

function check(grammar: string, yes: readonly string[], no: readonly string[]): void {
  const inLanguage = accepts(grammar);
  for (const text of yes) assert.ok(inLanguage(text), `${grammar}\nhas ${JSON.stringify(text)}`);
  for (const text of no) assert.ok(!inLanguage(text), `${grammar}\nhas no ${JSON.stringify(text)}`);
}

Deno.test("GBNF: classes, escapes, repeats, groups, comments and rules over lines", () => {
  check('root ::= [^a-c\\n] [\\]\\-x-] "\\x41\\u00e9\\U0001F600\\t\\"\\\\"', ['d]Aé😀\t"\\', 'ß-Aé😀\t"\\'], [
    'a]Aé😀\t"\\',
  ]);
  check('root ::= "a"{2} "b"{1,2} "c"{2,} "d"{,1} "e"+? .', ["aabcceX", "aabbcccd\n"], ["abcc", "aabbbccX"]);
  check('# c\nroot ::= ( "a" # x\n | "b"\n )+\n  | other-rule\n\nother-rule ::=\n  "z" |\n  ""', [
    "ab",
    "z",
    "",
  ], ["za"]);
  check('root ::= expr\nexpr ::= expr "+" expr | [0-9]+', ["1", "1+22+3"], ["", "+1", "1+"]);
  check('root ::= a "."\na ::= b "x" | ""\nb ::= a "y"', [".", "yx.", "yxyx."], ["x.", "xy."]);
});

Deno.test("Lark: terminals, ranges, flags, counts, ignored text, imports, templates of trees", () => {
  const words = `
    // a comment
    ?start: greeting -> hello
          | "[" [NUMBER] "]"
    !greeting: "hi"i NAME ("!" ~ 1..2)?
    NAME: LETTER (LETTER | "0".."9"){0,3} & ~"root"
    %import common (LETTER,
                    INT)
    %import common.INT -> NUMBER
    %import common.WS
    %ignore WS
  `;
  check(words, ["Hi bob!", " HI  a1b2 ! ! ", "[]", "[ 12 ]", "hiX"], [
    "hi root",
    "hi bob!!!",
    "[1 2]",
    "hi b12345",
  ]);
  check('start: /ab?c/s "d"*', ["ac", "abcdd"], ["abbc"]);
  check('start: A ~ 2\nA: /[a-c]\\-x/i | "\\u00e9"', ["a-xéB-X".slice(0, 4), "éé", "B-Xé"], ["é", "ééé"]);
  check('%llguidance {}\nstart: "x"', ["x"], [""]);
  check('start: "a" %json {"type": "integer", "minimum": 5, "maximum": 6} "!"', ["a5!", "a6!"], [
    "a4!",
    "a5",
  ]);
});

Deno.test("the common terminals are those of Lark's module", () => {
  const samples: Readonly<Record<string, readonly [string[], string[]]>> = {
    FLOAT: [["1.5", ".5", "1.", "1e5", "1.5E-3"], ["1", "e5", "."]],
    SIGNED_NUMBER: [["-1", "+1.5e3", "12", ".5"], ["--1", "", "1e"]],
    ESCAPED_STRING: [['"a\\"b"', '""'], ['"a\nb"', '"a"b"', '"\\"']],
    CNAME: [["_a1", "B"], ["1a", "é"]],
    C_COMMENT: [["/* a * b **/"], ["/* */ */", "/* "]],
    NEWLINE: [["\n", "\r\n\n"], ["", "\r"]],
  };
  for (const [name, [yes, no]] of Object.entries(samples)) {
    check(`start: ${name}\n%import common.${name}`, yes, no);
  }
  for (const name of Object.keys(COMMON_TERMINALS)) accepts(`start: ${name}\n%import common.${name}`);
});

Deno.test("what is wrong or not covered is an error with line and column", () => {
  const wrong: readonly (readonly [string, number, number, RegExp])[] = [
    ['root ::= "a" mood', 1, 14, /rule "mood" is not defined. Add "mood ::= …" or put it in quotes/],
    ['root ::= "a"\nx = "b"', 2, 3, /"::=" must stand, but there is "="/],
    ['root ::= "a', 1, 10, /quotes that begin here are not closed/],
    ['root ::= ("a"', 1, 14, /not closed: the grammar ends/],
    ["root ::= [z-a]", 1, 11, /runs backwards/],
    ['root ::= "\\q"', 1, 11, /escape \\q is not known/],
    ['root ::= "a"{3,1}', 1, 13, /At least 3 and at most 1/],
    ['root ::= "a"{x}', 1, 13, /Write how often/],
    ['root ::= "a" )', 1, 14, /can't go on: there is "\)"/],
    ['root ::= "a"\nroot ::= "b"', 2, 1, /root is defined twice/],
    ['x ::= "a"', 1, 1, /no rule root/],
    ["root ::= <[12]>", 1, 10, /Tokens by name/],
    ['root ::= "a" (=x)', 1, 15, /look-ahead/],
    ['start: NAME\nNAME: x\nx: "a"', 2, 7, /can't use the rule x/],
    ['start: NAME\nNAME: OTHER\nOTHER: NAME "x" | "y"', 2, 1, /NAME uses itself/],
    ['start: "a" & "b"', 1, 8, /only stand in terminals/],
    ["start: /a(?<=b)/", 1, 10, /look-behind/],
    ["start: /a\\Zb/", 1, 10, /escape \\Z/],
    ["start: /a/x", 1, 8, /flag x/],
    ['start: "a"\n%import python.NAME', 2, 9, /Only terminals of "common"/],
    ['start: "a"\n%import common.NOPE', 2, 16, /no terminal NOPE/],
    ['start: "a"\n%declare X', 2, 1, /%declare is not supported/],
    ['start[max_tokens=3]: "a"', 1, 6, /Attributes of a rule/],
    ['start: x\nx.2: "a"', 2, 2, /Priorities/],
    ["start: <|end|>", 1, 8, /Tokens by name/],
    ['start: "b".."a"', 1, 8, /A range is written/],
    ['start: %json {"type": "strin"}', 1, 14, /strin/],
    ['start: %json {"type"', 1, 8, /not closed/],
  ];
  for (const [schema, line, column, message] of wrong) {
    const compiled = compileConstraint({ type: "cfg", schema });
    assert.ok(!compiled.ok, schema);
    assert.match(compiled.error.message, message, schema);
    assert.deepEqual([compiled.error.line, compiled.error.column], [line, column], schema);
  }
});

Deno.test("rules may be called as what every object inherits", () => {
  check('root ::= constructor toString\nconstructor ::= "a"\ntoString ::= "b"', ["ab"], ["a", ""]);
  check('start: constructor "b"\nconstructor: "a"', ["ab"], ["a", ""]);
});
