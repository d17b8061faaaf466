// This server behind itself: what it answers is enough for a remote engine, by both kinds of name, and for the paths of
// chat templates that know no parts. A small model: tests/worker/remote asks for a vocabulary of the usual size.
import assert from "node:assert/strict";
import { parseRequest } from "../../lib/api/http/parse.ts";
import { previewRequest } from "../../lib/api/endpoints/preview.ts";
import { ask, withEngine } from "../engine/real_engine.ts";
import { specFor } from "../engine/spec.ts";
import { withServedModel } from "./served.ts";

const MODEL = "tiny-qwen3";
const TEXT = "The capital of France is";
const options = { client: "test", signal: new AbortController().signal };

Deno.test("this server is an engine as vLLM and llama.cpp are: the same tokens, probabilities and prompt scores", async (t) => {
  await withServedModel(async (url, own) => {
    const body = { prompt: TEXT, use_chat_template: false, include: ["prompt_scores"] };
    const scores = async (engine: typeof own) => {
      const { prompt_tokens } = await engine.submit("preview", parseRequest(previewRequest, body), options);
      return prompt_tokens.map(({ logprob }) => logprob ?? 0);
    };
    const [known, wanted] = [await ask(own, { text: TEXT }), await scores(own)];
    const probs = new Map(known.candidates.map(({ id, prob }) => [id, prob]));
    for (const kind of ["openai", "llamacpp"]) {
      await t.step(kind, async () => {
        await withEngine(specFor(`${kind}+${url}#${MODEL}`), async ({ engine }) => {
          const { model } = engine.status();
          assert.ok(model.state === "ready" && model.info.backend.device === "remote", JSON.stringify(model));
          const { ids, candidates } = await ask(engine, { text: TEXT });
          assert.deepEqual(ids, known.ids);
          assert.equal(candidates.length, known.candidates.length);
          for (const { id, prob } of candidates) assert.ok(Math.abs(prob - probs.get(id)!) < 1e-6);
          (await scores(engine)).forEach((score, at) => assert.ok(Math.abs(score - wanted[at]!) < 1e-4));
        });
      });
    }
    await t.step("parts in a conversation, on every path that takes one", async () => {
      const post = async (path: string, content: unknown) => {
        const init = {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({
            messages: [{ role: "user", content }],
            ...path.startsWith("/v1") ? DRAWN : {},
          }),
        };
        const response = await fetch(url + path, init);
        assert.equal(response.status, 200, await response.clone().text());
        const { id: _, created: __, ...answer } = await response.json();
        return answer;
      };
      for (const path of ["/v1/chat/completions", "/tokenize", "/apply-template"]) {
        const parts = [{ type: "text", text: "Name a" }, { type: "text", text: "colour." }];
        assert.deepEqual(await post(path, parts), await post(path, "Name a\ncolour."), path);
      }
    });
  }, MODEL);
});

const DRAWN = { max_tokens: 2, temperature: 0 };
