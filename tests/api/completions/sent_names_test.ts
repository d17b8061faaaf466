// Whatever the fault, its sentence and its field are told by the names that were sent.
import assert from "node:assert/strict";
import { withSentNames } from "../../../lib/api/completions/sent_names.ts";
import { fault, faultOf } from "../../../lib/fault.ts";

const NAMES = new Map([["n_predict", "max_tokens"], ["n", "n_cmpl"], ["constraint", "grammar"]]);

async function told(message: string, field?: string): Promise<[string, string | undefined]> {
  const error = await withSentNames(NAMES, () => Promise.reject(fault("invalid_request", message, field)))
    .catch((error) => error as Error);
  return [(error as Error).message, faultOf(error)?.field];
}

Deno.test("fields have the names that were sent, in sentences as well, but not in what a user wrote", async () => {
  assert.deepEqual(await told("n_predict must be 1.", "n_predict"), ["max_tokens must be 1.", "max_tokens"]);
  assert.deepEqual(await told("Set n_predict to at most 3.", "n_predict"), [
    "Set max_tokens to at most 3.",
    "max_tokens",
  ]);
  assert.deepEqual(await told('Of 2 prompts n is at most 1, not "n" of nine.', "n"), [
    'Of 2 prompts n_cmpl is at most 1, not "n" of nine.',
    "n_cmpl",
  ]);
  const inside = await told(
    "constraint.grammar must have a root; the constraint ends.",
    "constraint.grammar",
  );
  assert.deepEqual(inside, ["grammar must have a root; the constraint ends.", "grammar"]);
  assert.deepEqual(await told("n must be 1.", "seed"), ["n must be 1.", "seed"]);
  assert.deepEqual(await told("n must be 1."), ["n must be 1.", undefined]);
});
