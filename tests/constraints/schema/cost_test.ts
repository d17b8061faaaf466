// What a schema may cost: the clock is looked at, and memory counted, while shapes are combined as well.
import assert from "node:assert/strict";
import { compileConstraint } from "../../../lib/constraints/compile.ts";
import { DEFAULT_LIMITS } from "../../../lib/constraints/ir/limits.ts";
import type { Limits } from "../../../lib/constraints/ir/limits.ts";

/** What is said of a schema under these limits; null: it can be used. */
function refusedFor(schema: unknown, limits: Partial<Limits> = {}): string | null {
  const source = { type: "json_schema", schema: JSON.stringify(schema) } as const;
  const compiled = compileConstraint(source, { ...DEFAULT_LIMITS, milliseconds: 1000, ...limits });
  return compiled.ok ? null : compiled.error.message;
}

/** Runs `work` while the clock stands at 0 for so many looks, then far behind every deadline; gives the looks. */
function withClock(looks: number, work: () => void): number {
  const { now } = performance;
  let count = 0;
  performance.now = () => ++count <= looks ? 0 : 1e9;
  try {
    work();
  } finally {
    performance.now = now;
  }
  return count;
}

/** Objects that have nothing in common but that all may be empty: each is taken out of all others. */
const oneOf = (count: number) => ({
  oneOf: Array.from(
    { length: count },
    (_, i) => ({ type: "object", properties: { [`p${i}`]: { const: i } } }),
  ),
});
const contains = (count: number) => ({
  type: "array",
  allOf: Array.from({ length: count }, (_, i) => ({ contains: { const: i } })),
});

Deno.test("the clock is looked at while objects are combined, and what it says is told as it is", () => {
  const looks = withClock(Infinity, () => assert.equal(refusedFor(oneOf(24)), null));
  assert.ok(looks > 30, `${looks} looks`);
  for (let at = 1; at < looks - 1; at += 3) {
    withClock(at, () => assert.match(refusedFor(oneOf(24)) ?? "", /took longer than 1 s/, `look ${at}`));
  }
});

Deno.test("choices of `contains` count what they take: each may double them", () => {
  assert.equal(refusedFor(contains(6), { milliseconds: 1e9 }), null);
  assert.match(
    refusedFor(contains(15), { milliseconds: 1e9, tableEntries: 200_000 }) ?? "",
    /more than 200,000 table entries/,
  );
});

Deno.test("a demand on any member, and a tuple in `not`, count what their ways take", () => {
  const names = Array.from({ length: 400 }, (_, i) => [`p${i}`, {}]);
  const demand = {
    type: "object",
    properties: Object.fromEntries(names),
    not: { additionalProperties: false },
  };
  const tuple = { not: { prefixItems: Array.from({ length: 500 }, () => ({ type: "null" })) } };
  for (const schema of [demand, tuple]) {
    const limits = { milliseconds: 1e9, tableEntries: 100_000 };
    assert.match(refusedFor(schema, limits) ?? "", /more than 100,000 table entries/);
  }
});
