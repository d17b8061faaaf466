// POST /api/attribution over the bundled model, through every thread there is: the references' values, progress, and a
// client that leaves. One engine for all of it: to open the graph of gradients takes longer than what is asked of it.
import assert from "node:assert/strict";
import type { AttributionProgress, AttributionResult } from "../../lib/wire/attribution.ts";
import { assertClose, attributionCases, splitCases } from "../attribution/references.ts";
import { checkInseq } from "./inseq_cases.ts";
import { askApi, withApi } from "./real_api.ts";
import { withEngine } from "./real_engine.ts";
import { specFor } from "./spec.ts";

const BUNDLED = "HuggingFaceTB/SmolLM2-135M-Instruct";
const CLOSE = { relative: 1e-2 };

interface Answer {
  readonly result: AttributionResult;
  readonly progress: readonly AttributionProgress[];
}

async function ask(url: string, body: Record<string, unknown>, signal?: AbortSignal): Promise<Answer> {
  const response = await fetch(`${url}/api/attribution`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...body, stream: true }),
    ...(signal && { signal }),
  });
  const text = await response.text();
  const events = [...text.matchAll(/event: (\w+)\r?\ndata: (.*)/g)].map(([, event, data]) => (
    { event, data: JSON.parse(data!) }
  ));
  const result = events.find(({ event }) => event === "result")?.data;
  assert.ok(result, text);
  return { result, progress: events.filter(({ event }) => event === "progress").map(({ data }) => data) };
}

Deno.test("attribution over HTTP with the bundled model", async (t) => {
  await withEngine(specFor(BUNDLED), async ({ engine }) => {
    await withApi(engine, async (url) => {
      const [text] = attributionCases("smollm2");
      const [target] = text!.targets;
      const question = { prompt_ids: text!.ids, target_token_id: target!.id };
      for (const occlusion of ["zero_embedding", "delete_token", "zero_value"]) {
        await t.step(`occlusion, ${occlusion}: the reference's scores`, async () => {
          const { result } = await ask(url, { ...question, method: "occlusion", occlusion });
          assert.equal(result.attributions.length, text!.ids.length);
          assertClose(result.attributions, target!.occlusion[occlusion]!, CLOSE, occlusion);
        });
      }
      await t.step("direct logit attribution: the reference's parts, which add up to the logit", async () => {
        const [{ ids, parts, targets }] = splitCases("smollm2") as [ReturnType<typeof splitCases>[number]];
        const { id, values, logit } = targets[0]!;
        const body = { prompt_ids: ids, target_token_id: id, method: "direct_logit" };
        const { result } = await ask(url, body);
        assert.equal(result.parts!.length, parts.length);
        const found = result.parts!.map(({ value }) => value);
        assertClose(found, values, CLOSE, "parts");
        const sum = found.reduce((total, value) => total + value, result.constant!);
        assertClose([sum, result.total!], [logit, logit], { absolute: 1e-3, relative: 1e-4 }, "sum");
      });
      await t.step("saliency tells that its graph is opened, and gives every token a score", async () => {
        const { result, progress } = await ask(url, { ...question, method: "saliency", faithfulness: true });
        assert.equal(progress[0]!.phase, "opening");
        assert.ok(progress.some(({ phase, done }) => phase === "computing" && done > 0 && done < 100));
        assert.equal(result.attributions.length, text!.ids.length);
      });
      await t.step(
        "integrated gradients that converge add up within 5 % from the unknown token",
        async () => {
          const body = {
            prompt_ids: text!.ids.slice(0, 1), // 19 gradients: two more than the first division; five tokens take 117
            target_token_id: 28,
            method: "integrated_gradients",
            steps: "converging",
            quantity: "logprob",
          };
          const { result, progress } = await ask(url, { ...body, signed: true });
          assert.ok(
            result.completeness_error! <= 0.05,
            `${result.completeness_error} after ${result.evaluations}`,
          );
          assert.equal(result.trusted, true);
          assert.ok(result.evaluations! > 17 && result.evaluations! <= 400);
          assert.ok(progress.some(({ done }) => done > 0 && done < 100));
        },
      );
      await t.step(
        "default answers are the published app's, one score for each token of the context",
        () => checkInseq(async (body) => (await ask(url, body)).result),
      );
      await t.step("a client that leaves is answered at once, and others are served", async () => {
        const leave = new AbortController();
        const body = { ...question, method: "integrated_gradients", steps: 400 };
        const asked = ask(url, body, leave.signal);
        setTimeout(() => leave.abort(), 300);
        await assert.rejects(asked, { name: "AbortError" });
        assert.equal((await askApi(url, text!.ids)).status, 200);
        const { result } = await ask(url, { ...question, method: "input_x_gradient" });
        assert.equal(result.attributions.length, text!.ids.length);
      });
    });
  });
});
