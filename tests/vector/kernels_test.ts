import assert from "node:assert/strict";
import fc from "fast-check";
import { kernelBytesText } from "../../lib/build/kernels.ts";
import { expOfNegative, listAtLeast, scanRow, takeWeights, weighRow } from "../../lib/vector/kernels.ts";
import { uniformAt } from "../../lib/sampling/rng.ts";

Deno.test("the kernels are what their code says", async () => {
  const written = await Deno.readTextFile(new URL("../../lib/vector/kernel_bytes.ts", import.meta.url));
  assert.equal(written, kernelBytesText(), "run deno task kernels");
});

Deno.test("the exponential of 0 or less is that of Math, but for its last bits", () => {
  for (let at = 0; at < 200_000; at++) {
    const x = -708 * uniformAt(1, at) ** 3;
    const [own, expected] = [expOfNegative(x), Math.exp(x)];
    assert.ok(Math.abs(own - expected) <= 2 ** -51 * expected, `${x}: ${own}, not ${expected}`);
  }
  for (let x = -708; x > -746; x -= 0.01) {
    assert.ok(Math.abs(expOfNegative(x) - Math.exp(x)) <= 1e-323, `${x}: no normal number`);
  }
  assert.deepEqual([0, -0, -1e-300, -746, -1e9, -Infinity].map(expOfNegative), [1, 1, 1, 0, 0, 0]);
});

/** Rows of any length, now and then with values that cannot come. */
const anyRow = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.double({ min: -800, max: 3, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(-Infinity) },
  ),
  { maxLength: 70 },
);
const kinds = [Float32Array, Float64Array] as const;

Deno.test("a row's weights are the exponential digit for digit, and their sums those of the weights", () => {
  const anyFactor = fc.constantFrom(0.01, 0.7, 1, 1 / 0.7, 50);
  fc.assert(fc.property(anyRow, anyFactor, fc.array(fc.nat(69), { maxLength: 3 }), (list, factor, some) => {
    for (const Kind of kinds) {
      const values = Kind.from(list);
      const without = some.filter((at) => at < values.length);
      const found = weighRow(values, { largest: 3, factor, without }, { leaves: true });
      const weights = takeWeights(values, found)!;
      let [sum, weighted] = [0, 0];
      for (let at = 0; at < values.length; at++) {
        const x = (values[at]! - 3) * factor;
        const expected = without.includes(at) ? 0 : expOfNegative(x);
        assert.equal(weights[at], expected, `${values[at]}`);
        sum += expected;
        if (expected > 0) weighted -= expected * x;
      }
      const isNear = (a: number, b: number) => Math.abs(a - b) <= 1e-14 * b + 1e-300;
      assert.ok(
        isNear(found.sum, sum) && isNear(found.weighted, weighted),
        `${found.sum}, ${found.weighted}`,
      );
      assert.deepEqual(weighRow(values, { largest: 3, factor, without }), found);
      assert.deepEqual(values, Kind.from(list), "the row was changed");
    }
  }));
});

Deno.test("a row is looked through to its last value", () => {
  fc.assert(fc.property(anyRow, fc.constantFrom(null, NaN, Infinity), fc.nat(69), (list, odd, place) => {
    const row = Float32Array.from(list);
    if (odd !== null && row.length > 0) row[place % row.length] = odd;
    const largest = row.reduce((a, b) => Math.max(a, b), -Infinity) + 0;
    const gone = row.filter((value) => value === -Infinity).length;
    assert.deepEqual(scanRow(row), row.some(Number.isNaN) ? null : { largest, gone });
  }));
});

Deno.test("the values from an edge on are listed, unless they are too many", () => {
  fc.assert(fc.property(anyRow, fc.nat(69), fc.nat(80), (list, at, most) => {
    const row = Float32Array.from(list);
    for (const edge of [row[at % Math.max(1, row.length)] ?? 0, -Infinity, 0.5]) {
      const ids = Array.from(row, (_, id) => id).filter((id) => row[id]! >= edge);
      const found = listAtLeast(row, edge, most);
      assert.deepEqual(found, ids.length > most ? null : Int32Array.from(ids), `${most} from ${edge} on`);
    }
  }));
});

Deno.test("a row far longer than the memory had room for is weighed, and a short one after it", () => {
  const long = Float64Array.from({ length: 300_001 }, (_, at) => -at / 1000);
  const { sum } = weighRow(long, { largest: 0, factor: 1, without: [] }, { leaves: true });
  assert.ok(Math.abs(sum - long.reduce((all, value) => all + Math.exp(value), 0)) < 1e-9 * sum);
  assert.equal(weighRow(Float32Array.of(0), { largest: 0, factor: 1, without: [] }).sum, 1);
});

Deno.test("what a call found stays as it is, whatever row comes next", () => {
  const found = listAtLeast(Float32Array.of(3, 1, 2), 2, 3);
  listAtLeast(new Float32Array(3), 0, 3);
  assert.deepEqual(found, Int32Array.of(0, 2));
});

Deno.test("a list may end where the memory does, and what cannot be found takes no memory", () => {
  const length = 200 * 2 ** 13 - 128; // with its ids, it fills 200 pages, more than any row before
  const row = new Float32Array(length);
  assert.equal(listAtLeast(row, 0, length - 1), null);
  assert.equal(listAtLeast(row, 0, length)?.at(-1), length - 1);
  assert.deepEqual(listAtLeast(Float32Array.of(1), 0, 2 ** 40), Int32Array.of(0));
});

Deno.test("a row that stays is read where it lies, other rows and what they leave beside it", () => {
  const row = Float32Array.from({ length: 40 }, (_, at) => at % 7);
  const whole = { largest: 6, factor: 1, without: [] };
  const alone = weighRow(row, whole);
  const listed = listAtLeast(row, 5, 40);
  assert.deepEqual(scanRow(row, { stays: true }), { largest: 6, gone: 0 });
  assert.deepEqual(weighRow(row, whole), alone);
  const some = weighRow(row, { ...whole, without: [3, 6] });
  assert.ok(some.sum < alone.sum);
  assert.deepEqual(weighRow(row, whole), alone, "what was left out is back");
  const short = Float64Array.of(0, -1);
  const found = weighRow(short, { ...whole, largest: 0 }, { leaves: true });
  assert.deepEqual(takeWeights(short, found), Float64Array.of(1, expOfNegative(-1)));
  assert.deepEqual(weighRow(row, whole), alone);
  assert.equal(takeWeights(short, found), null, "they are gone");
  assert.deepEqual(listAtLeast(row, 5, 40), listed);
  const other = Float32Array.from(row, (value) => 6 - value);
  assert.notDeepEqual(weighRow(other, whole), alone, "as long, it takes the place");
  assert.deepEqual(weighRow(row, whole), alone);
});
