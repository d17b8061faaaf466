// Engines that list the most probable tokens only: vLLM as it starts by default, SGLang. Recorded contracts of their
// sources, because neither can run here: every request must be one that they take, and every number is known. The model
// is a small one: remote_test.ts asks for a vocabulary of the usual size.
import assert from "node:assert/strict";
import { parseRequest } from "../../../lib/api/http/parse.ts";
import { constraintChoicesRequest } from "../../../lib/api/endpoints/constraint_choices.ts";
import { generateRequest } from "../../../lib/api/endpoints/generate.ts";
import { previewRequest } from "../../../lib/api/endpoints/preview.ts";
import { stepRequest } from "../../../lib/api/endpoints/step.ts";
import { vocabularyRequest } from "../../../lib/api/endpoints/vocabulary.ts";
import { generate } from "../../../lib/engine/generate.ts";
import type { Engine } from "../../../lib/engine/types.ts";
import { faultOf } from "../../../lib/fault.ts";
import { ask, withEngine } from "../../engine/real_engine.ts";
import { specFor } from "../../engine/spec.ts";
import { type Asked, withFakeEngine } from "./fake_engines.ts";
import { servedBy } from "./served.ts";

const MODEL = "tiny-llama-gqa"; // of 384 tokens
const TEXT = "The capital of France is";
const options = { client: "test", signal: new AbortController().signal };
const plain = { prompt: TEXT, use_chat_template: false };
const exact = { temperature: 1, top_p: 1, repetition_penalty: 1 };

const preview = (engine: Engine, body: Record<string, unknown>) =>
  engine.submit("preview", parseRequest(previewRequest, { ...plain, ...body }), options);
const step = (engine: Engine, body: Record<string, unknown>) =>
  engine.submit("step", parseRequest(stepRequest, { ...plain, ...body }), options);

interface Pair {
  readonly own: Engine;
  readonly remote: Engine;
  readonly asked: Asked;
}

/** Runs `check` with an engine of this kind that serves `own`'s model, and ours over it. */
async function withPair(
  kind: "vllm" | "sglang",
  maxLogprobs: number,
  own: Engine,
  check: (pair: Pair) => Promise<void>,
): Promise<void> {
  await withFakeEngine(
    kind,
    servedBy(own),
    { maxLogprobs },
    (url, asked) =>
      withEngine(specFor(`openai+${url}#${MODEL}`), async ({ engine: remote }) => {
        const { model } = remote.status();
        assert.ok(model.state === "ready", JSON.stringify(model));
        await check({ own, remote, asked });
      }),
  );
}

Deno.test("engines that list the most probable tokens", async (t) => {
  await withEngine(specFor(MODEL), async ({ engine: own }) => {
    await t.step(
      "vLLM with its 20: the top exact, the rest one mass with a bound, through every job",
      (t) => withPair("vllm", 20, own, (pair) => checkTwenty(pair, t)),
    );
    await t.step(
      "vLLM with --max-logprobs -1: the whole vocabulary, with constraints",
      () => withPair("vllm", -1, own, checkUnlimited),
    );
    await t.step(
      "SGLang by its own /generate: ids in, every token listed, prompt scores in one request",
      () => withPair("sglang", 20, own, checkSglang),
    );
  });
});

async function checkTwenty({ own, remote, asked }: Pair, t: Deno.TestContext): Promise<void> {
  await t.step("the limit is learnt from the refusal, and said", () => {
    const { model } = remote.status();
    assert.ok(model.state === "ready" && model.info.backend.kind === "openai");
    assert.equal(model.info.backend.listed, 20);
    assert.match(model.info.warning!, /lists 20 of 384 tokens.*Constraints.*off/);
    const tried = asked.filter(({ path }) => path === "/v1/completions").map(({ body }) => body.logprobs);
    assert.deepEqual(tried, [-1, 20]);
  });
  await t.step("next-token: 20 candidates as the model has them", async () => {
    const [ours, theirs] = [await ask(own, { text: TEXT }), await ask(remote, { text: TEXT })];
    assert.equal(theirs.candidates.length, 20);
    theirs.candidates.forEach(({ id, prob }, at) => {
      assert.equal(id, ours.candidates[at]!.id);
      assert.ok(Math.abs(prob - ours.candidates[at]!.prob) < 2e-6);
    });
    const top = ours.candidates.slice(0, 20).reduce((sum, { prob }) => sum + prob, 0);
    assert.ok(Math.abs(theirs.other_prob + top - 1) < 1e-4);
    assert.deepEqual([theirs.entropy_bits, theirs.effective_choices], [null, null]);
  });
  await t.step(
    "preview: p_raw exact, mass and bound hold, the rest is removed by a stage that is seen",
    async () => {
      const body = { params: exact, top_k: 8, include: ["stages"] };
      const [ours, theirs] = [await preview(own, body), await preview(remote, body)];
      const { dist } = theirs;
      dist.tokens.forEach(({ id, p_raw, p_base }, at) => {
        const other = ours.dist.tokens[at]!;
        assert.equal(id, other.id);
        assert.ok(Math.abs(p_raw - other.p_raw) < 1e-6 && Math.abs(p_base - other.p_raw) < 1e-6);
      });
      assert.ok(Math.abs(dist.other_p_raw - ours.dist.other_p_raw) < 1e-6);
      const all = (await preview(own, { params: exact, top_k: 1000 })).dist.tokens;
      const { count, p_raw, most_p_raw, most_other_p_raw } = dist.unlisted!;
      assert.equal(count, 384 - 20);
      assert.ok(Math.abs(1 - p_raw - all.slice(0, 20).reduce((sum, token) => sum + token.p_raw, 0)) < 1e-6);
      assert.ok(
        all.slice(20).every((token) => token.p_raw <= most_p_raw + 1e-9) && most_p_raw < all[18]!.p_raw,
      );
      assert.ok(Math.abs(most_other_p_raw - all[8]!.p_raw) < 1e-6);
      assert.deepEqual(dist.stages.map(({ name, kept }) => [name, kept]), [["listed", 20]]);
      assert.equal(dist.entropy_bits, null);
    },
  );
  await t.step("the default settings: what cannot act is off with its reason", async () => {
    const { dist } = await preview(remote, {});
    assert.deepEqual(dist.stages_off!.map(({ name }) => name), ["repetition"]);
    assert.deepEqual(dist.stages.slice(0, 2).map(({ name }) => name), ["listed", "temperature"]);
    const typical = await preview(remote, { params: { ...exact, typical_p: 0.5 } });
    assert.match(
      typical.dist.stages_off![0]!.reason,
      /whole distribution, and the engine lists 20 of 384/,
    );
    const decided = await preview(remote, { params: { ...exact, top_k: 5 } });
    const same = await preview(own, { params: { ...exact, top_k: 5 } });
    assert.equal(decided.dist.stages_off, undefined);
    decided.dist.tokens.forEach(({ p_final }, at) => {
      assert.ok(Math.abs(p_final - same.dist.tokens[at]!.p_final) < 1e-6);
    });
  });
  await t.step("prompt scores in one request, ranks as vLLM counts them, no entropy made up", async () => {
    const before = asked.length;
    const [ours, theirs] = [
      await preview(own, { include: ["prompt_scores"] }),
      await preview(remote, { prompt: TEXT, include: ["prompt_scores"] }),
    ];
    const scoring = asked.slice(before).filter(({ body }) => body.prompt_logprobs !== undefined);
    assert.deepEqual(
      scoring.map(({ body }) => [body.echo, body.max_tokens, body.return_tokens_as_token_ids]),
      [
        [true, 1, true],
      ],
    );
    theirs.prompt_tokens.forEach(({ logprob, rank, entropy_bits }, at) => {
      const other = ours.prompt_tokens[at]!;
      assert.equal(rank, other.rank);
      assert.equal(entropy_bits, null);
      if (at > 0) assert.ok(Math.abs(logprob! - other.logprob!) < 1e-4);
    });
  });
  await t.step(
    "steps and generation draw from the listed; a forced token beyond them has no made-up p",
    async () => {
      const forced = await step(remote, { force_text: " zzyzx", params: exact });
      const [meta] = forced.appended_meta;
      assert.deepEqual([meta!.p_raw, meta!.rank, meta!.p_final], [null, null, 0]);
      const body = { ...plain, max_tokens: 4, params: { ...exact, seed: 1 } };
      const top = new Set((await ask(own, { text: TEXT })).candidates.slice(0, 20).map(({ id }) => id));
      let count = 0;
      for await (const drawn of generate(remote, parseRequest(generateRequest, body), options)) {
        if (count++ === 0) assert.ok(top.has(drawn.new_completion_ids[0]!));
      }
      assert.equal(count, 4);
    },
  );
  await t.step("the vocabulary holds what is listed", async () => {
    const input = parseRequest(vocabularyRequest, { ...plain, params: exact, limit: 100 });
    const { tokens, total } = await remote.submit("vocabulary", input, options);
    assert.deepEqual([tokens.length, total], [20, 20]);
  });
  await t.step("constraints, whole choices and attribution are refused with the reason", async () => {
    const constraint = { enabled: true, type: "multiple_choice", schema: " Paris\n London" };
    const choices = parseRequest(constraintChoicesRequest, { ...plain, constraint });
    for (const work of [preview(remote, { constraint }), remote.submit("choices", choices, options)]) {
      const error = await work.then(() => null, (error: Error) => error);
      assert.equal(faultOf(error)?.code, "unsupported", String(error));
      assert.match(
        error!.message,
        /needs the probability of every token, and the engine lists 20 of 384/,
      );
    }
  });
}

async function checkUnlimited({ own, remote }: Pair): Promise<void> {
  const { model } = remote.status();
  assert.ok(
    model.state === "ready" && model.info.backend.kind === "openai" && model.info.backend.listed === null,
  );
  const constraint = { enabled: true, type: "multiple_choice", schema: " Paris\n London" };
  const [ours, theirs] = [
    await preview(own, { params: exact, constraint }),
    await preview(remote, { params: exact, constraint }),
  ];
  assert.equal(theirs.dist.unlisted, undefined);
  assert.ok(Math.abs(theirs.dist.masked_mass - ours.dist.masked_mass) < 1e-5);
  assert.ok(Math.abs(theirs.dist.entropy_bits! - ours.dist.entropy_bits!) < 1e-3);
}

async function checkSglang({ own, remote, asked }: Pair): Promise<void> {
  const [ours, theirs] = [await preview(own, { params: exact }), await preview(remote, { params: exact })];
  theirs.dist.tokens.forEach(({ id, p_raw }, at) => {
    assert.equal(id, ours.dist.tokens[at]!.id);
    assert.ok(Math.abs(p_raw - ours.dist.tokens[at]!.p_raw) < 1e-6);
  });
  const before = asked.length;
  const scored = await preview(remote, { include: ["prompt_scores"] });
  const scores = await preview(own, { include: ["prompt_scores"] });
  scored.prompt_tokens.slice(1).forEach(({ logprob }, at) => {
    assert.ok(Math.abs(logprob! - scores.prompt_tokens[at + 1]!.logprob!) < 1e-4);
  });
  const starts = asked.slice(before).filter(({ path }) => path === "/generate").map(({ body }) =>
    body.logprob_start_len
  );
  assert.deepEqual(starts, [0]);
  assert.deepEqual((asked.at(-1)!.body.sampling_params as { temperature: number }).temperature, 1);
}
