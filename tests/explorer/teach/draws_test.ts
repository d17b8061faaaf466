import assert from "node:assert/strict";
import { drawMany, tabulateDraws, tabulateSoftmax } from "../../../lib/explorer/teach/draws.ts";
import { guessScore, guessWords } from "../../../lib/explorer/teach/guesses.ts";
import { renderToken } from "../../../lib/explorer/words/appearance.ts";
import { dist, distToken, token } from "../builders.ts";

Deno.test("draws are the same with the same seed and come near their expectation", () => {
  const bars = dist(0.5, 0.3, 0.1);
  const counts = drawMany(bars, 7, 10_000);
  assert.deepEqual(counts, drawMany(bars, 7, 10_000));
  assert.notDeepEqual(counts, drawMany(bars, 8, 10_000));
  assert.equal([...counts.values()].reduce((sum, count) => sum + count, 0), 10_000);
  for (const { drawn, expected, spread } of tabulateDraws(bars, counts, 10_000)) {
    assert.ok(Math.abs(drawn - Number(expected)) < 5 * Number(spread), `${drawn} of ${expected} ± ${spread}`);
  }
  const rows = tabulateDraws(bars, new Map([[0, 4], [null, 1]]), 100);
  assert.deepEqual(rows.map(({ id, drawn, expected }) => [id, drawn, expected]), [
    [0, 4, "50.0"],
    [1, 0, "30.0"],
    [2, 0, "10.0"],
    [null, 1, "10.0"],
  ]);
  assert.equal(rows[0]!.spread, "5.0");
});

Deno.test("a removed token is never drawn", () => {
  const bars = { ...dist(0.6, 0.4), tokens: [distToken(0, 1), distToken(1, 0, { kept: false })] };
  assert.deepEqual(drawMany(bars, 1, 50), new Map([[0, 50]]));
});

const logits = (temperature: number, changed = 1) => {
  const z = [3, 2, 0];
  const share = (heat: number) => z.map((value) => Math.exp(value / heat));
  const norm = (values: number[]) => values.map((value) => value / values.reduce((sum, one) => sum + one, 0));
  const [raw, base] = [norm(share(1)), norm(share(temperature))];
  const tokens = z.map((logit, id) =>
    distToken(id, base[id]! * (id === 1 ? changed : 1), {
      logit,
      p_raw: raw[id]!,
      p_base: base[id]! * (id === 1 ? changed : 1),
    })
  );
  return { ...dist(), tokens };
};

Deno.test("logits become probabilities: e to the power of (z − max) / T over the sum", () => {
  const table = tabulateSoftmax(logits(0.5), 0.5)!;
  assert.deepEqual(table.rows.map(({ logit, scaled, power }) => [logit, scaled, power]), [
    ["3.00", "0.00", "1"],
    ["2.00", "−2.00", "0.135"],
    ["0.00", "−6.00", "0.00248"],
  ]);
  assert.equal(table.sum, "1.14"); // 1 + e⁻² + e⁻⁶
  assert.equal(table.rows[0]!.share, "87.9");
  assert.equal(table.temperature, 0.5);
});

Deno.test("where penalties change a share, or nothing is divided by, the model's own softmax is shown", () => {
  assert.equal(tabulateSoftmax(logits(0.5, 0.5), 0.5)!.temperature, 1);
  const greedy = tabulateSoftmax(logits(1), 0)!;
  assert.deepEqual([greedy.temperature, greedy.sum], [1, "1.42"]); // 1 + e⁻¹ + e⁻³
  assert.equal(tabulateSoftmax({ ...dist(), tokens: [] }, 1), null);
});

Deno.test("guesses are told in words and counted", () => {
  const guess = { typed: "Paris", id: 1, rendering: renderToken(token(1, " Paris")), place: 1, p: 0.955 };
  assert.equal(guessWords(guess), "Your guess space Paris is number 1, with 95.5 percent.");
  assert.equal(guessScore([]), "No guesses yet.");
  assert.equal(
    guessScore([guess, { ...guess, place: 4 }, { ...guess, place: 40 }]),
    "3 guesses: 1 the model's first, 2 among its first ten.",
  );
});
