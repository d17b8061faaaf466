// An engine that misbehaves while it serves, in each way: one sentence for it, nothing made up, and the same question
// is answered when the engine is back.
import assert from "node:assert/strict";
import { previewRequest } from "../../../lib/api/endpoints/preview.ts";
import { parseRequest } from "../../../lib/api/http/parse.ts";
import { faultOf } from "../../../lib/fault.ts";
import { withEngine } from "../../engine/real_engine.ts";
import { specFor } from "../../engine/spec.ts";
import { withFakeEngine } from "./fake_engines.ts";
import { servedBy } from "./served.ts";

const MODEL = "tiny-llama-gqa";
const options = { client: "test", signal: new AbortController().signal };

const completion = (
  change: Record<string, unknown>,
  logprobs: unknown = { top_logprobs: [{ "token_id:5": -1 }] },
) => Response.json({ model: MODEL, choices: [{ logprobs }], ...change });

/** What goes wrong, the code and the sentence that it is told by. */
const FAULTS: Readonly<Record<string, readonly [answer: () => Response, code: string, sentence: RegExp]>> = {
  "it is shut down in the middle": [
    () => new Response(new ReadableStream({ start: (stream) => stream.error(new Error("gone")) })),
    "inference_failed",
    /cannot be reached|no JSON/,
  ],
  "its key is another one": [
    () => new Response("{}", { status: 401 }),
    "inference_failed",
    /NEXTTOKEN_REMOTE_KEY/,
  ],
  "it has too much to do": [() => new Response("", { status: 429 }), "queue_full", /too much to do/],
  "it fails": [
    () => Response.json({ error: { message: "CUDA out of memory" } }, { status: 500 }),
    "inference_failed",
    /500: CUDA out of memory/,
  ],
  "it answers another model's name": [
    () => completion({ model: "other" }),
    "model_changed",
    /serves other now/,
  ],
  "it does not know the model any more": [
    () => Response.json({ error: { message: "The model does not exist." } }, { status: 404 }),
    "model_changed",
    /does not serve .*tiny-llama-gqa any more/,
  ],
  "it answers no JSON": [() => new Response("<html>"), "inference_failed", /no JSON/],
  "it answers no choices": [() => completion({ choices: [] }), "inference_failed", /no choices/],
  "it answers no log-probabilities": [() => completion({}, null), "inference_failed", /no log-probabilities/],
  "a log-probability is above 0": [
    () => completion({}, { top_logprobs: [{ "token_id:5": 2 }] }),
    "inference_failed",
    /no log-probability for/,
  ],
  "an id is beyond the vocabulary": [
    () => completion({}, { top_logprobs: [{ "token_id:999999": -1 }] }),
    "inference_failed",
    /beyond its vocabulary/,
  ],
  "it sends elsewhere": [
    () => new Response(null, { status: 302, headers: { location: "http://elsewhere/" } }),
    "inference_failed",
    /sends on to/,
  ],
};

Deno.test("an engine that misbehaves: a sentence each time, and the question is answered when it is back", async (t) => {
  await withEngine(specFor(MODEL), async ({ engine: own }) => {
    let wrong: (() => Response) | null = null;
    const before = (path: string) => path === "/v1/completions" && wrong !== null ? wrong() : null;
    await withFakeEngine(
      "vllm",
      servedBy(own),
      { before },
      (url) =>
        withEngine(specFor(`openai+${url}#${MODEL}`), async ({ engine }) => {
          for (const [name, [answer, code, sentence]] of Object.entries(FAULTS)) {
            await t.step(name, async () => {
              const input = parseRequest(previewRequest, { prompt: `Now ${name}`, use_chat_template: false });
              wrong = answer;
              const error = await engine.submit("preview", input, options).then(
                () => null,
                (error: Error) => error,
              );
              assert.equal(faultOf(error)?.code, code, String(error));
              assert.match(error!.message, sentence);
              wrong = null;
              const { dist } = await engine.submit("preview", input, options);
              assert.equal(dist.kept_token_count > 0 && dist.unlisted !== undefined, true);
            });
          }
        }),
    );
  });
});
