// Which choices of a completion are answered.
import assert from "node:assert/strict";
import { complete, lines } from "./openai_support.ts";

Deno.test("best_of draws more than n and answers those of the highest mean log-probability, the best first", async () => {
  const body = { prompt: "The capital", max_tokens: 6, temperature: 2, seed: 3, stop: ["e"] };
  const all = await complete({ ...body, n: 7, logprobs: 1 });
  const mean = ({ logprobs }: typeof all.choices[number]) => {
    const values = logprobs!.token_logprobs as number[];
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const ranked = all.choices.toSorted((a, b) => mean(b) - mean(a));
  assert.notDeepEqual(ranked, all.choices, "the first drawn are not the best");
  assert.ok(new Set(all.choices.map(({ logprobs }) => logprobs!.tokens.length)).size > 1, "lengths differ");
  const best = await complete({ ...body, n: 2, best_of: 7, logprobs: 1 });
  assert.deepEqual(best.choices, ranked.slice(0, 2).map((choice, index) => ({ ...choice, index })));
  assert.deepEqual(best.usage, all.usage);
  const plain = await complete({ ...body, n: 2, best_of: 7 });
  assert.deepEqual(plain.choices, best.choices.map((choice) => ({ ...choice, logprobs: null })));
  const prompts = ["The capital", "Once"];
  const two = await complete({ ...body, prompt: prompts, best_of: 7, echo: true });
  const each = await Promise.all(prompts.map((prompt) => complete({ ...body, prompt, best_of: 7 })));
  assert.deepEqual(
    two.choices.map(({ index, text }) => [index, text]),
    each.map(({ choices: [choice] }, index) => [index, prompts[index] + choice!.text]),
  );
});

Deno.test("a best_of of n chooses nothing and is streamed, as vLLM did it", async () => {
  const body = { prompt: "The capital", max_tokens: 3, temperature: 2, seed: 3, stream: true, n: 2 };
  const choices = async (more: object) =>
    (await lines("/v1/completions", { ...body, ...more })).slice(0, -1).map((line) =>
      JSON.parse(line).choices
    );
  assert.deepEqual(await choices({ best_of: 2 }), await choices({}));
});
