// Errors in the shape that clients of OpenAI's API read: {"error": {message, type, param, code}}.
import type { Context } from "fresh";
import type { State } from "../../define.ts";
import type { OpenAiError } from "../../wire/error.ts";
import { apiErrorOf, type ErrorContext, retryAfter, STATUS_OF } from "./errors.ts";
import { modelStatusOf } from "./model_status.ts";

/** Paths that clients of other servers ask: their errors have this shape, that of a path which is not here too. */
const PATHS = [
  ...["/tokenize", "/detokenize", "/tokenizer_info", "/completion", "/apply-template", "/props", "/health"],
  ...["/models", "/completions", "/chat/completions", "/embedding", "/embeddings", "/rerank", "/reranking"],
  ...["/infill", "/slots", "/metrics", "/lora-adapters", "/version", "/ping"],
] as const;

/** Whether errors under this path have OpenAI's shape: `/v1/*` and the paths of llama.cpp's and vLLM's servers. */
export function isOpenAiPath(path: string): boolean {
  return path === "/v1" || path.startsWith("/v1/") || path.startsWith("/slots/") ||
    (PATHS as readonly string[]).includes(path);
}

/** OpenAI's clients know 400 alone for what the model cannot do. */
export function openAiStatusOf(code: keyof typeof STATUS_OF): number {
  return STATUS_OF[code] === 422 ? 400 : STATUS_OF[code];
}

/** What an error needs to be told. */
export function errorContextOf({ req: request, url, state }: Context<State>): ErrorContext {
  const progress = () => modelStatusOf(state.engine.status()).progress;
  return { request, path: url.pathname, log: state.log, progress };
}

/** The body of an error. */
export function openAiErrorOf(error: unknown, context: ErrorContext): OpenAiError {
  return bodyOf(apiErrorOf(error, context));
}

function bodyOf({ error, code, field }: ReturnType<typeof apiErrorOf>): OpenAiError {
  const named = code === "context_too_long" ? "context_length_exceeded" : code;
  return { error: { message: error, type: typeOf(openAiStatusOf(code)), param: field ?? null, code: named } };
}

/** The answer to any error of these paths. */
export function openAiErrorResponse(error: unknown, context: ErrorContext): Response {
  const found = apiErrorOf(error, context);
  const { request, path, log } = context;
  log.debug(`${request.method} ${path} -> ${openAiStatusOf(found.code)} ${found.code}: ${found.error}`);
  return openAiRefusal(found, error);
}

/** One error as the wire has it. What asking again does not mend says so: the SDKs repeat otherwise. */
export function openAiRefusal(found: ReturnType<typeof apiErrorOf>, error?: unknown): Response {
  const headers = new Headers();
  const seconds = retryAfter(found.code, error);
  if (seconds !== undefined) headers.set("retry-after", String(seconds));
  headers.set("x-should-retry", String(seconds !== undefined));
  if (found.code === "body_too_large") headers.set("connection", "close");
  return Response.json(bodyOf(found), { status: openAiStatusOf(found.code), headers });
}

function typeOf(status: number): string {
  if (status === 429) return "rate_limit_error";
  if (status === 404) return "not_found_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}
