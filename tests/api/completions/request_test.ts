import assert from "node:assert/strict";
import { z } from "zod";
import { completionFields } from "../../../lib/api/completions/fields.ts";
import { choiceInput } from "../../../lib/api/completions/request.ts";
import { faultOf } from "../../../lib/fault.ts";

const MODEL = { model_id: "m", vocab_size: 10 } as Parameters<typeof choiceInput>[1];

function refusal(settings: Record<string, unknown>): string | null {
  try {
    const request = z.object(completionFields).parse(settings);
    choiceInput(request, MODEL, { max_tokens: 0, echo: false, logprobs: null });
    return null;
  } catch (error) {
    return `${faultOf(error)?.code} ${faultOf(error)?.field}`;
  }
}

Deno.test("ids that the model lacks are refused by name in every setting, also where no token is drawn", () => {
  assert.equal(refusal({ dry_breakers: [9], stop_token_ids: [0], logit_bias: { 9: 1 } }), null);
  assert.equal(refusal({ dry_breakers: [1, 10] }), "unknown_token dry_breakers[1]");
  assert.equal(refusal({ stop_token_ids: [10] }), "unknown_token stop_token_ids[0]");
  assert.equal(refusal({ logit_bias: { 10: 1 } }), "unknown_token logit_bias.10");
});
