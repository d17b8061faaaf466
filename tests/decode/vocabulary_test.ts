import assert from "node:assert/strict";
import fc from "fast-check";
import { tokenize } from "../../lib/decode/vocabulary.ts";
import { VocabularyIndex } from "../../lib/decode/vocabulary_index.ts";
import { fault, faultOf } from "../../lib/fault.ts";
import { vocabularyResult } from "../../lib/api/endpoints/vocabulary.ts";
import type { Token } from "../../lib/wire/token.ts";
import { createSandbox } from "../../lib/sandbox/sandbox.ts";
import { FAKE_VOCAB_SIZE, fakeEncode } from "../fake_model.ts";
import { fakeCodec, fakeLanguage } from "../fake_language.ts";
import { FAKE_INFO } from "../fakes.ts";
import { type Body, finish, runPreview, runVocabulary } from "./jobs.ts";

const model = fakeLanguage(FAKE_INFO);
const FRANCE = { prompt: "The capital of France is" };
const ask = (extra: Body) => runVocabulary(model, { ...FRANCE, limit: 1000, ...extra });
const texts = async (extra: Body) => (await ask(extra)).tokens.map(({ text }) => text);

const refused = (sentence: RegExp) => (error: unknown) => {
  assert.deepEqual(faultOf(error), { code: "invalid_request", field: "query" });
  return sentence.test((error as Error).message);
};

Deno.test("every token stands at its rank, as preview shows it", async () => {
  const all = vocabularyResult.strict().parse(await ask({}));
  assert.deepEqual([all.total, all.tokens.length], [FAKE_VOCAB_SIZE, FAKE_VOCAB_SIZE]);
  assert.deepEqual(all.tokens, (await runPreview(model, { ...FRANCE, top_k: FAKE_VOCAB_SIZE })).dist.tokens);
});

Deno.test("pages put together are the whole, for any page size and search", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 120 }),
      fc.constantFrom("", "a", "o", "zzz"),
      async (limit, query) => {
        const whole = await ask({ query });
        const pages = [];
        for (let offset = 0; offset < Math.max(1, whole.total); offset += limit) {
          const page = await ask({ query, offset, limit });
          assert.deepEqual([page.total, page.offset], [whole.total, offset]);
          pages.push(...page.tokens);
        }
        assert.deepEqual(pages, whole.tokens);
      },
    ),
    { numRuns: 20 },
  );
});

Deno.test("text is found without regard to case, and as it is shown", async () => {
  assert.deepEqual(await texts({ query: "PARIS" }), [" Paris"]);
  assert.deepEqual(await texts({ query: "␠paris" }), [" Paris"]);
  assert.equal((await ask({ query: "⏎" })).total, 2); // the byte and the word
});

Deno.test("bytes are found inside a token, on byte borders only", async () => {
  assert.deepEqual(await texts({ mode: "bytes", query: "20 50 61" }), [" Paris"]);
  assert.deepEqual(await texts({ mode: "bytes", query: "0x20 0x50" }), [" Paris"]);
  const halves = await ask({ mode: "bytes", query: "05" }); // in 20 50 as digits, not as a byte
  assert.deepEqual(halves.tokens.map(({ id }) => id), [5]);
  for (const query of ["2", "2g", "20 5", "hello"]) {
    await assert.rejects(ask({ mode: "bytes", query }), refused(/pairs of hexadecimal digits/));
  }
});

Deno.test("ids are found one or several, unknown ones not", async () => {
  const found = await ask({ mode: "id", query: "256, 3,999999" });
  assert.deepEqual(found.tokens.map(({ id }) => id).sort((a, b) => a - b), [3, 256]);
  for (const query of ["-1", "1.5", "a", "1,,2"]) {
    await assert.rejects(ask({ mode: "id", query }), refused(/whole numbers/));
  }
});

Deno.test("a regular expression is found in the texts; a malformed one is a sentence", async () => {
  assert.deepEqual(
    (await texts({ mode: "regex", query: "^ [c-d]a" })).sort(),
    [" called", " capital", " cat"].sort(),
  );
  await assert.rejects(ask({ mode: "regex", query: "(" }), refused(/can't be read: Unterminated group/));
});

Deno.test("a regular expression that backtracks for ever elsewhere is answered; one that is too large is refused", async () => {
  const sandbox = createSandbox();
  const index = new VocabularyIndex(
    { ...fakeCodec, single: (id) => ({ ...fakeCodec.single(id), text: "a".repeat(40) }) },
    10,
    (pattern, texts, signal) =>
      sandbox.run("regex_search", { pattern, texts }, { deadlineMs: 30_000, signal }),
  );
  const signal = new AbortController().signal;
  const find = (query: string) => finish(index.find({ mode: "regex", query }, signal));
  try {
    assert.deepEqual(await find("^(a+)+b$"), new Uint8Array(10));
    assert.deepEqual(await find("(a|a|aa)*$"), new Uint8Array(10).fill(1));
    await assert.rejects(find("((a{1,90}){1,90}){1,90}"), refused(/needs more than 50,000 steps/));
    await assert.rejects(find("(?=a)"), refused(/A look-ahead is not supported in a search/));
    await assert.rejects(find("(?<!a)"), refused(/A look-behind is not supported in a search/));
    await assert.rejects(find("(a)\\1"), refused(/A back-reference is not supported in a search/));
    assert.deepEqual(await find("^a+$"), new Uint8Array(10).fill(1));
  } finally {
    sandbox.close();
  }
});

Deno.test("turning a page does not search again, and a failed search is not remembered", async () => {
  let searches = 0;
  const index = new VocabularyIndex(fakeCodec, FAKE_VOCAB_SIZE, () => {
    searches++;
    if (searches === 1) return Promise.reject(fault("invalid_request", "No.", "query"));
    return Promise.resolve([7]);
  });
  const signal = new AbortController().signal;
  const find = () => finish(index.find({ mode: "regex", query: "x" }, signal));
  await assert.rejects(find());
  for (let page = 0; page < 3; page++) assert.equal((await find())!.indexOf(1), 7);
  assert.equal(searches, 2);
});

Deno.test("tokenize shows what force_text would append", async () => {
  const { signal } = new AbortController();
  const tokensOf = async (text: string): Promise<Token[]> => {
    const json = await finish(tokenize({ text }, model, signal));
    return JSON.parse(new TextDecoder().decode(json)).tokens;
  };
  const tokens = await tokensOf(" a cat<|end|>é");
  assert.deepEqual(tokens.map(({ id }) => id), fakeEncode(" a cat<|end|>é", false));
  assert.equal(tokens.map(({ text }) => text).join(""), " a cat<|end|>é");
  assert.deepEqual(await tokensOf(""), []);
});
