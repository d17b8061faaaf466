// Whole options over the fake model, whose distributions can be asked one by one.
import assert from "node:assert/strict";
import { constraintChoicesRequest } from "../../lib/api/endpoints/constraint_choices.ts";
import { parseRequest } from "../../lib/api/http/parse.ts";
import { scoreChoices } from "../../lib/decode/choices.ts";
import type { LanguageModel } from "../../lib/decode/types.ts";
import { faultOf } from "../../lib/fault.ts";
import { logprobsUnder } from "../../lib/sampling/score.ts";
import { FAKE_EOS_ID, fakeEncode, fakeLogits } from "../fake_model.ts";
import { fakeLanguage } from "../fake_language.ts";
import { FAKE_INFO } from "../fakes.ts";
import { type Body, finish } from "./jobs.ts";

const model = fakeLanguage(FAKE_INFO);
const never = new AbortController().signal;
const PROMPT = "The capital of France is";

const ask = (options: readonly string[] | string, body: Body = {}, of: LanguageModel = model) => {
  const schema = typeof options === "string" ? options : JSON.stringify(options);
  const request = { prompt: PROMPT, constraint: { type: "multiple_choice", schema }, ...body };
  return finish(scoreChoices(parseRequest(constraintChoicesRequest, request), of, never));
};

/** ln P of `ids` behind `path`, one distribution after another. */
function total(path: readonly number[], ids: readonly number[]): number {
  return ids.reduce((sum, id, at) => {
    return sum + logprobsUnder(fakeLogits([...path, ...ids.slice(0, at)]))(id);
  }, 0);
}
const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}`);

Deno.test("each option has the sum of its tokens' log-probabilities, its means, its share and its PMI", async () => {
  const texts = [" Paris", " the city", " a cat sat"];
  const result = await ask(texts);
  const [path, prior] = [fakeEncode(PROMPT), [FAKE_EOS_ID]];
  const totals = texts.map((text) => total(path, fakeEncode(text)));
  const all = totals.reduce((sum, one) => sum + Math.exp(one), 0);
  result.options.forEach((option, at) => {
    const ids = fakeEncode(texts[at]!);
    assert.deepEqual([option.text, option.tokens.map(({ id }) => id)], [texts[at], ids]);
    near(option.total, totals[at]!);
    near(option.logprobs.reduce((a, b) => a + b), totals[at]!);
    near(option.mean_per_token, totals[at]! / ids.length);
    near(option.mean_per_byte, totals[at]! / texts[at]!.length);
    near(option.share, Math.exp(totals[at]!) / all);
    near(option.pmi!, totals[at]! - total(prior, ids));
    assert.deepEqual([option.prefix_of, option.end_logprob], [[], null]);
  });
  assert.deepEqual(result.prior_tokens!.map(({ id }) => id), prior);
  assert.equal(result.best.total, totals.indexOf(Math.max(...totals)));
  assert.deepEqual(result.warnings, []);
});

/** The fake model with more probable tokens after some texts behind the prompt. */
function likely(after: Readonly<Record<string, number>>): LanguageModel {
  const prompt = fakeEncode(PROMPT).length;
  const logitsOf = (ids: readonly number[]) => {
    const logits = Float32Array.from(fakeLogits(ids));
    const favourite = after[
      new TextDecoder().decode(Uint8Array.from(
        ids.slice(prompt).flatMap((id) => [...model.codec.bytes(id)]),
      ))
    ];
    if (favourite !== undefined) logits[favourite] = 20;
    return logits;
  };
  return {
    ...model,
    logits: {
      ...model.logits,
      // deno-lint-ignore require-yield -- one slice
      async *after(ids) {
        return await Promise.resolve({ logits: logitsOf(ids), computedTokens: 1, prefillMs: 0, decodeMs: 0 });
      },
      // deno-lint-ignore require-yield -- one slice
      async *continuation(ids, from) {
        const rows = ids.slice(from).map((id, at) => logprobsUnder(logitsOf(ids.slice(0, from + at)))(id));
        const logprobs = await Promise.resolve(Float64Array.from(rows));
        return { logprobs, computedTokens: 1, prefillMs: 0, decodeMs: 0 };
      },
    },
  };
}

Deno.test("an option that begins a longer one: greedy may go on where the total does not, and the trap is flagged", async () => {
  const id = (text: string) => fakeEncode(text)[0]!;
  const goesOn = await ask([" the", " the cat"], {}, likely({ "": id(" the"), " the": id(" cat") }));
  assert.deepEqual([goesOn.options[0]!.prefix_of, goesOn.options[1]!.prefix_of], [[1], []]);
  assert.deepEqual([goesOn.best.total, goesOn.greedy.option, goesOn.trap], [0, 1, true]);
  assert.ok(goesOn.options[0]!.end_logprob! < -15);
  const ends = await ask([" the", " the cat"], {}, likely({ "": id(" the"), " the": FAKE_EOS_ID }));
  assert.deepEqual([ends.best.total, ends.greedy.option, ends.trap], [0, 0, false]);
  near(ends.options[0]!.end_logprob!, logprobsUnder(likelyRow())(FAKE_EOS_ID));
  assert.deepEqual(ends.greedy.tokens.map((token) => token.id), [id(" the")]);

  function likelyRow(): Float32Array {
    const row = Float32Array.from(fakeLogits([...fakeEncode(PROMPT), id(" the")]));
    row[FAKE_EOS_ID] = 20;
    return row;
  }
});

Deno.test("greedy leaves the options' own tokens where another way is more probable", async () => {
  const result = await ask([" the", " it"], {}, likely({ "": 32, " ": 105 }));
  assert.deepEqual([result.greedy.option, result.greedy.tokens.map(({ id }) => id)], [1, [32, 105, 116]]);
});

Deno.test("lines are trimmed; what cannot be scored is refused by its field", async () => {
  const { options, warnings } = await ask(" yes \nno\nyes");
  assert.deepEqual([options.map(({ text }) => text), warnings], [["yes", "no"], []]);
  const refused = async (work: Promise<unknown>, field: string) => {
    await assert.rejects(work, (error) => {
      assert.deepEqual([faultOf(error)?.code, faultOf(error)?.field], ["invalid_request", field]);
      return true;
    });
  };
  await refused(ask("", { constraint: { type: "regex", schema: "a" } }), "constraint.type");
  await refused(ask(""), "constraint");
  await refused(ask(Array.from({ length: 257 }, (_, at) => `${at}`)), "constraint.schema");
  await refused(ask(["a".repeat(9000)]), "constraint.schema");
});

Deno.test("without anything that begins a text there is no prior, and options may go on from a completion", async () => {
  const bare = fakeLanguage({ ...FAKE_INFO, eosTokenIds: [] });
  const result = await ask(["a", "ab"], { completion_ids: fakeEncode(" Paris") }, bare);
  assert.deepEqual([result.prior_tokens, result.options[0]!.pmi, result.best.pmi], [null, null, null]);
  assert.equal(result.options[0]!.end_logprob, null);
  near(result.options[0]!.total, total(fakeEncode(`${PROMPT} Paris`), fakeEncode("a")));
  const chat = await ask(
    ["a", "b"],
    { system_prompt: "S" },
    fakeLanguage({ ...FAKE_INFO, hasChatTemplate: true }),
  );
  const text = chat.prior_tokens!.map((token) => token.text).join("");
  assert.equal(text, "[system]S<|end|>[user]<|end|>[assistant]");
});
