// Constraints that are broken, huge or made to take forever; others in each round.
import type { ConstraintSource } from "../../lib/constraints/compile.ts";

export const many = (text: string, times: number) => text.repeat(times);

export function badInputs(round: number): Pick<ConstraintSource, "type" | "schema">[] {
  const names = Array.from({ length: 300 }, (_, i) => `r${i} ::= r${i + 1} "x" | "y${round}"`).join("\n");
  const of = (type: ConstraintSource["type"], ...schemas: string[]) =>
    schemas.map((schema) => ({ type, schema }));
  return [
    ...of("regex", many("(", 5000), many("(a", 5000) + many(")", 5000), many("[", 5000), `(a+)+${round}$`),
    ...of(
      "regex",
      "a{1,100000}",
      `(a{1,1000}){1,${1000 + round}}`,
      many("a?", 300) + many("a", 300),
      "(x+x+)+y",
    ),
    ...of(
      "regex",
      `(?:${many("a?", 100)})*b${round}`,
      "(.*a){30}",
      many("(?:^a|b$)*", 50),
      "(a|b|ab)*c",
      "a)",
      "*",
    ),
    ...of(
      "cfg",
      `root ::= ${many("(", 5000)}`,
      `root ::= ${many('("a" ', 5000)}${many(")", 5000)}`,
      `start: ${many("[", 5000)}`,
    ),
    ...of(
      "cfg",
      'root ::= root "a" | root root | ""',
      `root ::= r0\n${names}\nr300 ::= r0`,
      "root ::= root",
      "",
    ),
    ...of("cfg", `start: A\nA: /(a|b)*a(a|b){9}/ & ~/(a|b)*b(a|b){${9 + round % 3}}/`, many("x", 10_000)),
    ...of("json_schema", many("{", 5000), `${many('{"items":', 5000)}{}${many("}", 5000)}`, '{"$ref":"#"}'),
    ...of(
      "json_schema",
      '{"type":"string","not":{}}',
      '{"type":["string"],"enum":[1]}',
      `{"multipleOf":${round + 3}}`,
    ),
    ...of("multiple_choice", "", many("[", 10_000), many(`option ${round}\n`, 1000)),
  ];
}
