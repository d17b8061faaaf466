import assert from "node:assert/strict";
import { AnswerBudget } from "../../lib/engine/answer_budget.ts";
import { faultOf } from "../../lib/fault.ts";
import { MOST_DESCRIBED } from "../../lib/wire/answer_size.ts";

const isFull = (error: unknown) => faultOf(error)?.code === "queue_full";

Deno.test("two of the longest answers fit at once, a third one waits for the end of one; short ones always fit", () => {
  const budget = new AnswerBudget();
  const releases = [budget.take(MOST_DESCRIBED), budget.take(Infinity)];
  assert.throws(() => budget.take(5000), isFull);
  for (let i = 0; i < 1000; i++) budget.take(10);
  releases[0]!();
  releases[0]!(); // given back once only
  budget.take(MOST_DESCRIBED);
  assert.throws(() => budget.take(5000), isFull);
});
