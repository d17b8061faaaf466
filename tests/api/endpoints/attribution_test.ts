// What the OpenAPI document says of a target, of what stands before it and of fields that a method does not read, held
// against what is really refused.
import assert from "node:assert/strict";
import { attributionRequest } from "../../../lib/api/endpoints/attribution.ts";
import { parseRequest } from "../../../lib/api/http/parse.ts";
import { subjectOf } from "../../../lib/decode/attribution/subject.ts";
import { taskOf } from "../../../lib/decode/attribution/task.ts";
import { faultOf } from "../../../lib/fault.ts";
import { ajvJudge } from "../../constraints/schema/ajv_judge.ts";
import { fakeLanguage } from "../../fake_language.ts";
import { FAKE_INFO } from "../../fakes.ts";

const stated = ajvJudge({ anyOf: attributionRequest.meta()!.anyOf });
const model = fakeLanguage(FAKE_INFO);

/** null, or the code of the fault and its field. */
async function refusal(body: unknown): Promise<string | null> {
  try {
    await subjectOf(parseRequest(attributionRequest, body), model, new AbortController().signal);
    return null;
  } catch (error) {
    const { code, field } = faultOf(error)!;
    return `${code} ${field}`;
  }
}

Deno.test("a target has a token before it, by the document as by the server", async () => {
  const cases: readonly [body: Record<string, unknown>, refusal: string | null][] = [
    [{ prompt_ids: [], completion_ids: [5, 6] }, "empty_context prompt_ids"],
    [{ prompt_ids: [], completion_ids: [5, 6], target_index: -1 }, "empty_context prompt_ids"],
    [{ prompt_ids: [], completion_ids: [5, 6], target_index: 1 }, null],
    [{ prompt_ids: [], completion_ids: [5, 6], target_index: 2 }, "invalid_request target_index"],
    [{ prompt_ids: [], completion_ids: [5, 6], target_span: [0, 2] }, "empty_context prompt_ids"],
    [{ prompt_ids: [], completion_ids: [5, 6], target_span: [1, 2] }, null],
    [{ prompt_ids: [], completion_ids: [5], target_token_id: 7 }, "empty_context prompt_ids"],
    [{ prompt_ids: [], completion_ids: [5], target_token_id: 7, target_index: 1 }, null],
    [{ prompt_ids: [], completion_ids: [], target_token_id: 7, target_index: 1 }, "empty_context prompt_ids"],
    [{ prompt_ids: [5], completion_ids: [6] }, null],
    [{ prompt: "a", use_chat_template: false, completion_ids: [6] }, null],
  ];
  for (const [body, expected] of cases) {
    const sent = { method: "saliency", ...body };
    assert.equal(await refusal(sent), expected, JSON.stringify(body));
    assert.equal(stated(sent), expected === null, `${JSON.stringify(body)} by the document`);
  }
});

Deno.test("a field that the method does not read, by the document as by the server", () => {
  const asked: readonly Record<string, unknown>[] = [
    {},
    { layer: 1 },
    { layer: 1, head: 0 },
    { head: 0 },
    { heads: true },
    { heads: false, everywhere: false, signed: false, faithfulness: false },
    { remove: [] },
    { remove: [{ kind: "mlp", layer: 0 }] },
    { everywhere: true },
    { follow: [3] },
    { follow: [] },
    { signed: true },
    { contrast_token_id: 3 },
    { contrast_token_id: null, quantity: null, layer: null, head: null },
    { quantity: "prob" },
    { quantity: "logit" },
    { quantity: "prob", contrast_token_id: 3 },
    { quantity: "logit", contrast_token_id: 3 },
    { faithfulness: true },
    { segments: "message" },
    { segments: "word" },
  ];
  const methods = [
    ...["off", "attention", "attention_rollout", "saliency", "input_x_gradient"],
    ...["integrated_gradients", "occlusion", "direct_logit", "logit_lens", "comparison"],
  ];
  let refused = 0;
  for (const method of methods) {
    for (const fields of asked) {
      const sent = { prompt_ids: [5], completion_ids: [6], method, ...fields };
      const isTaken = attributionRequest.safeParse(sent).success;
      if (!isTaken) refused++;
      assert.equal(stated(sent), isTaken, `${method} ${JSON.stringify(fields)} by the document`);
    }
  }
  assert.ok(refused > 50);
});

Deno.test("a span of several tokens, by the document as by the server", async () => {
  const methods = [
    ...["attention", "attention_rollout", "saliency", "input_x_gradient"],
    ...["integrated_gradients", "occlusion", "direct_logit", "logit_lens", "comparison"],
  ];
  const asked = [{}, { faithfulness: true }, { contrast_token_id: 3 }, { quantity: "logit" }, {
    quantity: "prob",
  }];
  const spans = [null, [0, 1], [0, 2], [1, 2], [1, 3], [0, 9], [3, 8], [2, 2]];
  let [taken, refused] = [0, 0];
  for (const method of methods) {
    for (const fields of asked) {
      for (const target_span of spans) {
        const sent = {
          ...{ prompt_ids: [5, 4], completion_ids: [6, 7, 8, 9, 10, 11, 12, 13], baseline: "zero" },
          ...{ method, target_span, ...fields },
        };
        const isTaken = await isExplained(sent);
        if (isTaken) taken++;
        else refused++;
        assert.equal(stated(sent), isTaken, `${JSON.stringify(sent)} by the document`);
      }
    }
  }
  assert.ok(taken > 100 && refused > 100, `${taken} ${refused}`);
});

async function isExplained(body: unknown): Promise<boolean> {
  try {
    const input = parseRequest(attributionRequest, body);
    const subject = await subjectOf(input, model, new AbortController().signal);
    if (input.method === "off") return true;
    taskOf(input.method, input, subject, model);
    return true;
  } catch (error) {
    if (faultOf(error) === null) throw error;
    return false;
  }
}
