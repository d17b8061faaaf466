// The outermost layer of every request: guards before the routes, headers and readable errors after them. It must
// come before static files and routes, because an error travels past every layer as an exception.
import type { Context } from "fresh";
import type { State } from "../../define.ts";
import { errorPage } from "./error_page.ts";
import { apiErrorOf, type ErrorContext, errorResponse, STATUS_OF, toErrorResponse } from "./errors.ts";
import { checkHost, checkOrigin, isApiPath, isPreflight, setCorsHeaders } from "./guards.ts";
import { isOpenAiPath, openAiErrorResponse, openAiRefusal } from "./openai_error.ts";
import { createNonce, setSecurityHeaders, withHeaders } from "./security_headers.ts";
import { modelStatusOf } from "./model_status.ts";

/** Middleware: refuses foreign hosts and origins, gives the page its nonce, turns every error into an answer (JSON
 * under /api, else a small page), and sets the security headers on all of them. */
export async function protect(ctx: Context<State>): Promise<Response> {
  const { req: request, url: { pathname: path }, state } = ctx;
  let nonce: string | null = null;
  state.nonce = () => nonce ??= createNonce();
  let origin: string | null = null;
  let response: Response;
  try {
    checkHost(request, state.config);
    origin = checkOrigin(request, path, state.config);
    const preflight = origin !== null && isPreflight(request);
    response = preflight
      ? new Response(null, { status: 204 })
      : path === "/" && request.method !== "GET" && request.method !== "HEAD"
      ? refuseMethod(request, "The page")
      : withoutBareRefusal(await ctx.next(), request);
  } catch (error) {
    response = answerError(error, ctx);
  }
  return withHeaders(response, (headers) => {
    setSecurityHeaders(headers, [...(nonce === null ? [] : [nonce]), ...renderNonces(response)]);
    headers.delete(NONCE_HEADER);
    if (isApiPath(path) || isOpenAiPath(path)) headers.set("cache-control", "no-store");
    if (origin !== null) {
      setCorsHeaders(headers, origin, request.headers.get("access-control-request-headers"));
    }
  });
}

/** The answer; in place of the bare words that Fresh's static files have for other methods than GET, our refusal. */
function withoutBareRefusal(response: Response, request: Request): Response {
  return response.status === STATUS_OF.method_not_allowed && !response.headers.has("allow")
    ? refuseMethod(request, "A file")
    : response;
}

/** What the page and files say to methods that only an API takes: a route without a handler would answer them with the
 * page. */
function refuseMethod(request: Request, what: "The page" | "A file"): Response {
  const allow = { allow: "GET, HEAD, OPTIONS" };
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: allow });
  const refusal = errorPage(
    STATUS_OF.method_not_allowed,
    `${what} takes GET, but was asked with ${request.method}.`,
  );
  return withHeaders(refusal, (headers) => headers.set("allow", allow.allow));
}

/** All others are refused before Fresh, which answers them without any middleware. */
const METHODS: readonly string[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** For the server: answers requests whose Host makes no URL or whose path's escapes are no UTF-8, which would throw in
 * everything after it, and those of methods that nothing here knows. */
export function refuseBadUrls(
  handler: (request: Request, info: Deno.ServeHandlerInfo) => Promise<Response>,
): (request: Request, info: Deno.ServeHandlerInfo) => Promise<Response> {
  return (request, info) => {
    const url = URL.parse(request.url);
    if (url === null) {
      const sentence = "The Host header of this request is no host name.";
      return Promise.resolve(addHeaders(errorPage(STATUS_OF.host_not_allowed, sentence)));
    }
    if (!isDecodable(url.pathname)) {
      const sentence = "The address has a percent sign that begins no character: in UTF-8, % is written %25.";
      return Promise.resolve(addHeaders(refusalOf(request, "bad_request", sentence)));
    }
    if (METHODS.includes(request.method)) return handler(request, info);
    return KNOWN_ELSEWHERE.includes(request.method)
      ? refuseKnown(request, (ask) => handler(ask, info))
      : Promise.resolve(addHeaders(refusalOf(request, "method_unknown")));
  };
}

function isDecodable(path: string): boolean {
  if (!path.includes("%")) return true;
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** Methods of HTTP that nothing here takes. */
const KNOWN_ELSEWHERE: readonly string[] = ["TRACE", "QUERY"];

/** A method that is known and allowed nowhere: 405, and the methods that the path does take. */
async function refuseKnown(
  { method, url, headers }: Request,
  ask: (request: Request) => Promise<Response>,
): Promise<Response> {
  const named = new Headers(["host", "origin"].flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as [string, string]];
  }));
  const known = await ask(new Request(url, { method: "OPTIONS", headers: named }));
  await known.body?.cancel();
  const refusal = refusalOf({ method, url }, "method_not_allowed");
  refusal.headers.set("allow", known.headers.get("allow") ?? "GET, HEAD");
  return addHeaders(refusal);
}

function refusalOf(
  { method, url }: Pick<Request, "method" | "url">,
  code: "method_unknown" | "method_not_allowed" | "bad_request",
  error = `Nothing here takes the method ${method.slice(0, 40)}.`,
): Response {
  const { pathname: path } = new URL(url);
  if (isOpenAiPath(path)) return openAiRefusal({ error, code });
  return isApiPath(path) ? errorResponse({ error, code }) : errorPage(STATUS_OF[code], error);
}

/** With the headers of every answer. */
function addHeaders(refusal: Response): Response {
  setSecurityHeaders(refusal.headers, []);
  refusal.headers.set("cache-control", "no-store");
  return refusal;
}

function answerError(error: unknown, { req: request, url, state }: Context<State>): Response {
  const context: ErrorContext = {
    request,
    path: url.pathname,
    log: state.log,
    progress: () => modelStatusOf(state.engine.status()).progress,
  };
  if (isOpenAiPath(url.pathname)) return openAiErrorResponse(error, context);
  if (isApiPath(url.pathname)) return toErrorResponse(error, context);
  const body = apiErrorOf(error, context);
  return errorPage(STATUS_OF[body.code], body.error);
}

const NONCE_HEADER = "x-fresh-nonce";

/** Fresh's renderer makes a nonce of its own for the scripts it adds, and leaves it on the response: under this
 * symbol, in earlier versions in this header (its `csp` middleware reads the same). */
function renderNonces(response: Response): string[] {
  const marked: unknown = Reflect.get(response, Symbol.for("__freshNonce"));
  return [marked, response.headers.get(NONCE_HEADER)].filter((nonce) =>
    typeof nonce === "string" && nonce !== ""
  )
    .map(String);
}
