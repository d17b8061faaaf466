// Engines that answer as vLLM and SGLang do, field by field (their sources of 2026), over a model of ours: they need a
// GPU and cannot run here. What they would compute is known, so every number of an answer is.
import { topIds } from "../../../lib/sampling/order.ts";

/** What the engine serves. */
export interface Served {
  readonly id: string;
  readonly contextLength: number;
  /** ln p of every token after a path, [vocabulary]. */
  logprobsAfter(ids: readonly number[]): Promise<Float64Array>;
  tokenize(text: string): Promise<readonly number[]>;
}

type Body = Readonly<Record<string, unknown>>;
/** Every request that came, by path. */
export type Asked = { readonly path: string; readonly body: Body; readonly key: string | null }[];

interface FakeOptions {
  /** vLLM's --max-logprobs; −1 is none. */
  readonly maxLogprobs?: number;
  /** Answers before the engine does; null: the engine answers. */
  readonly before?: (path: string, body: Body) => Response | Promise<Response> | null;
}

/** A failing request in vLLM's words. */
function badRequest(message: string): Response {
  return Response.json({ error: { message, type: "BadRequestError", param: null, code: 400 } }, {
    status: 400,
  });
}

const notFound = () => Response.json({ detail: "Not Found" }, { status: 404 });

/** What a token is called where ids are asked for, and its place in vLLM's dictionaries. */
const idName = (id: number) => `token_id:${id}`;
const wire = (logprob: number) => logprob === -Infinity ? -9999 : logprob;

function listed(logprobs: Float64Array, count: number, own: number): number[] {
  const best = Array.from(topIds(logprobs, count));
  return best.includes(own) ? best : [...best, own];
}

/** vLLM's POST /v1/completions for one prompt of ids, one choice, one token. The token that it drew, an improbable one
 * to be awkward, is listed besides. */
async function vllmCompletion(served: Served, body: Body, max: number): Promise<Response> {
  const prompt = body.prompt as number[];
  const logprobs = await served.logprobsAfter(prompt);
  const size = logprobs.length;
  const asked = Number(body.logprobs) === -1 ? size : Number(body.logprobs);
  if (max >= 0 && asked > max) {
    return badRequest(`Requested sample logprobs of ${asked}, which is greater than max allowed: ${max}`);
  }
  const forPrompt = body.prompt_logprobs === undefined ? null : Number(body.prompt_logprobs);
  if (forPrompt !== null && max >= 0 && forPrompt > max) {
    return badRequest(`Requested prompt logprobs of ${forPrompt}, which is greater than max allowed: ${max}`);
  }
  const drawn = topIds(logprobs, size).at(-3)!;
  const top = listed(logprobs, asked, drawn);
  const prompts = forPrompt === null ? null : await promptLogprobs(served, prompt, forPrompt);
  return Response.json({
    ...{ id: "cmpl-1", object: "text_completion", created: 1, model: served.id },
    choices: [{
      ...{
        index: 0,
        text: "?",
        finish_reason: "length",
        stop_reason: null,
        token_ids: null,
        prompt_token_ids: null,
      },
      logprobs: {
        text_offset: [0],
        token_logprobs: [wire(logprobs[drawn]!)],
        tokens: [idName(drawn)],
        top_logprobs: [Object.fromEntries(top.map((id) => [idName(id), wire(logprobs[id]!)]))],
      },
      prompt_logprobs: prompts,
    }],
    ...{ service_tier: null, system_fingerprint: null, kv_transfer_params: null },
    usage: { prompt_tokens: prompt.length, total_tokens: prompt.length + 1, completion_tokens: 1 },
  });
}

async function promptLogprobs(served: Served, prompt: readonly number[], count: number) {
  const places: (Record<string, unknown> | null)[] = [null];
  for (let at = 1; at < prompt.length; at++) {
    const logprobs = await served.logprobsAfter(prompt.slice(0, at));
    const order = Array.from(topIds(logprobs, logprobs.length));
    places.push(Object.fromEntries(
      listed(logprobs, count, prompt[at]!).map((id) => [
        String(id),
        { logprob: wire(logprobs[id]!), rank: order.indexOf(id) + 1, decoded_token: "?" },
      ]),
    ));
  }
  return places;
}

async function vllm(
  served: Served,
  path: string,
  body: Body,
  { maxLogprobs = 20 }: FakeOptions,
): Promise<Response> {
  if (path === "/v1/models") {
    const model = {
      id: served.id,
      object: "model",
      created: 1,
      owned_by: "vllm",
      root: served.id,
      parent: null,
    };
    return Response.json({
      object: "list",
      data: [{ ...model, max_model_len: served.contextLength, permission: [] }],
    });
  }
  if (path === "/tokenize") {
    const tokens = await served.tokenize(String(body.prompt));
    const answer = { count: tokens.length, max_model_len: served.contextLength, tokens };
    return Response.json({ ...answer, token_strs: body.return_token_strs ? tokens.map(String) : null });
  }
  if (path === "/v1/completions") return await vllmCompletion(served, body, maxLogprobs);
  return notFound();
}

const rows = (logprobs: Float64Array, ids: readonly number[]) =>
  ids.map((id) => [wire(logprobs[id]!), id, null]);

async function sglang(served: Served, path: string, body: Body): Promise<Response> {
  if (path === "/get_model_info") {
    return Response.json({ model_path: served.id, tokenizer_path: served.id, is_generation: true });
  }
  if (path !== "/generate") return await vllm(served, path, body, {});
  const ids = body.input_ids as number[];
  const count = Number(body.top_logprobs_num);
  const from = Number(body.logprob_start_len);
  const here = await served.logprobsAfter(ids);
  const before = from < 0
    ? []
    : await Promise.all(ids.slice(1).map((_, at) => served.logprobsAfter(ids.slice(0, at + 1))));
  return Response.json({
    text: "?",
    meta_info: {
      ...{
        id: "1",
        finish_reason: { type: "length", length: 1 },
        prompt_tokens: ids.length,
        completion_tokens: 1,
      },
      input_token_logprobs: from < 0
        ? []
        : [[null, ids[0], null], ...before.map((of, at) => rows(of, [ids[at + 1]!])[0])],
      input_top_logprobs: from < 0
        ? []
        : [null, ...before.map((of) => rows(of, Array.from(topIds(of, count))))],
      output_token_logprobs: rows(here, [topIds(here, 1)[0]!]),
      output_top_logprobs: [rows(here, Array.from(topIds(here, count)))],
    },
  });
}

/** Serves a model as an engine of that kind; `work` gets its address and what it was asked. */
export async function withFakeEngine(
  kind: "vllm" | "sglang",
  served: Served,
  options: FakeOptions,
  work: (url: string, asked: Asked) => Promise<void>,
): Promise<void> {
  const asked: Asked = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const path = new URL(request.url).pathname;
    const text = await request.text();
    const body = text === "" ? {} : JSON.parse(text);
    asked.push({ path, body, key: request.headers.get("authorization") });
    const early = options.before?.(path, body) ?? null;
    if (early !== null) return await early;
    return kind === "vllm" ? await vllm(served, path, body, options) : await sglang(served, path, body);
  });
  try {
    await work(`http://127.0.0.1:${server.addr.port}`, asked);
  } finally {
    await server.shutdown();
  }
}
