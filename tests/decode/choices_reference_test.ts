// Whole options of the bundled model against PyTorch: every log-probability, every winner, every greedy path.
import assert from "node:assert/strict";
import { constraintChoicesRequest } from "../../lib/api/endpoints/constraint_choices.ts";
import { parseRequest } from "../../lib/api/http/parse.ts";
import { scoreChoices } from "../../lib/decode/choices.ts";
import { finish } from "./jobs.ts";
import { openRealModel } from "./real_model.ts";

interface Case {
  readonly prompt?: string;
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
  readonly prompt_ids: readonly number[];
  readonly options: readonly {
    readonly text: string;
    readonly ids: readonly number[];
    readonly logprob: readonly number[];
    readonly total: number;
    readonly mean_per_token: number;
    readonly mean_per_byte: number;
    readonly joint_tokenisation_differs?: boolean;
  }[];
  readonly best_total: number;
  readonly best_mean_per_token: number;
  readonly best_mean_per_byte: number;
  readonly greedy_bytes: { readonly option: number; readonly ids: readonly number[] };
  readonly disagree: boolean;
}

const TOLERANCE = 5e-4; // of each token; ONNX Runtime against PyTorch was 4.6e-5
const never = new AbortController().signal;

Deno.test("whole choices are the reference's, the greedy trap too", async () => {
  const fixture = await Deno.readTextFile(new URL("../fixtures/choices.json", import.meta.url));
  const { cases } = JSON.parse(fixture) as { cases: Case[] };
  const real = await openRealModel();
  try {
    for (const expected of cases) {
      const { messages, prompt } = expected;
      const schema = JSON.stringify(expected.options.map(({ text }) => text));
      const request = {
        ...(messages === undefined ? { prompt, use_chat_template: false } : { messages }),
        constraint: { type: "multiple_choice", schema },
      };
      const input = parseRequest(constraintChoicesRequest, request);
      const result = await finish(scoreChoices(input, real.language, never));
      const name = prompt ?? JSON.stringify(messages);
      expected.options.forEach((option, at) => {
        const own = result.options[at]!;
        assert.deepEqual(own.tokens.map(({ id }) => id), option.ids, name);
        option.logprob.forEach((logprob, i) => {
          assert.ok(Math.abs(own.logprobs[i]! - logprob) < TOLERANCE, `${name}${option.text} ${i}`);
        });
        assert.ok(Math.abs(own.mean_per_token - option.mean_per_token) < TOLERANCE);
        assert.ok(Math.abs(own.mean_per_byte - option.mean_per_byte) < TOLERANCE);
        assert.equal(own.joint_tokenisation_differs, option.joint_tokenisation_differs ?? false, name);
      });
      const { total, mean_per_token, mean_per_byte } = result.best;
      assert.deepEqual(
        [total, mean_per_token, mean_per_byte, result.trap],
        [expected.best_total, expected.best_mean_per_token, expected.best_mean_per_byte, expected.disagree],
        name,
      );
      assert.deepEqual(
        [result.greedy.option, result.greedy.tokens.map(({ id }) => id)],
        [expected.greedy_bytes.option, expected.greedy_bytes.ids],
        name,
      );
    }
    assert.equal(cases.length, 22);
  } finally {
    await real.close();
  }
});
