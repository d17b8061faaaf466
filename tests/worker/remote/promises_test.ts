// What an engine behind the network could make us say that is not so: probabilities that are none, ids that mean
// nothing, another model's scores, our own key in its words.
import assert from "node:assert/strict";
import { scoreTokens } from "../../../lib/decode/score_tokens.ts";
import type { LanguageModel } from "../../../lib/decode/types.ts";
import { retryAfter } from "../../../lib/api/http/errors.ts";
import { faultOf } from "../../../lib/fault.ts";
import type { TextCodec } from "../../../lib/text/types.ts";
import { RemoteClient } from "../../../lib/worker/remote/client.ts";
import { openEngine } from "../../../lib/worker/remote/engine.ts";
import { RemoteLogits } from "../../../lib/worker/remote/remote_logits.ts";
import { finish } from "../../finish.ts";

const signal = new AbortController().signal;
const SIZE = 5;
const codec = {
  ...{ size: SIZE, has: (id: number) => id >= 0 && id < SIZE, isSpecial: () => false },
  bytes(id: number) {
    if (id < 0 || id >= SIZE) throw new RangeError(`no token ${id}`);
    return new TextEncoder().encode(String.fromCharCode(97 + id));
  },
} as unknown as TextCodec;

type Handler = (path: string, body: Record<string, unknown>) => Response | null;

const models = () => Response.json({ data: [{ id: "tiny", max_model_len: 64 }] });
const choice = (fields: Record<string, unknown>, model = "tiny") =>
  Response.json({ model, choices: [{ text: "", ...fields }] });
const tops = (top: Record<string, number>) => choice({ logprobs: { top_logprobs: [top] } });
/** Two tokens are listed after a path. */
const two = () => tops({ "token_id:0": Math.log(0.5), "token_id:1": Math.log(0.25) });

/** An engine with OpenAI's paths that lists two tokens; `handle` answers before it. */
async function withOpenAi(handle: Handler, work: (logits: RemoteLogits) => Promise<void>): Promise<void> {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const path = new URL(request.url).pathname;
    const text = await request.text();
    const body = text === "" ? {} : JSON.parse(text);
    return handle(path, body) ??
      (path === "/v1/models"
        ? models()
        : path !== "/v1/completions"
        ? new Response("", { status: 404 })
        : Number(body.logprobs) === 2
        ? two()
        : Response.json({ error: { message: "logprobs: at most 2" } }, { status: 400 }));
  });
  try {
    const url = `http://127.0.0.1:${server.addr.port}`;
    const opening = { signal, tokenizer: () => Promise.resolve(codec) };
    await work(new RemoteLogits(await openEngine({ kind: "openai", url, model: "tiny" }, null, opening)));
  } finally {
    await server.shutdown();
  }
}

async function refusal(work: Promise<unknown>) {
  const error = await work.then(() => null, (error: Error) => error);
  assert.ok(error !== null, "nothing was thrown");
  return { error, message: error.message, code: faultOf(error)?.code };
}

Deno.test("probabilities that add up to more than one are none: logits, or those of another temperature", async () => {
  let wrong = false;
  const handle: Handler = (path) =>
    wrong && path === "/v1/completions" ? tops({ "token_id:0": -0.1, "token_id:1": -0.2 }) : null;
  await withOpenAi(handle, async (logits) => {
    wrong = true;
    const { message, code } = await refusal(finish(logits.after([1], signal)));
    assert.equal(code, "inference_failed");
    assert.match(message, /probabilities that add up to 1\.72/);
    wrong = false;
    assert.equal((await finish(logits.after([1], signal))).engine?.listed, 2);
  });
});

Deno.test("scores of a prompt: of another model, of none, and of ids that mean nothing are said to be so", async () => {
  const place = (ids: Record<string, unknown>) => choice({ prompt_logprobs: [null, ids] });
  const own = { logprob: -1, rank: 1 };
  const answers: Record<string, readonly [Response | (() => Response), string, RegExp]> = {
    other: [() => choice({ prompt_logprobs: [null, { 2: own }] }, "other"), "model_changed", /other now/],
    gone: [() => new Response("", { status: 404 }), "model_changed", /does not serve tiny any more/],
    word: [() => place({ 2: own, word: { logprob: -2 } }), "inference_failed", /a token word that is no id/],
    beyond: [() => place({ 2: own, 77: { logprob: -2 } }), "inference_failed", /id 77, beyond/],
  };
  let now: string | null = null;
  const handle: Handler = (path, { echo }) => {
    const answer = echo === true && path === "/v1/completions" && now !== null ? answers[now]![0] : null;
    return typeof answer === "function" ? answer() : answer;
  };
  await withOpenAi(handle, async (logits) => {
    for (const [name, [, code, sentence]] of Object.entries(answers)) {
      now = name;
      const found = await refusal(finish(logits.scores([1, 2], signal, 2)));
      assert.equal(found.code, code, `${name}: ${found.message}`);
      assert.match(found.message, sentence);
    }
  });
});

Deno.test("a place of the prompt with fewer tokens than were asked for lists those, and nothing in the gaps", async () => {
  const handle: Handler = (path, { echo }) =>
    echo === true && path === "/v1/completions"
      ? choice({ prompt_logprobs: [null, { 2: { logprob: -1, rank: 1 } }] })
      : null;
  await withOpenAi(handle, async (logits) => {
    const model = {
      logits,
      codec,
      vocabSize: SIZE,
      contextLength: 64,
      id: "tiny",
    } as unknown as LanguageModel;
    const asked = { ids: [1, 2], logprobs: { top: 2, of: "raw", names: "text" } } as const;
    const { tokens } = await finish(scoreTokens({ model_key: null, ...asked }, model, signal));
    const entry = JSON.parse(new TextDecoder().decode(tokens[1]!.entry!));
    assert.deepEqual(entry.top_logprobs, [{ id: 2, token: "c", bytes: [99], logprob: -1 }]);
  });
});

/** What a client with a key says of an answer. */
async function said(answer: () => Response, key: string | null = null) {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, answer);
  try {
    const client = new RemoteClient(`http://127.0.0.1:${server.addr.port}`, key);
    return await refusal(client.ask("/", signal));
  } finally {
    await server.shutdown();
  }
}

Deno.test("the key is in no sentence, whatever the engine repeats of it", async () => {
  const key = "sk-very/secret+key";
  const words = { error: { message: `Bad header: Bearer ${key}` } };
  const location = { location: `http://elsewhere/?key=${encodeURIComponent(key)}&raw=${key}` };
  for (
    const answer of [
      () => Response.json(words, { status: 400 }),
      () => Response.json(words, { status: 500 }),
      () => new Response(null, { status: 302, headers: location }),
    ]
  ) {
    const { message } = await said(answer, key);
    assert.ok(!message.includes(key) && !message.includes(encodeURIComponent(key)), message);
  }
});

Deno.test("an engine that says when to come back is asked again then", async () => {
  const wait = (status: number, after: string) => () =>
    new Response("{}", { status, headers: { "retry-after": after } });
  for (const [status, code] of [[429, "queue_full"], [503, "inference_failed"]] as const) {
    const { error } = await said(wait(status, "17"));
    assert.equal(faultOf(error)?.again, 17);
    assert.equal(retryAfter(code, error), 17);
  }
  const inAnHour = new Date(Date.now() + 3600_000).toUTCString();
  assert.equal(faultOf((await said(wait(429, inAnHour))).error)?.again, 600);
  assert.equal(faultOf((await said(wait(503, "soon"))).error)?.again, 2);
});

Deno.test("an answer that does not end is not kept", async () => {
  const piece = new Uint8Array(1 << 20).fill(32);
  let sent = 0;
  const endless = () =>
    new Response(
      new ReadableStream({
        pull(stream) {
          sent++;
          stream.enqueue(piece);
        },
      }),
    );
  const { message } = await said(endless);
  assert.match(message, /more than 256 MB/);
  assert.ok(sent < 300, `${sent}`);
});
