// A model behind another engine: this server itself is asked, once as llama.cpp's and once as an OpenAI-compatible one,
// so that every probability is known.
import assert from "node:assert/strict";
import type { StepResult } from "../../../lib/wire/step.ts";
import { parseRequest } from "../../../lib/api/http/parse.ts";
import { previewRequest } from "../../../lib/api/endpoints/preview.ts";
import { stepRequest } from "../../../lib/api/endpoints/step.ts";
import type { Engine } from "../../../lib/engine/types.ts";
import { withServedModel } from "../../clients/served.ts";
import { ask, withEngine } from "../../engine/real_engine.ts";
import { specFor } from "../../engine/spec.ts";

/** The larger vocabulary is asked for in one of the shapes: what is another in the other one is not its size. */
const MODELS = { llamacpp: "HuggingFaceTB/SmolLM2-135M-Instruct", openai: "tiny-qwen3" } as const;
const TEXT = "The capital is"; // short: the whole vocabulary is asked for after every token
const options = { client: "test", signal: new AbortController().signal };

const preview = (engine: Engine, body: Record<string, unknown>) =>
  engine.submit(
    "preview",
    parseRequest(previewRequest, { prompt: TEXT, use_chat_template: false, ...body }),
    options,
  );

const step = (engine: Engine, body: Record<string, unknown>): Promise<StepResult> =>
  engine.submit(
    "step",
    parseRequest(stepRequest, { prompt: TEXT, use_chat_template: false, ...body }),
    options,
  );

Deno.test("distributions, prompt scores, steps and constraints are those of the engine", async (t) => {
  for (const kind of ["llamacpp", "openai"] as const) {
    await t.step(kind, () => withServedModel((url, own) => checkRemote(kind, url, own), MODELS[kind]));
  }
});

async function checkRemote(kind: "llamacpp" | "openai", url: string, own: Engine): Promise<void> {
  await withEngine(specFor(`${kind}+${url}#${MODELS[kind]}`), async ({ engine: remote }) => {
    const { model } = remote.status();
    assert.ok(model.state === "ready", JSON.stringify(model));
    assert.deepEqual([model.info.id, model.info.backend.kind, model.info.hasChatTemplate], [
      MODELS[kind],
      kind,
      true,
    ]);
    const [ours, theirs] = [await ask(own, { text: TEXT }), await ask(remote, { text: TEXT })];
    assert.deepEqual(theirs.ids, ours.ids);
    assert.equal(theirs.candidates.length, ours.candidates.length);
    const known = new Map(ours.candidates.map(({ id, prob }) => [id, prob]));
    for (const { id, prob } of theirs.candidates) {
      assert.ok(Math.abs(prob - known.get(id)!) < 1e-6, `${id}`);
    }
    const scored = { include: ["prompt_scores", "stages"] };
    const [a, b] = [await preview(own, scored), await preview(remote, scored)];
    a.prompt_tokens.slice(1).forEach((token, at) => {
      const other = b.prompt_tokens[at + 1]!;
      assert.ok(
        Math.abs(token.logprob! - other.logprob!) < 1e-4 && token.rank === other.rank,
        token.text,
      );
    });
    const settings = { params: { seed: 3, temperature: 1, top_p: 0.9 }, include: ["next"] };
    const [x, y] = [await step(own, settings), await step(remote, settings)];
    assert.deepEqual(y.new_completion_ids, x.new_completion_ids);
    const constraint = { enabled: true, type: "multiple_choice", schema: " Paris\n London" };
    const held = await preview(remote, { constraint });
    assert.ok(held.dist.constraint_active && held.dist.masked_mass > 0);
  });
}
