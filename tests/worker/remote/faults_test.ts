// Engines that are away, slow to come, wrong, or not what they promise: a sentence each, and the key stays where it
// belongs.
import assert from "node:assert/strict";
import { parseRemoteName } from "../../../lib/hub/remote_name.ts";
import { RemoteClient } from "../../../lib/worker/remote/client.ts";
import { openEngine } from "../../../lib/worker/remote/engine.ts";
import { RemoteLogits } from "../../../lib/worker/remote/remote_logits.ts";
import { faultOf } from "../../../lib/fault.ts";
import { finish } from "../../finish.ts";

const signal = new AbortController().signal;
const opening = { signal, tokenizer: () => Promise.reject(new Error("no tokenizer here")) };
type Handler = (path: string, request: Request, body: unknown) => Response | Promise<Response>;

/** A server of a test's own; `key` of every request is remembered. */
async function withHttp(handle: Handler, work: (url: string, keys: (string | null)[]) => Promise<void>) {
  const keys: (string | null)[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    keys.push(request.headers.get("authorization"));
    const text = await request.text();
    return await handle(new URL(request.url).pathname, request, text === "" ? null : JSON.parse(text));
  });
  try {
    await work(`http://127.0.0.1:${server.addr.port}`, keys);
  } finally {
    await server.shutdown();
  }
}

const SIZE = 5;
const models = (id = "tiny") => Response.json({ data: [{ id, meta: { n_vocab: SIZE } }] });
const props = () => Response.json({ default_generation_settings: { n_ctx: 64 } });
const listed = (count: number, model = "tiny") =>
  Response.json({
    model,
    completion_probabilities: [{
      top_logprobs: Array.from({ length: count }, (_, id) => ({ id, logprob: -Math.log(count) })),
    }],
  });

async function sentence(work: Promise<unknown>): Promise<{ message: string; code: string | undefined }> {
  const error = await work.then(() => null, (error: Error) => error);
  assert.ok(error !== null, "nothing was thrown");
  return { message: error.message, code: faultOf(error)?.code };
}

Deno.test("names of engines are taken apart, malformed ones refused", () => {
  assert.deepEqual(parseRemoteName("llamacpp+http://127.0.0.1:8080#owner/name"), {
    ...{ kind: "llamacpp", url: "http://127.0.0.1:8080", model: "owner/name" },
  });
  assert.deepEqual(parseRemoteName("openai+https://host/base/v1/"), {
    kind: "openai",
    url: "https://host/base",
    model: null,
  });
  for (const name of ["owner/name", "/models/tiny", "openai", "file+name"]) {
    assert.equal(parseRemoteName(name), null);
  }
  const malformed = ["vllm+http://h", "openai+http://", "openai+http://u:p@h", "openai+http://h?key=1"];
  for (const name of [...malformed, "openai+http://h#100%"]) {
    assert.throws(() => parseRemoteName(name), (error: Error) => faultOf(error)?.code === "invalid_request");
  }
});

Deno.test("an engine that listed every token at load and lists fewer now is no more what it promised", async () => {
  let count = SIZE;
  await withHttp(
    (path) => path === "/v1/models" ? models() : path === "/props" ? props() : listed(count),
    async (url) => {
      const engine = await openEngine({ kind: "llamacpp", url, model: null }, null, opening);
      assert.equal(engine.listed, null);
      const logits = new RemoteLogits(engine);
      assert.deepEqual(
        [...(await finish(logits.after([1], signal))).logits].map((value) => value.toFixed(4)),
        Array(SIZE).fill("-1.6094"),
      );
      count = 3;
      const { message, code } = await sentence(finish(logits.after([2], signal)));
      assert.equal(code, "inference_failed");
      assert.match(message, /listed all 5 tokens before, and lists 3 now/);
    },
  );
});

Deno.test("llama.cpp with a limit of n_probs: what it lists is known, scores of other tokens are not made up", async () => {
  await withHttp(
    (path) => path === "/v1/models" ? models() : path === "/props" ? props() : listed(3),
    async (url) => {
      const engine = await openEngine({ kind: "llamacpp", url, model: null }, null, opening);
      assert.equal(engine.listed, 3);
      const logits = new RemoteLogits(engine);
      const { logprobs, ranks, entropies } = await finish(logits.scores([0, 1, 4], signal));
      assert.deepEqual([...logprobs].map((value) => value.toFixed(2)), ["NaN", "-1.10", "NaN"]);
      assert.deepEqual([[...ranks], [...entropies]], [[-1, 0, -1], [NaN, NaN, NaN]]);
    },
  );
});

Deno.test("another model behind the same address is said, and no probability of it given", async () => {
  let model = "tiny";
  await withHttp(
    (path) => path === "/v1/models" ? models() : path === "/props" ? props() : listed(SIZE, model),
    async (url) => {
      const engine = await openEngine({ kind: "llamacpp", url, model: null }, null, opening);
      await engine.after([1], signal);
      model = "other";
      const { message, code } = await sentence(engine.after([1], signal));
      assert.equal(code, "model_changed");
      assert.match(message, /other now, and tiny was opened/);
    },
  );
});

Deno.test("a redirect is not followed: the key stays with its address", async () => {
  await withHttp(() => Response.json({ data: [] }), async (elsewhere, stolen) => {
    await withHttp(() => Response.redirect(`${elsewhere}/v1/models`, 307), async (url, keys) => {
      const { message } = await sentence(new RemoteClient(url, "secret-key").ask("/v1/models", signal));
      assert.match(message, /sends on to/);
      assert.ok(!message.includes("secret-key"));
      assert.deepEqual([keys, stolen], [["Bearer secret-key"], []]);
    });
  });
});

Deno.test("wrong key, too busy, errors in words, no JSON, nobody there", async () => {
  const answers: Record<string, () => Response> = {
    "/401": () => new Response("{}", { status: 401 }),
    "/429": () => new Response("", { status: 429 }),
    "/500": () => Response.json({ error: { message: "out of memory" } }, { status: 500 }),
    "/html": () => new Response("<p>"),
    "/404": () => new Response("", { status: 404 }),
  };
  await withHttp((path) => answers[path]!(), async (url) => {
    const client = new RemoteClient(url, null);
    assert.match((await sentence(client.ask("/401", signal))).message, /NEXTTOKEN_REMOTE_KEY/);
    assert.equal((await sentence(client.ask("/429", signal))).code, "queue_full");
    assert.match((await sentence(client.ask("/500", signal))).message, /500: out of memory/);
    assert.match((await sentence(client.ask("/html", signal))).message, /no JSON/);
    assert.equal(await client.ask("/404", signal), null);
  });
  assert.match(
    (await sentence(new RemoteClient("http://127.0.0.1:1", null).ask("/", signal))).message,
    /cannot be reached/,
  );
});

Deno.test("an abort ends the request, also in the middle of an answer", async () => {
  const never = Promise.withResolvers<Response>();
  await withHttp(() => never.promise, async (url) => {
    const controller = new AbortController();
    const asked = new RemoteClient(url, null).ask("/slow", controller.signal);
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(asked, { name: "AbortError" });
    never.resolve(new Response("{}"));
  });
});

Deno.test("an engine that is too slow, before its answer or in the middle of one, is not waited for without end", async () => {
  const never = Promise.withResolvers<void>();
  const stalled = () =>
    new Response(new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array([123])) }));
  await withHttp(
    (path) => path === "/stalls" ? stalled() : never.promise.then(() => new Response("{}")),
    async (url) => {
      const client = new RemoteClient(url, null, 50);
      for (const path of ["/slow", "/stalls"]) {
        assert.match((await sentence(client.ask(path, signal))).message, /gave no answer within 0\.05 s/);
      }
      never.resolve();
    },
  );
});
