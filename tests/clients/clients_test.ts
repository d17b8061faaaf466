// Programs that people use elsewhere, unchanged, against this server: OpenAI's SDKs and lm-evaluation-harness. The
// Python ones need `python3` (or NEXTTOKEN_TEST_PYTHON) with the packages openai and lm_eval[api]; left out aloud
// without them, required with NEXTTOKEN_REQUIRE_PYTHON=1.
import assert from "node:assert/strict";
import { join } from "node:path";
import OpenAI from "openai";
import { FIXTURES, ROOT } from "../engine/spec.ts";
import { hasPackages, python, required } from "./python.ts";
import { withServedModel } from "./served.ts";

const HERE = import.meta.dirname!;
const MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct";

const there = await hasPackages("openai", "lm_eval");
if (!there && !required) {
  console.warn(`LEFT OUT: Python's clients. Python lacks the packages openai and lm_eval.`);
}

/** Log-probabilities of a text, as the server gives them for one prompt. */
async function scores(url: string, prompt: string) {
  const response = await fetch(`${url}/v1/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ prompt, max_tokens: 0, echo: true, logprobs: 1 }),
  });
  const { choices: [{ logprobs }] } = await response.json();
  return logprobs as { token_logprobs: (number | null)[]; text_offset: number[]; content: { id: number }[] };
}

async function checkPerplexity(url: string): Promise<void> {
  const { cases } = JSON.parse(await Deno.readTextFile(join(FIXTURES, "perplexity.json")));
  for (const { name, text, ids, logprob, mean_nll } of cases) {
    const lists = await scores(url, text);
    assert.deepEqual(lists.content.map(({ id }) => id), ids, name);
    lists.token_logprobs.slice(1).forEach((value, at) =>
      assert.ok(Math.abs(value! - logprob[at + 1]) <= 1e-3, `${name} at ${at + 1}`)
    );
    const mean = lists.token_logprobs.slice(1).reduce<number>((sum, value) => sum + value!, 0) /
      (ids.length - 1);
    assert.ok(Math.abs(Math.exp(-mean) - Math.exp(mean_nll)) <= 1e-3 * Math.exp(mean_nll), name);
  }
}

async function checkJavaScript(url: string): Promise<void> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "anything", maxRetries: 0 });
  const { data: [model] } = await client.models.list();
  assert.equal(model!.id, MODEL);
  const body = { model: MODEL, prompt: "The capital of France is", max_tokens: 4, temperature: 0 };
  const whole = await client.completions.create({ ...body, logprobs: 2 });
  assert.ok(whole.choices[0]!.text.startsWith(" Paris"));
  assert.equal(whole.choices[0]!.logprobs!.tokens!.length, 4);
  let text = "";
  for await (const chunk of await client.completions.create({ ...body, stream: true })) {
    text += chunk.choices[0]!.text;
  }
  assert.equal(text, whole.choices[0]!.text);
  const chat = await client.chat.completions.create({
    model: MODEL,
    messages: [{ role: "user", content: "Name a colour." }],
    ...{ max_tokens: 3, temperature: 0, logprobs: true, top_logprobs: 2 },
  });
  assert.equal(chat.choices[0]!.logprobs!.content!.length, 3);
  const long = await client.completions.create({ ...body, max_tokens: 4000, stream: true });
  let seen = 0;
  for await (const _ of long) if (++seen === 3) long.controller.abort();
  assert.equal(seen, 3);
  await assert.rejects(client.completions.create({ ...body, n: 0 }), (error: unknown) => {
    assert.ok(error instanceof OpenAI.BadRequestError && error.param === "n", String(error));
    return true;
  });
}

async function checkPython(url: string): Promise<void> {
  const { success, errors } = await python([join(HERE, "openai_sdk.py"), url]);
  assert.ok(success, errors);
}

/** Runs the harness with both tokenizer backends: its log-likelihoods are those of a direct computation. */
async function checkHarness(url: string): Promise<void> {
  const tokenizers = ["remote", `huggingface,tokenizer=${join(ROOT, "models", MODEL)}`];
  const args = [join(HERE, "lm_eval_run.py"), url, MODEL, join(HERE, "tasks"), ...tokenizers];
  const { success, out, errors } = await python(args);
  assert.ok(success, errors);
  const runs = out.trim().split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  assert.equal(runs.length, tokenizers.length);
  for (const { samples, scores: found } of runs) {
    assert.ok(found.next_token_choice["acc,none"] >= 0.5, JSON.stringify(found));
    for (const { task, arguments: asked, answers } of samples) {
      if (task !== "next_token_choice") continue;
      for (const [at, [context, continuation]] of Object.values(asked as [string, string][]).entries()) {
        const [[loglikelihood]] = answers[at];
        const lists = await scores(url, context + continuation);
        const start = lists.text_offset.findIndex((offset) => offset >= context.length);
        const direct = lists.token_logprobs.slice(start).reduce<number>((sum, value) => sum + value!, 0);
        assert.ok(
          Math.abs(direct - Number(loglikelihood)) <= 1e-3,
          `${context}${continuation}: ${direct} ${loglikelihood}`,
        );
      }
    }
  }
  assert.deepEqual(runs[0].scores, runs[1].scores);
}

Deno.test("programs that people use elsewhere, one server for all of them", async (t) => {
  await withServedModel(async (url) => {
    await t.step("perplexity of the reference passages through /v1/completions", () => checkPerplexity(url));
    await t.step(
      "OpenAI's SDK for JavaScript: stream, log-probabilities, errors, abort",
      () => checkJavaScript(url),
    );
    const checks = {
      "OpenAI's SDK for Python": checkPython,
      "lm-evaluation-harness, both tokenizer backends": checkHarness,
    };
    for (const [name, check] of Object.entries(checks)) {
      await t.step({
        name: there ? name : `${name} (left out: no openai, no lm_eval)`,
        ignore: !there && !required,
        fn: async () => {
          assert.ok(there, "openai and lm_eval are required (NEXTTOKEN_REQUIRE_PYTHON=1) and missing");
          await check(url);
        },
      });
    }
  });
});
