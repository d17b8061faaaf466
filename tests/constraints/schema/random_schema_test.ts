// Random schemas, judged by ajv: what it takes must be possible, what it refuses must not.
import assert from "node:assert/strict";
import { compileConstraint } from "../../../lib/constraints/compile.ts";
import { readBytes } from "../../../lib/constraints/explain/barred.ts";
import { DEFAULT_LIMITS } from "../../../lib/constraints/ir/limits.ts";
import { seededRandom } from "../random.ts";
import { ajvJudge } from "./ajv_judge.ts";
import { likelyValue, randomSchema, randomValue } from "./random_schema.ts";

const SCHEMAS = 120;
const DOCUMENTS = 40;

Deno.test(`${SCHEMAS} random schemas take what ajv takes; what is refused has a pointer`, () => {
  const tally = { compiled: 0, right: 0, wrong: 0 };
  for (let seed = 1; seed <= SCHEMAS; seed++) {
    const random = seededRandom(seed);
    const schema = randomSchema(random);
    const isRight = ajvJudge(schema);
    const text = JSON.stringify(schema);
    const limits = { ...DEFAULT_LIMITS, milliseconds: 30_000 };
    const compiled = compileConstraint({ type: "json_schema", schema: text }, limits);
    const values = Array.from({ length: DOCUMENTS }, (_, i) => {
      return i % 4 === 3 ? randomValue(random) : likelyValue(schema, random);
    });
    if (!compiled.ok) {
      const { message, pointer } = compiled.error;
      assert.ok(pointer !== undefined, `${message}: ${text}`);
      if (!message.startsWith("No value can")) continue;
      for (const value of values) assert.ok(!isRight(value), `${message} ${text}: ${JSON.stringify(value)}`);
      continue;
    }
    tally.compiled++;
    const { recogniser } = compiled.constraint;
    for (const value of values) {
      const written = new TextEncoder().encode(JSON.stringify(value));
      const read = readBytes(recogniser, recogniser.initial, written);
      const right = isRight(value);
      tally[right ? "right" : "wrong"]++;
      assert.equal(read.possible && read.complete, right, `seed ${seed}, ${text}: ${JSON.stringify(value)}`);
    }
  }
  assert.ok(
    tally.compiled > 0.7 * SCHEMAS && tally.right > 1200 && tally.wrong > 600,
    JSON.stringify(tally),
  );
});
