import assert from "node:assert/strict";
import { readChoices } from "../../../lib/constraints/choices/read.ts";
import { compileConstraint } from "../../../lib/constraints/compile.ts";

Deno.test("one option a line, trimmed, or a JSON list as it is written; each once, in their order", () => {
  assert.deepEqual(readChoices(" yes \r\n\nno\nyes\n"), ["yes", "no"]);
  assert.deepEqual(readChoices(' ["b", " a ", "b", "", "a"] '), ["b", " a ", "a"]);
  assert.deepEqual(readChoices("[not json\n[]x"), ["[not json", "[]x"]);
  assert.deepEqual(readChoices('"quoted"'), ['"quoted"']);
});

Deno.test("a list without options or with something else is refused", () => {
  const errorOf = (schema: string) => {
    const compiled = compileConstraint({ type: "multiple_choice", schema });
    return compiled.ok ? null : compiled.error;
  };
  const nothing = { message: "There is no option. Write one on each line.", line: 1, column: 1 };
  for (const schema of ["", " \n ", "[]", '[""]']) assert.deepEqual(errorOf(schema), nothing);
  assert.deepEqual(errorOf('["a", 1]'), {
    message: "Option 2 of the list is not a text. Put it in quotes.",
    pointer: "/1",
  });
  assert.match(errorOf('["\\ud800"]')!.message, /half of a surrogate pair/);
});
