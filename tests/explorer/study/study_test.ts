import assert from "node:assert/strict";
import type { ScoredToken } from "../../../lib/wire/token.ts";
import { batchCsv, describeRefused, promptsOf } from "../../../lib/explorer/study/batch.ts";
import { lockstepCsv, lockstepOf, lockstepText } from "../../../lib/explorer/study/lockstep.ts";
import type { Passage, Reading } from "../../../lib/explorer/study/reading.ts";
import { createStudy } from "../../../lib/explorer/study/store.ts";
import { describeTotals, drawTextCurve, totalsOf } from "../../../lib/explorer/study/totals.ts";
import { dist, token } from "../builders.ts";
import { FAKE_TOKENIZER_KEY } from "../../fake_model.ts";
import { openWorld } from "../fake_api.ts";
import { until } from "../../until.ts";

function scored(text: string, p: number | null): ScoredToken {
  const logprob = p === null ? null : Math.log(p);
  return {
    ...token(text.length, text),
    ...{ p, logprob, rank: p === null ? null : 0 },
    surprisal_bits: p === null ? null : -Math.log2(p),
    entropy_bits: p === null ? null : 1.5,
  };
}

function reading(id: number, tokens: readonly ScoredToken[], more: Partial<Reading> = {}): Reading {
  const text = tokens.map((token) => token.text).join("");
  return {
    ...{ id, modelKey: "m", tokenizerKey: "t", model: "Model q4", context: "c", text, tokens, dists: [] },
    ...more,
  };
}

Deno.test("totals: log-probabilities add up, perplexity is e to their mean's negative", () => {
  const totals = totalsOf([scored("a", null), scored("b", 0.5), scored("c", 0.125)])!;
  assert.equal(totals.scored, 2);
  assert.ok(Math.abs(totals.logprob - Math.log(1 / 16)) < 1e-12);
  assert.ok(Math.abs(totals.bitsPerToken - 2) < 1e-12);
  assert.ok(Math.abs(totals.perplexity - 4) < 1e-12);
  assert.equal(
    describeTotals(totals).map(({ text }) => text).join(" · "),
    "log-probability −2.77 nats · 2.00 bits per token · perplexity 4",
  );
  assert.equal(totalsOf([scored("a", null)]), null);
});

Deno.test("the curve has a gap where there is no score, and its top is whole bits", () => {
  const curve = drawTextCurve([scored("a", null), scored("b", 0.5), scored("c", 0.125)]);
  assert.equal(curve.top, 3);
  assert.deepEqual(curve.surprisal, ["320.0,80.0 640.0,0.0"]);
  assert.deepEqual(drawTextCurve([scored("a", 0.5), scored("b", null), scored("c", 0.5)]).surprisal, [
    "0.0,60.0",
    "640.0,60.0",
  ]);
});

Deno.test("two readings of the same tokens: differences and divergences, position by position", () => {
  const a = reading(1, [scored("one", 0.5), scored(" two", 0.5)], {
    dists: [dist(0.5, 0.5), dist(0.5, 0.5)],
  });
  const b = reading(2, [scored("one", 0.5), scored(" two", 0.125)], {
    dists: [dist(0.5, 0.5), dist(0.9, 0.1)],
  });
  const found = lockstepOf(a, b)!;
  assert.deepEqual(found.rows.map(({ text }) => text), ["one", " two"]);
  assert.ok(Math.abs(found.difference - Math.log(4)) < 1e-12);
  assert.equal(found.rows[0]!.kl, 0);
  const kl = 0.5 * Math.log2(0.5 / 0.9) + 0.5 * Math.log2(0.5 / 0.1);
  assert.ok(Math.abs(found.rows[1]!.kl! - kl) < 1e-9);
  assert.equal(
    lockstepText(found),
    `A − B: +1.39 nats, likelier to A · the bars differ by at least ${(kl / 2).toFixed(2)} bits per position`,
  );
  assert.equal(
    lockstepCsv(found).split("\r\n")[0],
    "position,text,logprob_a,logprob_b,difference,kl_bits_at_least",
  );
  assert.equal(lockstepOf(a, reading(3, [scored("other", 0.5)])), null);
});

Deno.test("other tokenizers are held against each other where both have a boundary, without divergences", () => {
  const a = reading(1, [scored("un", 0.5), scored("do", 0.5), scored(" it", 0.5)], { dists: [dist(1)] });
  const b = reading(2, [scored("undo", 0.25), scored(" ", 0.5), scored("it", 0.5)], {
    tokenizerKey: "u",
    dists: [dist(1)],
  });
  const { rows } = lockstepOf(a, b)!;
  assert.deepEqual(rows.map(({ text, kl }) => [text, kl]), [["undo", null], [" it", null]]);
  assert.ok(Math.abs(rows[0]!.difference!) < 1e-12);
  assert.ok(Math.abs(rows[1]!.difference! - Math.log(2)) < 1e-12);
});

Deno.test("a list is a prompt a line; a refused one says why in its row", () => {
  assert.deepEqual(promptsOf("one\n\n  \ntwo\\nlines\n"), ["one", "two\nlines"]);
  const csv = batchCsv([describeRefused("=1", "Too long.")]).split("\r\n");
  assert.equal(
    csv[0],
    "prompt,tokens,logprob,perplexity,entropy_bits,next_1,p_1,next_2,p_2,next_3,p_3,problem",
  );
  assert.equal(csv[1], "'=1,0,,,,,,,,,,Too long.");
});

Deno.test("the store keeps readings and rows, and scores the text once", async () => {
  const world = openWorld();
  world.explorer.open();
  await world.settled();
  const study = createStudy({ page: { explorer: world.explorer, api: world.api } });
  study.run("The cat\nThe dog");
  await until(() => study.busy.value === "");
  assert.deepEqual(study.rows.value.map(({ prompt, problem }) => [prompt, problem]), [["The cat", ""], [
    "The dog",
    "",
  ]]);
  assert.ok(study.rows.value.every(({ totals, first }) => totals !== null && first !== null));
  study.score();
  await until(() => study.scores.value !== null);
  const asked = world.asked.length;
  study.score();
  assert.equal(world.asked.length, asked, "asked once");
  assert.ok(totalsOf(study.scores.value!.tokens)!.perplexity > 1);
  study.stop();
});

const typed = (text: string): Passage => ({ kind: "text", text });

Deno.test("what comes from the page is read as its tokens, also where it ends inside a character", async () => {
  const world = openWorld();
  world.explorer.open();
  await world.settled();
  const study = createStudy({ page: { explorer: world.explorer, api: world.api } });
  const tokenizerKey = FAKE_TOKENIZER_KEY;
  const context: Passage = { kind: "tokens", ids: [72, 105], tokenizerKey, text: "Hi" };
  const text: Passage = { kind: "tokens", ids: [32, 0xc3], tokenizerKey, text: " \uFFFD" };
  const before = world.asked.length;
  study.read(text, [context, typed("Hi")]);
  await until(() => study.busy.value === "");
  assert.equal(study.problem.value, "");
  const bodies = world.asked.slice(before).map(({ body }) => body);
  assert.deepEqual(bodies.slice(0, 3).map((body) => [body.prompt_ids, body.completion_ids]), [
    [[72, 105], [32, 0xc3]],
    [[72, 105], []],
    [[72, 105], [32]],
  ]);
  assert.deepEqual([bodies[3]!.prompt, bodies[3]!.completion_ids], ["Hi", [32, 0xc3]]);
  const [a, b] = study.readings.value;
  assert.deepEqual(lockstepOf(a!, b!)!.rows.map(({ difference, kl }) => [difference, kl]), [[0, 0], [0, 0]]);
});

Deno.test("another tokenizer reads the page's text; bytes that make no character it refuses, in a sentence", async () => {
  const world = openWorld();
  world.explorer.open();
  await world.settled();
  const taken: string[] = [];
  const tokenize = (text: string) => {
    taken.push(text);
    return Promise.resolve({ model_key: "m", tokenizer_key: FAKE_TOKENIZER_KEY, tokens: [token(72, text)] });
  };
  const study = createStudy({ page: { explorer: world.explorer, api: { ...world.api, tokenize } } });
  const other = (text: string): Passage => ({ kind: "tokens", ids: [1], tokenizerKey: "other", text });
  study.read(other("H"), [other("Hi")]);
  await until(() => study.busy.value === "");
  assert.deepEqual(taken, ["H"]);
  assert.equal(world.asked.at(-1)!.body.prompt, "Hi");
  const before = world.asked.length;
  study.read(other("\uFFFD"), [other("Hi")]);
  await until(() => study.busy.value === "");
  assert.match(study.problem.value, /bytes that make no character .* Only a model with the tokenizer/);
  assert.deepEqual([taken.length, world.asked.length, study.readings.value.length], [1, before, 1]);
});

Deno.test("the same text in other tokens has no divergences, other bytes are another text", () => {
  const dists = [dist(1), dist(1)];
  const whole = reading(1, [scored("undo", 0.5)], { dists });
  const parts = reading(2, [scored("un", 0.5), scored("do", 0.5)], { dists });
  assert.deepEqual(lockstepOf(whole, parts)!.rows.map(({ text, kl }) => [text, kl]), [["undo", null]]);
  const unfinished = { ...scored("\uFFFD", 0.5), bytes: [0xc3] };
  assert.equal(lockstepOf(reading(3, [unfinished]), reading(4, [scored("\uFFFD", 0.5)])), null);
});

Deno.test("readings of two models are kept side by side", async () => {
  const world = openWorld();
  world.explorer.open();
  await world.settled();
  let key = "one";
  const api = {
    ...world.api,
    tokenize: (text: string) =>
      Promise.resolve({
        model_key: key,
        tokenizer_key: "t",
        tokens: [token(5, text.slice(0, 3)), token(9, text.slice(3))],
      }),
    peek: async (...asked: Parameters<typeof world.api.peek>) => {
      const answer = await world.api.peek({ ...asked[0], model_key: null }, asked[1]);
      return { ...answer, model: { ...answer.model, model_key: key } };
    },
  };
  const study = createStudy({ page: { explorer: world.explorer, api } });
  study.read(typed("thesea"), [typed("The cat")]);
  await until(() => study.readings.value.length === 1);
  key = "two";
  study.read(typed("thesea"), [typed("The cat")]);
  await until(() => study.readings.value.length === 2);
  const [a, b] = study.readings.value;
  assert.deepEqual([a!.modelKey, b!.modelKey], ["one", "two"]);
  assert.deepEqual([a!.dists.length, b!.dists.length], [2, 2]);
  assert.deepEqual(lockstepOf(a!, b!)!.rows.map(({ difference, kl }) => [difference, kl]), [[0, 0], [0, 0]]);
  study.forget(a!.id);
  assert.equal(study.readings.value.length, 1);
});
