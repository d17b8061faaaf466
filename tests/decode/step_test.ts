import assert from "node:assert/strict";
import fc from "fast-check";
import type { LanguageModel } from "../../lib/decode/types.ts";
import { faultOf } from "../../lib/fault.ts";
import { uniformAt } from "../../lib/sampling/rng.ts";
import { FAKE_CONTEXT_LENGTH, FAKE_EOS_ID, FAKE_VOCAB_SIZE, fakeEncode } from "../fake_model.ts";
import { fakeLanguage } from "../fake_language.ts";
import { FAKE_INFO } from "../fakes.ts";
import { type Body, runPreview, runStep } from "./jobs.ts";

const model = fakeLanguage(FAKE_INFO);
const FRANCE = { prompt: "The capital of France is" };
const PARIS = fakeEncode(" Paris")[0]!;
const FREE = { temperature: 1, top_p: 1, repetition_penalty: 1 };

const code = (expected: string, field: string) => (error: unknown) => {
  assert.deepEqual([faultOf(error)?.code, faultOf(error)?.field], [expected, field]);
  return true;
};

Deno.test("a step draws from the distribution that preview shows, and appends", async () => {
  const body = { ...FRANCE, completion_ids: [65], params: FREE };
  const [shown, step] = [await runPreview(model, body), await runStep(model, body, 0.3)];
  assert.deepEqual(step.dist, shown.dist);
  let sum = 0;
  const expected = step.dist.tokens.find(({ p_final }) => (sum += p_final) > 0.3)!;
  assert.equal(step.selected!.id, expected.id);
  assert.equal(step.selected!.p_final, expected.p_final);
  assert.deepEqual(step.new_completion_ids, [65, expected.id]);
  assert.deepEqual(step.appended.map(({ id }) => id), [expected.id]);
  assert.deepEqual(step.appended_meta[0]!.draw, { seed: null, position: 6, u: 0.3 });
  assert.deepEqual([step.done, step.stop_reason, step.next, step.mirostat_mu], [false, null, null, null]);
});

Deno.test("u in the request repeats the step; it counts more than the seed, and 1 is just below 1", async () => {
  const body: Body = { ...FRANCE, params: { ...FREE, seed: 4 } };
  const seeded = await runStep(model, body, 0.9);
  const { u, position, seed } = seeded.appended_meta[0]!.draw!;
  assert.deepEqual([u, position, seed], [uniformAt(4, 5), 5, 4]);
  const again = await runStep(model, { ...FRANCE, params: FREE, u }, 0.123);
  assert.deepEqual(again.new_completion_ids, seeded.new_completion_ids);
  const last = await runStep(model, { ...body, u: 1, top_k: FAKE_VOCAB_SIZE });
  assert.ok(last.appended_meta[0]!.draw!.u < 1);
  assert.equal(last.selected!.id, last.dist.tokens.findLast(({ p_final }) => p_final > 0)!.id);
});

Deno.test("XTC's own number is repeated by u alone, and is the seed's where there is one", async () => {
  const xtc = { ...FREE, xtc_probability: 0.5, xtc_threshold: 0.01 };
  const acted = async (extra: Body, u: number) => {
    const { dist } = await runStep(model, { ...FRANCE, ...extra }, u);
    return dist.stages.find(({ name }) => name === "xtc")!.removed > 0;
  };
  const numbers = Array.from({ length: 40 }, (_, at) => uniformAt(1, at));
  const unseeded = await Promise.all(numbers.map((u) => acted({ params: xtc }, u)));
  assert.ok(unseeded.includes(true) && unseeded.includes(false));
  const repeated = await Promise.all(numbers.map((u) => acted({ params: xtc, u }, 0.5)));
  assert.deepEqual(repeated, unseeded);
  const seeds = numbers.map((_, seed) => seed);
  const seeded = await Promise.all(seeds.map((seed) => acted({ params: { ...xtc, seed } }, 0.5)));
  assert.deepEqual(seeded, seeds.map((seed) => uniformAt(seed, 5, "xtc") <= 0.5));
});

Deno.test("a forced token is appended whatever its probability; its draw is null", async () => {
  const step = await runStep(model, { ...FRANCE, params: { greedy: true }, force_token_id: 65 });
  assert.deepEqual(step.new_completion_ids, [65]);
  assert.equal(step.selected!.p_final, 0);
  const [meta] = step.appended_meta;
  assert.deepEqual([meta!.forced, meta!.forced_by, meta!.draw, meta!.selected_id], [true, "token", null, 65]);
  assert.ok(meta!.p_raw! > 0 && meta!.rank! >= meta!.dist.tokens.length, "known though it is not listed");
  assert.equal((await runStep(model, { ...FRANCE, force_token_id: FAKE_EOS_ID })).stop_reason, "eos_token");
});

Deno.test("the model begins with the position after a token before the token is described", async () => {
  const done: string[] = [];
  const begun: LanguageModel = {
    ...model,
    logits: {
      ...model.logits,
      after: (ids, signal) => (done.push(`run ${ids.length}`), model.logits.after(ids, signal)),
    },
    codec: { ...model.codec, single: (id) => (done.push("describe"), model.codec.single(id)) },
  };
  const order = async (body: Body) => {
    done.length = 0;
    model.distributions.clear();
    await runStep(begun, { ...FRANCE, include: ["next"], ...body });
    return done.filter((what, at) => what !== done[at - 1]);
  };
  assert.deepEqual(await order({ force_token_id: PARIS }), ["run 5", "run 6", "describe"]);
  assert.deepEqual(await order({}), ["run 5", "run 6", "describe"]);
  const two = { force_text: " Paris Paris" };
  assert.deepEqual(await order(two), ["run 5", "describe", "run 6", "run 7", "describe"]);
  assert.deepEqual(await order({ force_token_id: PARIS, include: [] }), ["run 5", "describe"]);
});

Deno.test("where the position before a forced token is known, the model begins with that token at once", async () => {
  const done: string[] = [];
  const begun = (fails: boolean): LanguageModel => ({
    ...model,
    logits: {
      ...model.logits,
      knows: ({ length }) => length === 5,
      async *after(ids, signal) {
        done.push(`run ${ids.length}`);
        try {
          if (fails && ids.length === 5) throw new Error("It is lost.");
          if (fails) yield { done: 1, total: 2 };
          return yield* model.logits.after(ids, signal);
        } finally {
          done.push(`end ${ids.length}`);
        }
      },
    },
  });
  const body = { ...FRANCE, include: ["next"], force_token_id: PARIS } as const;
  const step = await runStep(begun(false), body);
  const runs = done.filter((what) => what.startsWith("run"));
  assert.deepEqual(
    runs,
    ["run 5", "run 6"],
    "what is known is taken before others can push it out of the cache",
  );
  assert.deepEqual(step.next, (await runStep(model, body)).next);
  assert.deepEqual(step.dist, (await runStep(model, body)).dist);
  done.length = 0;
  await assert.rejects(runStep(begun(true), body), /It is lost/);
  assert.deepEqual(done, ["run 5", "end 5", "run 6", "end 6"], "what has begun is ended");
});

Deno.test("a forced text is tokenised without special tokens, one distribution for each token", async () => {
  const step = await runStep(model, { ...FRANCE, force_text: " a cat<|end|>", include: ["next"] });
  const ids = fakeEncode(" a cat<|end|>", false);
  assert.deepEqual(step.new_completion_ids, ids);
  assert.equal(step.appended.map(({ text }) => text).join(""), " a cat<|end|>");
  assert.equal(step.appended_meta.length, ids.length);
  assert.deepEqual([step.done, step.selected!.id], [false, ids[0]]);
  for (const [at, meta] of step.appended_meta.entries()) {
    const before = await runPreview(model, { ...FRANCE, completion_ids: ids.slice(0, at) });
    assert.deepEqual(meta.dist, before.dist);
    assert.deepEqual([meta.selected_id, meta.forced_by], [ids[at], "text"]);
  }
  assert.deepEqual(step.next, (await runPreview(model, { ...FRANCE, completion_ids: ids })).dist);
});

Deno.test("the logits of forced tokens are computed together, 32 at a time; one token has no need of it", async () => {
  const read: [length: number, from: number][] = [];
  async function* along(ids: readonly number[], from: number) {
    read.push([ids.length, from]);
    yield { done: 1, total: 2 };
    return { computedTokens: 3, prefillMs: 0, decodeMs: 0 };
  }
  const fast: LanguageModel = { ...model, logits: { ...model.logits, along } };
  const text = "z".repeat(65);
  assert.equal(fakeEncode(text, false).length, 65);
  const length = fakeEncode(FRANCE.prompt).length;
  const [together, apart] = [
    await runStep(fast, { ...FRANCE, force_text: text }),
    await runStep(model, { ...FRANCE, force_text: text }),
  ];
  assert.deepEqual(together.appended_meta, apart.appended_meta);
  assert.deepEqual(read, [[length + 32, length], [length + 64, length + 32]]);
  assert.equal(together.timing.computed_tokens, apart.timing.computed_tokens + 6);
  await runStep(fast, { ...FRANCE, force_token_id: PARIS });
  assert.equal(read.length, 2);
});

Deno.test("what cannot be forced is refused; an empty text forces nothing", async () => {
  const force = (extra: Body) => runStep(model, { ...FRANCE, ...extra });
  await assert.rejects(force({ force_token_id: FAKE_VOCAB_SIZE }), code("unknown_token", "force_token_id"));
  await assert.rejects(force({ force_token_id: 1, force_text: "a" }), code("invalid_request", "force_text"));
  assert.equal((await force({ force_text: "" })).appended_meta[0]!.forced, false);
  const silent: LanguageModel = {
    ...model,
    codec: { ...model.codec, encode: (text, options) => options?.specials === false ? [] : fakeEncode(text) },
  };
  await assert.rejects(
    runStep(silent, { ...FRANCE, force_text: "a" }),
    code("invalid_request", "force_text"),
  );
  const almost = new Array(FAKE_CONTEXT_LENGTH - 1).fill(65);
  await assert.rejects(
    runStep(model, { prompt_ids: almost, force_text: "xyz" }),
    code("context_too_long", "force_text"),
  );
});

Deno.test("a step ends at any of several end-of-text tokens", async () => {
  const several = fakeLanguage({ ...FAKE_INFO, eosTokenIds: [FAKE_EOS_ID, PARIS] });
  const step = await runStep(several, { ...FRANCE, params: { greedy: true } });
  assert.deepEqual([step.selected!.id, step.done, step.stop_reason], [PARIS, true, "eos_token"]);
  const later = await runStep(several, { ...FRANCE, completion_ids: [PARIS], params: { greedy: true } });
  assert.equal(later.stop_reason, null);
});

Deno.test("the context is full when no token fits any more; then nothing is drawn", async () => {
  const ids = new Array(FAKE_CONTEXT_LENGTH - 1).fill(65);
  const last = await runStep(model, { prompt_ids: ids, include: ["next"] });
  assert.deepEqual([last.done, last.stop_reason, last.appended.length], [true, "context_full", 1]);
  assert.notEqual(last.next, null);
  const over = await runStep(model, { prompt_ids: [...ids, 65], completion_ids: [], include: ["next"] });
  assert.deepEqual([over.done, over.stop_reason, over.selected], [true, "context_full", null]);
  assert.deepEqual([over.appended, over.appended_meta, over.new_completion_ids], [[], [], []]);
  assert.deepEqual(over.next, over.dist);
  await assert.rejects(
    runStep(model, { prompt_ids: [...ids, 65], force_token_id: 65 }),
    code("context_too_long", "force_token_id"),
  );
});

Deno.test("mirostat's mu goes through the answer: after a draw it moves, after a forced token it stays", async () => {
  const params = { ...FREE, mirostat_tau: 3, mirostat_eta: 0.2 };
  const first = await runStep(model, { ...FRANCE, params });
  const p = first.selected!.p_final;
  assert.ok(Math.abs(first.mirostat_mu! - (6 - 0.2 * (-Math.log2(p) - 3))) < 1e-12);
  const forced = await runStep(model, { ...FRANCE, params, force_token_id: 65 });
  assert.equal(forced.mirostat_mu, 6);
  const next = await runStep(model, { ...FRANCE, params, include: ["next"] });
  const after = { ...FRANCE, completion_ids: next.new_completion_ids };
  const preview = await runPreview(model, { ...after, params: { ...params, mirostat_mu: next.mirostat_mu } });
  assert.deepEqual(next.next, preview.dist);
  assert.equal(preview.mirostat_mu, next.mirostat_mu);
});

Deno.test("ids the model lacks are refused by their names; a constraint that is not enabled does nothing", async () => {
  const ask = async (extra: Body) => await runStep(model, { ...FRANCE, ...extra });
  const constraint = { enabled: true, type: "regex", schema: "a+" };
  assert.equal((await ask({ constraint })).dist.constraint_active, true);
  assert.equal((await ask({ constraint: { ...constraint, enabled: false } })).dist.constraint_active, false);
  const id = FAKE_VOCAB_SIZE;
  await assert.rejects(
    ask({ params: { logit_bias: { [id]: 1 } } }),
    code("unknown_token", `params.logit_bias.${id}`),
  );
  await assert.rejects(
    ask({ params: { dry_breakers: [1, id] } }),
    code("unknown_token", "params.dry_breakers[1]"),
  );
  await assert.rejects(
    ask({ params: { stages: ["top_p", "top_p"] } }),
    code("invalid_request", "params.stages"),
  );
});

Deno.test("a path with a seed replays in any order, step by step", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer().filter((seed) => seed !== -1), // -1 is no seed
      fc.record({
        temperature: fc.double({ min: 0.1, max: 2, noNaN: true }),
        top_p: fc.constantFrom(0.5, 0.9, 1),
      }),
      async (seed, settings) => {
        const params = { ...settings, seed };
        let path: readonly number[] = [];
        while (path.length < 12) {
          path = (await runStep(model, { ...FRANCE, completion_ids: path, params })).new_completion_ids;
        }
        const order = path.map((_, at) => at).sort((a, b) => uniformAt(7, a) - uniformAt(7, b));
        for (const at of order) {
          const step = await runStep(model, { ...FRANCE, completion_ids: path.slice(0, at), params }, 0.99);
          assert.equal(step.selected!.id, path[at]);
        }
      },
    ),
    { numRuns: 20 },
  );
});
