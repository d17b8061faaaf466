// `App`: a list of registrations, replayed into a router when the handler is made.
import { BUILD, type Build } from "./build.ts";
import { Context } from "./context.ts";
import { addFileRoutes } from "./file_routes.ts";
import { HttpError } from "./http_error.ts";
import { type Match, Router } from "./router.ts";
import { runRoute } from "./route.ts";
import { STATUS_CODES } from "node:http";
import type { FreshConfig, Method, Middleware, PageComponent, ResolvedConfig, Route } from "./types.ts";

export type ListenOptions = Partial<Deno.ServeTcpOptions>;
type Handler = (req: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

const ALL_SEGMENTS = new Set(["*", "/*", "/"]);

export class App<S> {
  readonly #steps: ((router: Router<S>) => void)[] = [];
  readonly config: ResolvedConfig;
  [BUILD]: Build | null = null;

  constructor(config: FreshConfig = {}) {
    this.config = { root: ".", basePath: "", mode: config.mode ?? "production" };
  }

  use(...middlewares: Middleware<S>[]): this;
  use(path: string, ...middlewares: Middleware<S>[]): this;
  use(first: string | Middleware<S>, ...rest: Middleware<S>[]): this {
    if (typeof first === "string") return this.#step((router) => router.use(segmentsOf(first), ...rest));
    return this.#step((router) => router.use([], first, ...rest));
  }

  get = this.#method("GET");
  post = this.#method("POST");
  put = this.#method("PUT");
  patch = this.#method("PATCH");
  delete = this.#method("DELETE");
  head = this.#method("HEAD");
  all = this.#method("ALL");

  route(path: string, route: Route<S>): this {
    const methods = typeof route.handler === "object" ? Object.keys(route.handler) : ["ALL"];
    if (methods[0] !== "ALL" && route.component !== undefined && !methods.includes("GET")) {
      methods.push("GET");
    }
    return this.#step((router) => {
      for (const method of methods) {
        router.add(method as Method, path, segmentsOf(path), (ctx) => runRoute(ctx, route));
      }
    });
  }

  appWrapper(component: PageComponent<null, S>): this {
    return this.#step((router) => router.app = component);
  }

  notFound(route: Route<S> | Middleware<S>): this {
    return this.#step((router) => router.notFound = asRoute(route));
  }

  onError(path: string, route: Route<S> | Middleware<S>): this {
    return this.#step((router) => router.onError(segmentsOf(path), asRoute(route)));
  }

  /** The build's file routes, at this place in the order. */
  fsRoutes(): this {
    return this.#step((router) => addFileRoutes(router, this[BUILD]?.routes ?? []));
  }

  /** The function that answers requests, for Deno.serve and for tests. */
  handler(): Handler {
    const router = new Router<S>();
    for (const step of this.#steps) step(router);
    return (req, info = NO_CONNECTION) => this.#answer(router, req, info);
  }

  /**
   * Starts to serve, until the signal in `options` aborts. Without a port: the first free one from 8000 to 8019.
   * Throws Deno's AddrInUse where the port is taken.
   */
  // deno-lint-ignore require-await -- so that a taken port rejects
  async listen(options: ListenOptions = {}): Promise<void> {
    const handler = this.handler();
    for (let port = options.port ?? 8000;; port++) {
      try {
        Deno.serve({ ...options, port }, handler);
        return;
      } catch (reason) { // only to try the next port
        const fixed = options.port !== undefined || port === 8019;
        if (fixed || !(reason instanceof Deno.errors.AddrInUse)) throw reason;
      }
    }
  }

  async #answer(router: Router<S>, req: Request, info: Deno.ServeHandlerInfo): Promise<Response> {
    try {
      const url = new URL(req.url);
      url.pathname = url.pathname.replaceAll(/\/+/g, "/");
      const match = router.match(req.method as Method, url);
      const ctx = new Context<S>({
        req,
        url,
        info,
        route: match.pattern,
        params: match.params,
        config: this.config,
        next: () => lastResort(match, req.method),
        site: { build: this[BUILD], app: router.app },
      });
      const response = await run(match.chain, 0, ctx, ctx.next);
      if (!(response instanceof Response)) {
        throw new TypeError(`Expected ${url.pathname} to be answered by a Response but found ${response}`);
      }
      if (req.method !== "HEAD") return response;
      await response.body?.cancel();
      return new Response(null, response);
    } catch (reason) { // the HTTP edge
      return errorResponse(reason);
    }
  }

  #step(step: (router: Router<S>) => void): this {
    this.#steps.push(step);
    return this;
  }

  #method(method: Method | "ALL"): (path: string, ...middlewares: Middleware<S>[]) => this {
    return (path, ...middlewares) =>
      this.#step((router) => router.add(method, path, segmentsOf(path), ...middlewares));
  }
}

async function run<S>(
  chain: Middleware<S>[],
  index: number,
  ctx: Context<S>,
  last: () => Promise<Response>,
): Promise<Response> {
  const middleware = chain[index];
  if (middleware === undefined) return await last();
  ctx.next = () => run(chain, index + 1, ctx, last);
  try {
    return await middleware(ctx);
  } catch (reason) { // error pages read it from the context
    ctx.error = reason;
    throw reason;
  }
}

function lastResort<S>({ allowed }: Match<S>, method: string): Promise<Response> {
  if (allowed === null) return Promise.reject(new HttpError(404));
  if (method !== "OPTIONS") return Promise.reject(new HttpError(405));
  return Promise.resolve(new Response(null, { status: 204, headers: { allow: allowed.join(", ") } }));
}

function errorResponse(reason: unknown): Response {
  const known = reason instanceof HttpError ? reason : null;
  if (known === null || known.status >= 500) console.error(reason);
  if (known === null) return new Response("Internal server error", { status: 500 });
  return new Response(known.message || STATUS_CODES[known.status], { status: known.status });
}

function asRoute<S>(route: Route<S> | Middleware<S>): Route<S> {
  return typeof route === "function" ? { handler: route } : route;
}

function segmentsOf(path: string): string[] {
  return ALL_SEGMENTS.has(path) ? [] : path.split("/").filter((part) => part !== "");
}

/** Stands in for the peer's address where a handler is called without a server. */
const NO_CONNECTION: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 1234 },
  completed: Promise.resolve(),
};
