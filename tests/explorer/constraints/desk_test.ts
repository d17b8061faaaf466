import assert from "node:assert/strict";
import { createConstraintDesk } from "../../../lib/explorer/constraints/desk.ts";
import type { ConstraintEngine } from "../../../lib/explorer/constraints/engine.ts";
import type { Answer, Question, QuestionKind } from "../../../lib/explorer/constraints/protocol.ts";
import { createAnswerer } from "../../../lib/explorer/constraints/worker/answer.ts";
import type { ConstraintInput } from "../../../lib/sampling/constraint_kinds.ts";
import { NO_CONSTRAINT } from "../../../lib/sampling/constraint_kinds.ts";
import { constraintSummary } from "../../../lib/explorer/constraints/summary.ts";
import { setConstraint } from "../../../lib/explorer/moves/setting_moves.ts";
import type { Session } from "../../../lib/explorer/session/types.ts";
import { choose, make, opened } from "../fake_api.ts";

const engine: ConstraintEngine = {
  ask: <K extends QuestionKind>(question: Question<K>) =>
    Promise.resolve(createAnswerer()(question as Question) as Answer<K>),
  close() {},
};

function open(constraint: ConstraintInput = NO_CONSTRAINT) {
  const applied: ConstraintInput[] = [];
  const desk = createConstraintDesk({ engine, constraint, rest: 0, apply: (each) => applied.push(each) });
  return { desk, applied };
}

/** Until what is checked is applied. Timers one behind the other: a single one would end beside a slow check. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 5));
}

Deno.test("a kind that is chosen begins with its example and is applied once it was checked", async () => {
  const { desk, applied } = open();
  desk.choose("regex");
  assert.equal(desk.checked.value, null);
  await rest();
  assert.deepEqual(applied, [{ enabled: true, type: "regex", schema: desk.draft.value.schema }]);
  assert.ok(desk.checked.value !== null && !("refused" in desk.checked.value));
});

Deno.test("while there is an error the constraint is off, and on again when it is mended", async () => {
  const { desk, applied } = open();
  desk.choose("regex");
  await rest();
  desk.write("(a");
  await rest();
  assert.deepEqual(applied.at(-1), { enabled: false, type: "regex", schema: "(a" });
  assert.equal(desk.draft.value.on, true);
  assert.equal(constraintSummary(applied.at(-1)!, desk), "Regex: 1 error");
  desk.write("(a)");
  await rest();
  assert.deepEqual(applied.at(-1), { enabled: true, type: "regex", schema: "(a)" });
});

Deno.test("off is at once, and each kind keeps its text", async () => {
  const { desk, applied } = open();
  desk.choose("regex");
  desk.write("a+");
  await rest();
  desk.choose("multiple_choice");
  await rest();
  assert.equal(constraintSummary(applied.at(-1)!, desk), "2 choices");
  desk.choose("off");
  assert.equal(applied.at(-1)!.enabled, false);
  assert.equal(constraintSummary(applied.at(-1)!, desk), "Off");
  desk.choose("regex");
  await rest();
  assert.deepEqual(applied.at(-1), { enabled: true, type: "regex", schema: "a+" });
});

Deno.test("what a link or a stored session brings is taken as it is, its settings too", async () => {
  const { desk, applied } = open();
  const world = await opened();
  const constraint: ConstraintInput = {
    enabled: true,
    type: "json_schema",
    schema: '{"type": "integer"}',
    settings: { whitespace: "compact", property_order: "schema" },
  };
  const session: Session = { ...world.session, settings: { ...world.session.settings, constraint } };
  desk.follow(session, null);
  await rest();
  assert.equal(applied.length, 0, "nothing is to be changed");
  assert.deepEqual(desk.draft.value, {
    on: true,
    type: "json_schema",
    schema: constraint.schema,
    settings: constraint.settings,
  });
  desk.arrange({ whitespace: "flexible", property_order: "any" });
  await rest();
  assert.equal(applied.at(-1)!.settings!.whitespace, "flexible");
});

Deno.test("a stored constraint that cannot be used is switched off", async () => {
  const { desk, applied } = open({ enabled: true, type: "regex", schema: "(" });
  const { session } = await opened();
  const constraint = { enabled: true, type: "regex", schema: "(" } as const;
  desk.follow({ ...session, settings: { ...session.settings, constraint } }, null);
  await rest();
  assert.deepEqual(applied, [{ ...constraint, enabled: false }]);
});

Deno.test("a page that is drawn late does not bring an older text back", async () => {
  const { desk, applied } = open();
  const { session } = await opened();
  const late = (constraint: ConstraintInput) =>
    desk.follow({ ...session, settings: { ...session.settings, constraint } }, null);
  desk.choose("regex");
  late(NO_CONSTRAINT);
  await rest();
  assert.equal(desk.draft.value.on, true);
  desk.write("(a");
  await rest();
  late(applied[0]!);
  late(NO_CONSTRAINT);
  assert.equal(desk.draft.value.schema, "(a");
});

Deno.test("the position follows the text, a barred token that is pointed at is explained", async () => {
  const { desk } = open({ enabled: true, type: "regex", schema: ".*" });
  const world = await opened();
  const constraint = { enabled: true, type: "regex", schema: ".*" } as const;
  await make(world, (now) => setConstraint(now, constraint));
  const follow = async (pointed: number | null, session = world.session) => {
    desk.follow(session, pointed);
    await rest();
    desk.follow(session, pointed);
    await rest();
  };
  await follow(null);
  assert.equal(desk.position.value?.mayEnd, true);
  const before = desk.position.value;
  await make(world, choose(0));
  await follow(null);
  assert.notEqual(desk.position.value, before);
  const { answer } = world.session;
  const token = answer!.dist.tokens[0]!;
  const tokens = answer!.dist.tokens.map((each) => each === token ? { ...each, valid: false } : each);
  const session = { ...world.session, answer: { ...answer!, dist: { ...answer!.dist, tokens } } };
  await follow(token.id, session);
  assert.equal(desk.barred.value?.token.id, token.id);
  await follow(null, session);
  assert.equal(desk.barred.value, null);
});
