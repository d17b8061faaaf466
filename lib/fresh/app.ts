// `App`: middlewares in order, then the build's file routes.
import { STATUS_CODES } from "node:http";
import { BUILD, type Build, EMPTY_BUILD } from "./build.ts";
import { createRouteTable, filePathOf, listFileRoutes, type Route } from "./file_routes.ts";
import { HttpError } from "./http_error.ts";
import type { Context, Middleware } from "./types.ts";

export type Handler = (req: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

export class App<S> {
  readonly #middlewares: Middleware<S>[] = [];
  readonly #routes: Route<S>[] = [];
  #hasRoutes = false;
  /** Set by `installBuild`. */
  [BUILD]: Build = EMPTY_BUILD;

  /** Adds middlewares, which run for every request in this order. */
  use(...middlewares: Middleware<S>[]): this {
    if (this.#hasRoutes) {
      throw new Error("Expected every use() before fsRoutes(), whose routes it would not reach");
    }
    this.#middlewares.push(...middlewares);
    return this;
  }

  /** Answers one path in every method; ":name" is an open segment of it, ":name*" an open rest. */
  all(path: string, answer: Middleware<S>): this {
    this.#routes.push({ path: filePathOf(path), answer });
    return this;
  }

  /** Answers by the files in `routes/`. */
  fsRoutes(): this {
    this.#hasRoutes = true;
    return this;
  }

  /** The function that answers requests with the build installed now, for Deno.serve and for tests. */
  handler(): Handler {
    const build = this[BUILD];
    const find = createRouteTable([...this.#routes, ...this.#hasRoutes ? listFileRoutes<S>(build) : []]);
    return async (req, info = NO_CONNECTION) => {
      const url = new URL(req.url);
      if (url.pathname.includes("//")) url.pathname = url.pathname.replaceAll(/\/+/g, "/");
      const { answer, params } = find(url.pathname) ?? { answer: rejectNotFound, params: {} };
      const ctx = { req, url, info, params, state: {} as S, next: rejectNotFound, [BUILD]: build };
      try {
        const response = await run([...this.#middlewares, answer, rejectNotFound], 0, ctx);
        if (req.method !== "HEAD") return response;
        await response.body?.cancel();
        return new Response(null, response);
      } catch (reason) { // the HTTP edge
        return errorResponse(reason);
      }
    };
  }
}

async function run<S>(chain: readonly Middleware<S>[], index: number, ctx: Context<S>): Promise<Response> {
  ctx.next = () => run(chain, index + 1, ctx);
  const response: unknown = await chain[index]!(ctx);
  if (response instanceof Response) return response;
  throw new TypeError(`Expected ${ctx.url.pathname} to be answered by a Response but found ${response}`);
}

function rejectNotFound(): Promise<Response> {
  return Promise.reject(new HttpError(404));
}

/** The answer to an error that no middleware has caught: an HttpError tells its status, any other error nothing. */
function errorResponse(reason: unknown): Response {
  const known = reason instanceof HttpError ? reason : null;
  if (known === null || known.status >= 500) console.error(reason);
  if (known === null) return new Response("Internal server error", { status: 500 });
  return new Response(known.message || STATUS_CODES[known.status], { status: known.status });
}

/** Stands in for the peer's address where a handler is called without a server. */
const NO_CONNECTION: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 1234 },
  completed: Promise.resolve(),
};
