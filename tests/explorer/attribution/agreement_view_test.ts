import assert from "node:assert/strict";
import { agreementView } from "../../../lib/explorer/attribution/agreement_view.ts";
import { loadChoice, saveChoice } from "../../../lib/explorer/attribution/stored_choice.ts";
import { FIRST_CHOICE } from "../../../lib/explorer/attribution/methods.ts";
import type { MethodComparison } from "../../../lib/wire/attribution.ts";

Deno.test("agreement is a row for each method; itself and what has no order have no colour", () => {
  const methods = ["saliency", "attention", "rollout"].map((label) => ({ label }));
  const agreement = [[1, 0.9, -0.5], [0.9, 1, null], [-0.5, null, 1]];
  const rows = agreementView({ methods, agreement, left_out: [] } as unknown as MethodComparison);
  assert.deepEqual(rows.map(({ name }) => name), ["saliency", "attention", "rollout"]);
  assert.deepEqual(rows[0]!.cells.map(({ text }) => text), ["1", "0.90", "−0.50"]);
  assert.deepEqual(rows[0]!.cells.map(({ heat }) => heat?.scale ?? null), [null, "attribution", "against"]);
  assert.deepEqual(rows[1]!.cells[2], { heat: null, text: "–" });
});

Deno.test("the baseline is remembered: zeros, the unknown token, or any token's id", () => {
  for (const baseline of ["zero", "unk", 0, 4711] as const) {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    saveChoice(storage, { ...FIRST_CHOICE, baseline });
    assert.equal(loadChoice(storage).baseline, baseline);
  }
});
