// What every middleware, handler and page component gets: the request and the ways to answer it.
import type { ComponentChildren, FunctionComponent, VNode } from "preact";
import { isValidElement } from "preact";
import { BUILD, type Build } from "./build.ts";
import { renderPage } from "./render.ts";
import type { PageComponent, ResolvedConfig, RouteConfig } from "./types.ts";

/** What a context needs to know about the site to render a page. */
export interface Site<S> {
  readonly build: Build | null;
  readonly app: PageComponent<null, S> | null;
}

export interface ContextInit<S> {
  req: Request;
  url: URL;
  info: Deno.ServeHandlerInfo;
  route: string | null;
  params: Record<string, string>;
  config: ResolvedConfig;
  next: () => Promise<Response>;
  site: Site<S>;
}

type Chunks = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** One request on its way through the middlewares. */
export class Context<S> {
  readonly config: ResolvedConfig;
  readonly req: Request;
  readonly url: URL;
  readonly info: Deno.ServeHandlerInfo;
  readonly route: string | null;
  readonly params: Record<string, string>;
  readonly state: S = {} as S;
  readonly isPartial: boolean = false;
  data: unknown = undefined;
  error: unknown = null;
  Component: FunctionComponent = () => null;
  next: () => Promise<Response>;
  readonly #site: Site<S>;

  constructor(init: ContextInit<S>) {
    this.config = init.config;
    this.req = init.req;
    this.url = init.url;
    this.info = init.info;
    this.route = init.route;
    this.params = init.params;
    this.next = init.next;
    this.#site = init.site;
  }

  /** The build that serves this request, for the middlewares of this folder. */
  get [BUILD](): Build | null {
    return this.#site.build;
  }

  /** A redirect; `//` in a path is folded so that it never leaves this host. */
  redirect(pathOrUrl: string, status = 302): Response {
    const [path = "", rest = ""] = splitAt(pathOrUrl, pathOrUrl.search(/[?#]/));
    const location = path.startsWith("/") ? path.replaceAll(/\/+/g, "/") + rest : pathOrUrl;
    return new Response(null, { status, headers: { location } });
  }

  /** Renders `vnode` inside `_app` as an HTML page. */
  async render(
    vnode: ComponentChildren,
    init: ResponseInit = {},
    config: RouteConfig = {},
  ): Promise<Response> {
    if (vnode !== null && !isValidElement(vnode)) {
      throw new TypeError("Expected ctx.render() to get a JSX element or null");
    }
    const app = config.skipAppWrapper ? null : this.#site.app;
    return await renderPage(this, vnode as VNode | null, app, this.#site.build, init);
  }

  text(content: string, init?: ResponseInit): Response {
    return new Response(content, init);
  }

  html(content: string, init?: ResponseInit): Response {
    const headers = new Headers(init?.headers);
    headers.set("content-type", "text/html; charset=utf-8");
    return new Response(content, { ...init, headers });
  }

  json(value: unknown, init?: ResponseInit): Response {
    return Response.json(value, init);
  }

  /** Sends each chunk as soon as the iterable yields it. */
  stream(chunks: Chunks | (() => Chunks), init?: ResponseInit): Response {
    const encoder = new TextEncoder();
    const encode = new TransformStream<string | Uint8Array, Uint8Array>({
      transform: (chunk, out) => out.enqueue(typeof chunk === "string" ? encoder.encode(chunk) : chunk),
    });
    const source = typeof chunks === "function" ? chunks() : chunks;
    return new Response(ReadableStream.from(source).pipeThrough(encode), init);
  }
}

function splitAt(text: string, index: number): [string, string] {
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index)];
}
