import assert from "node:assert/strict";
import { compileConstraint } from "../../../lib/constraints/compile.ts";
import { readBytes } from "../../../lib/constraints/explain/barred.ts";
import { checkConstraint } from "../../../lib/constraints/position/check.ts";
import { ConstraintReader } from "../../../lib/constraints/position/reader.ts";
import {
  bytesOfToken,
  type SharedVocabulary,
  shareVocabulary,
} from "../../../lib/constraints/position/shared_vocabulary.ts";
import type { ConstraintText, Fitting, Leaving } from "../../../lib/constraints/position/types.ts";
import { DEFAULT_LIMITS } from "../../../lib/constraints/ir/limits.ts";
import { idsOf } from "../../../lib/constraints/tokens/token_set.ts";

const TOKENS = ["a", "b", "ab", "1", "12", "{", "}", '"', ":", " ", "<end>", "", "\u00e9"];
const END = TOKENS.indexOf("<end>");
const encoder = new TextEncoder();

function share(ends: readonly number[] = [END]): SharedVocabulary {
  const source = {
    size: TOKENS.length,
    bytes: (id: number) => id === END ? null : encoder.encode(TOKENS[id]!),
  };
  const steps = shareVocabulary(`test ${ends}`, source, ends);
  for (let step = steps.next();; step = steps.next()) if (step.done) return step.value;
}
const shared = share();
const id = (token: string) => TOKENS.indexOf(token);
const regex = (schema: string): ConstraintText => ({ type: "regex", schema });

function fitting(
  constraint: ConstraintText,
  ids: readonly number[],
  reader = new ConstraintReader(),
): Fitting {
  const answer = reader.position({ vocabulary: shared, constraint, ids });
  assert.ok(answer.fits);
  return answer;
}

function leaving(constraint: ConstraintText, ids: readonly number[]): Leaving {
  const answer = new ConstraintReader().position({ vocabulary: shared, constraint, ids });
  assert.ok(!answer.fits);
  return answer;
}

const texts = ({ mask }: Fitting) => idsOf(mask).map((id) => TOKENS[id]);

Deno.test("a vocabulary in shared memory has every token's bytes, and none for what is no text", () => {
  assert.ok(shared.bytes.buffer instanceof SharedArrayBuffer);
  TOKENS.forEach((token, id) => {
    const expected = id === END ? [] : [...encoder.encode(token)];
    assert.deepEqual([...bytesOfToken(shared, id)], expected);
  });
});

Deno.test("the mask, the end and what is forced follow the text", () => {
  const start = fitting(regex("ab1?"), []);
  assert.deepEqual(texts(start), ["a", "ab"]);
  assert.deepEqual([start.mayEnd, start.mustEnd, start.over, start.allowed], [false, false, false, 2]);
  assert.equal(new TextDecoder().decode(start.forced!.bytes), "ab");
  assert.equal(start.forced!.ends, false);
  const later = fitting(regex("ab1?"), [id("ab")]);
  assert.deepEqual(texts(later), ["1", "<end>"]);
  assert.deepEqual([later.mayEnd, later.mustEnd, later.forced], [true, false, null]);
  const last = fitting(regex("ab1?"), [id("a"), id("b"), id("1")]);
  assert.deepEqual(texts(last), ["<end>"]);
  assert.deepEqual([last.mayEnd, last.mustEnd, last.over], [true, true, false]);
  assert.equal(fitting(regex("ab1?"), [id("ab"), END]).over, true);
  assert.equal(fitting(regex("ab1?"), [id("ab"), END, id("}")]).over, true);
});

Deno.test("a text that must end is over where no token ends it", () => {
  const answer = new ConstraintReader().position({
    vocabulary: share([]),
    constraint: regex("a"),
    ids: [id("a")],
  });
  assert.deepEqual([answer.fits && answer.over, answer.fits && answer.allowed], [true, 0]);
});

Deno.test("where a text leaves the constraint: the token, the byte, what was expected", () => {
  const wrong = leaving(regex("a\\d"), [id("a"), id("1"), id("1")]);
  assert.deepEqual([wrong.at, wrong.byte, wrong.mayEnd, wrong.expected], [2, 0, true, []]);
  const inside = leaving(regex("aa"), [id("ab")]);
  assert.deepEqual([inside.at, inside.byte, inside.mayEnd], [0, 1, false]);
  assert.deepEqual(inside.expected.map(({ what, from, to }) => [what, from, to]), [['"a"', 1, 2]]);
  const early = leaving(regex("ab"), [id("a"), END]);
  assert.deepEqual([early.at, early.byte, early.expected[0]!.what], [1, 0, '"b"']);
  assert.equal(leaving(regex("a.*"), [id("a"), TOKENS.indexOf("")]).at, 1);
});

Deno.test("what is wrong with a constraint is a refusal, and its settings are named", () => {
  assert.throws(() => fitting(regex("("), []), (error) => {
    assert.deepEqual((error as Error & { cause: { place: unknown } }).cause.place, { line: 1, column: 2 });
    return true;
  });
  const schema = { type: "json_schema", schema: '{"type": "object", "maxProperties": 0}' } as const;
  assert.deepEqual(texts(fitting(schema, [])), ["{"]);
  const [note] = fitting(schema, []).notes;
  assert.match(note!.message, /at most one space after each comma and colon; .* any order\./);
  const settings = { whitespace: "flexible", property_order: "schema" } as const;
  const loose = fitting({ ...schema, settings }, [id("{")]);
  assert.deepEqual(texts(loose), ["}", " "]);
  assert.match(loose.notes[0]!.message, /any white space .* order of the schema\./);
  assert.deepEqual(fitting(regex("a"), []).notes, []);
});

Deno.test("a constraint that used up its life's budget is compiled anew, once", () => {
  const constraint = regex("a1a1a1|b1b1b1");
  const [one, other] = ["a1a1a", "b1b1b"].map((text) => [...text].map(id));
  const ask = (reader: ConstraintReader, ids: readonly number[]) =>
    reader.position({ vocabulary: shared, constraint, ids }).fits;
  const readers = (states: number) => () =>
    new ConstraintReader({ ...DEFAULT_LIMITS, states, milliseconds: 60_000 });
  const passes = (states: number) => {
    try {
      return [one!, other!].every((ids) => ask(readers(states)(), ids));
    } catch {
      return false;
    }
  };
  const enough = Array.from({ length: 50 }, (_, states) => states).find(passes)!;
  const open = compileConstraint({ type: "regex", schema: constraint.schema }, {
    ...DEFAULT_LIMITS,
    states: enough,
  });
  assert.ok(open.ok);
  const { recogniser } = open.constraint;
  assert.throws(
    () => {
      for (const text of ["a1a1a", "b1b1b"]) readBytes(recogniser, recogniser.initial, encoder.encode(text));
    },
    /states/,
    "both texts are too much for one life",
  );
  const reader = readers(enough)();
  for (let round = 0; round < 3; round++) assert.ok(ask(reader, one!) && ask(reader, other!));
  assert.throws(() => ask(readers(enough - 1)(), one!), /states/);
});

Deno.test("a part that comes too late is refused: an answer takes twice the limit at most", () => {
  let now = 0;
  const reader = new ConstraintReader({ ...DEFAULT_LIMITS, milliseconds: 1000 }, () => now += 400);
  assert.throws(() => fitting(regex("a"), [], reader), /took longer than 1 s/);
});

Deno.test("a check says what is wrong, or how far a text goes", () => {
  const reader = new ConstraintReader();
  const check = (schema: string, text: string | null) =>
    checkConstraint({ type: "regex", schema, text }, reader);
  assert.deepEqual(check("a(", null), {
    ok: false,
    error: { message: check("a(", null).error!.message, line: 1, column: 3 },
    notes: [],
  });
  assert.deepEqual(check("a+", null), { ok: true, notes: [] });
  const whole = check("[a-c]+\\d?", "ab").text!;
  assert.deepEqual([whole.possible, whole.complete, whole.failed_at, whole.may_end], [
    true,
    true,
    null,
    true,
  ]);
  assert.deepEqual(whole.expected.map(({ what }) => what), ["a–c", "a digit"]);
  const failed = check("é\\d", "éx").text!;
  assert.deepEqual([failed.possible, failed.complete, failed.failed_at], [false, false, 2]);
  assert.deepEqual(failed.expected.map(({ what }) => what), ["a digit"]);
  assert.equal(failed.where.length, 1);
  const missing = checkConstraint({ type: "json_schema", schema: '{"type": "strin"}', text: null }, reader);
  assert.deepEqual([missing.ok, missing.error!.pointer], [false, "/type"]);
});

Deno.test("a constraint is worth what it has used, so that large ones push out more of the others", () => {
  const bytesOf = (schema: string) => {
    const compiled = compileConstraint({ type: "regex", schema });
    assert.ok(compiled.ok);
    const { recogniser } = compiled.constraint;
    const { budget } = recogniser.machine;
    const before = budget.bytes;
    readBytes(recogniser, recogniser.initial, encoder.encode("ab".repeat(20)));
    return [before, budget.bytes] as const;
  };
  const [small, large] = [bytesOf("ab"), bytesOf("(a|b)*a(a|b){12}")];
  assert.ok(0 < small[0] && small[0] < small[1] && large[1] > large[0] && large[1] > 2 * small[1]);
});

Deno.test("masks count with the constraint that they are of: over a large vocabulary they are most of it", () => {
  const source = { size: 2 ** 16, bytes: (id: number) => encoder.encode(`a${id}`) };
  const steps = shareVocabulary("large", source, []);
  let step = steps.next();
  while (!step.done) step = steps.next();
  const vocabulary = step.value;
  const reader = new ConstraintReader(DEFAULT_LIMITS, () => 0, 2 ** 18);
  const text = regex("[a0-9]{1,400}");
  const position = (ids: readonly number[]) => reader.position({ vocabulary, constraint: text, ids });
  const first = reader.use(text, (open) => open);
  const mask = (position([]) as Fitting).mask;
  assert.equal(mask.byteLength, 2 ** 13);
  assert.equal(reader.use(text, (open) => open), first);
  for (let length = 1; length < 40; length++) position(new Array(length).fill(7)); // each a state of its own
  assert.notEqual(reader.use(text, (open) => open), first, "40 masks of 8 kB are more than 256 kB");
});

Deno.test("a constraint that grows while it is too slow counts with what it has grown to", () => {
  let now = 0;
  const reader = new ConstraintReader({ ...DEFAULT_LIMITS, milliseconds: 1000 }, () => now, 2 ** 20);
  const text = { type: "regex", schema: "a+" } as const;
  const first = reader.use(text, (open) => open);
  assert.equal(reader.use(text, (open) => open), first);
  assert.throws(() =>
    reader.use(text, ({ constraint }, check) => {
      constraint.recogniser.machine.budget.spend("tableEntries", 2 ** 20); // eight times what may be kept
      now += 2000;
      check();
    })
  );
  assert.notEqual(reader.use(text, (open) => open), first);
});
