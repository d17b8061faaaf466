import assert from "node:assert/strict";
import { CONSTRAINT_KINDS, CONSTRAINT_TYPES } from "../../../../lib/sampling/constraint_kinds.ts";
import { EXAMPLES } from "../../../../lib/explorer/constraints/examples.ts";
import type {
  Answer,
  Problem,
  Question,
  QuestionKind,
} from "../../../../lib/explorer/constraints/protocol.ts";
import { createAnswerer } from "../../../../lib/explorer/constraints/worker/answer.ts";

function ask<K extends QuestionKind>(question: Question<K>): Exclude<Answer<K>, { refused: Problem }> {
  const answer = createAnswerer()(question as Question) as Answer<K>;
  assert.ok(!("refused" in answer), JSON.stringify(answer));
  return answer as Exclude<Answer<K>, { refused: Problem }>;
}

function problem(type: Question["written"]["type"], schema: string): Problem {
  const answer = createAnswerer()({ kind: "check", written: { type, schema } });
  assert.ok("refused" in answer, schema);
  return answer.refused;
}

const bytes = (text: string) => [...new TextEncoder().encode(text)];

Deno.test("every example of every kind can be used, and so can what the table shows first", () => {
  for (const type of CONSTRAINT_TYPES) {
    assert.ok(EXAMPLES[type].length >= 3, type);
    for (const schema of [CONSTRAINT_KINDS[type].example, ...EXAMPLES[type].map((each) => each.schema)]) {
      ask({ kind: "check", written: { type, schema } });
    }
  }
});

Deno.test("an error of a grammar is marked at the word that it names", () => {
  const schema = 'root ::= noun verb\nnoun ::= " sea"\nverb ::= " sings" | mood';
  const { place, span, message } = problem("cfg", schema);
  assert.match(message, /mood/);
  assert.equal(place, "Line 3, column 21");
  assert.equal(schema.slice(span!.from, span!.to), "mood");
});

Deno.test("an error of a schema is marked at what its pointer leads to", () => {
  const schema = '{\n  "type": "object",\n  "properties": {"a/b": {"minLength": -1}}\n}';
  const { pointer, span, place } = problem("json_schema", schema);
  assert.equal(pointer, "/properties/a~1b/minLength");
  assert.equal(schema.slice(span!.from, span!.to), '"minLength": -1');
  assert.equal(place, "Line 3, column 26");
});

Deno.test("an error at the end of the text is marked at its last character", () => {
  const { span } = problem("regex", "(ab");
  assert.ok(span !== null && span.to <= 3 && span.to > span.from, JSON.stringify(span));
});

Deno.test("a schema that is no JSON has a place", () => {
  assert.equal(problem("json_schema", '{\n  "type": \n}').place?.slice(0, 4), "Line");
});

Deno.test("the position says what may come and which part of the text asks for it", () => {
  const schema = 'root ::= "a" digit\ndigit ::= [0-9]';
  const { expected, failedAt, mayEnd } = ask({
    kind: "position",
    written: { type: "cfg", schema },
    path: bytes("a"),
  });
  assert.deepEqual([failedAt, mayEnd], [null, false]);
  assert.deepEqual(expected.map(({ what }) => what), ["a digit"]);
  const { from, to } = expected[0]!.span!;
  assert.equal(schema.slice(from, to), "[0-9]");
});

Deno.test("the position in a schema is marked by pointer", () => {
  const schema = '{"properties": {"name": {"enum": ["Ada"]}}, "required": ["name"], "type": "object"}';
  const written = { type: "json_schema", schema } as const;
  const { expected } = ask({ kind: "position", written, path: bytes('{"name": "A') });
  assert.equal(expected.length, 1);
  assert.match(expected[0]!.pointer!, /^\/properties\/name/);
  assert.ok(expected[0]!.span !== null);
});

Deno.test("a text that left the constraint says at which byte", () => {
  const written = { type: "regex", schema: "ab+" } as const;
  const { failedAt, expected } = ask({ kind: "position", written, path: bytes("axb") });
  assert.equal(failedAt, 1);
  assert.deepEqual(expected.map(({ what }) => what), ['"b"']);
});

Deno.test("a token is read behind the path; its failing byte counts within it", () => {
  const written = { type: "regex", schema: "aé[0-9]" } as const;
  const { failedAt, expected } = ask({ kind: "token", written, path: bytes("a"), token: bytes("éx") });
  assert.equal(failedAt, 2);
  assert.deepEqual(expected.map(({ what }) => what), ["a digit"]);
});

Deno.test("only a small regular expression has a drawing, and its states are those of positions", () => {
  const written = { type: "regex", schema: "(ab)*c" } as const;
  const answerer = createAnswerer();
  const valid = answerer({ kind: "check", written }) as Answer<"check">;
  assert.ok("automaton" in valid && valid.automaton !== null);
  const position = answerer({ kind: "position", written, path: bytes("ab") }) as Answer<"position">;
  assert.ok("state" in position);
  assert.ok(valid.automaton.states.some(({ state }) => state === position.state));
  assert.equal(ask({ kind: "check", written: { type: "regex", schema: "[a-c]{40}" } }).automaton, null);
  assert.equal(ask({ kind: "check", written: { type: "cfg", schema: 'root ::= "a"' } }).automaton, null);
});

Deno.test("settings of JSON are part of the constraint", () => {
  const schema = '{"const": {"a": 1}}';
  const settings = { whitespace: "compact", property_order: "any" } as const;
  const path = bytes('{"a": 1}');
  const loose = ask({ kind: "position", written: { type: "json_schema", schema }, path });
  const strict = ask({ kind: "position", written: { type: "json_schema", schema, settings }, path });
  assert.deepEqual([loose.failedAt, strict.failedAt], [null, 5]);
});

Deno.test("choices are counted", () => {
  assert.equal(ask({ kind: "check", written: { type: "multiple_choice", schema: "a\nb\n\na" } }).options, 2);
});
