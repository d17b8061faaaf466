// One handler function for all methods of a route. Fresh answers 404 where a handler object lacks a method; an
// API says 405 and which methods there are.
import type { Context } from "fresh";
import { errorResponse } from "./errors.ts";
import { isOpenAiPath, openAiRefusal } from "./openai_error.ts";

type Handle<S> = (ctx: Context<S>) => Response | Promise<Response>;
type Methods<S> = Partial<Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", Handle<S>>>;

/** Chooses the handler by the request's method. HEAD is GET without its body, OPTIONS answers 204 with Allow,
 * any other method 405 with Allow. */
export function answerByMethod<S>(methods: Methods<S>): Handle<S> {
  const names = Object.keys(methods);
  const allow = [...names, ...(methods.GET === undefined ? [] : ["HEAD"]), "OPTIONS"].join(", ");
  return async (ctx) => {
    const method = ctx.req.method.toUpperCase();
    if (method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
    if (method === "HEAD" && methods.GET !== undefined) return withoutBody(await methods.GET(ctx));
    const handle = Object.hasOwn(methods, method) ? methods[method as keyof Methods<S>] : undefined;
    if (handle !== undefined) return await handle(ctx);
    const refuse = isOpenAiPath(ctx.url.pathname) ? openAiRefusal : errorResponse;
    const response = refuse({
      error: `${ctx.url.pathname} takes ${names.join(" or ")}, but was asked with ${method}.`,
      code: "method_not_allowed",
    });
    response.headers.set("allow", allow);
    return response;
  };
}

async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel(); // else a stream would go on with its work
  return new Response(null, { status: response.status, headers: response.headers });
}
