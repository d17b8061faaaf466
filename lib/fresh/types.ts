// The types of Fresh's public API that routes use, and `createDefine` over them.
import type { ComponentChildren, FunctionComponent } from "preact";
import type { Context } from "./context.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";

export interface FreshConfig {
  mode?: "development" | "production";
}

export interface ResolvedConfig {
  root: string;
  readonly basePath: string;
  mode: "development" | "production";
}

export type Middleware<S> = (ctx: Context<S>) => Response | Promise<Response>;

/** What `page()` makes: data for the route's component. */
export interface PageResponse<D> {
  data: D;
  headers?: HeadersInit | undefined;
  status?: number | undefined;
}

type Answer<D> = Response | PageResponse<D>;
export type HandlerFn<D, S> = (ctx: Context<S>) => Answer<D> | Promise<Answer<D>>;
export type HandlerByMethod<D, S> = { [M in Method]?: HandlerFn<D, S> };
export type RouteHandler<D, S> = HandlerFn<D, S> | HandlerByMethod<D, S>;

/** What a page component gets. */
export interface PageProps<D = unknown, S = unknown> {
  readonly Component: FunctionComponent;
  readonly config: ResolvedConfig;
  readonly data: D;
  readonly error: unknown;
  readonly info: Deno.ServeHandlerInfo;
  readonly isPartial: boolean;
  readonly params: Record<string, string>;
  readonly req: Request;
  readonly route: string | null;
  readonly state: S;
  readonly url: URL;
}

type Rendered = ComponentChildren | Response;
export type PageComponent<D, S> = (props: PageProps<D, S>) => Rendered | Promise<Rendered>;

export interface RouteConfig {
  /** The page is the whole document: `_app` does not wrap it. */
  skipAppWrapper?: boolean;
}

/** A route: what a route file exports, by role. */
export interface Route<S> {
  /** Its data is known to the route alone: `never` takes a component for any. */
  component?: PageComponent<never, S> | undefined;
  handler?: RouteHandler<unknown, S> | undefined;
  config?: RouteConfig | undefined;
}

/** A page's data, status and headers, for the route's component. */
export function page<D = unknown>(
  data?: D,
  options?: { status?: number; headers?: HeadersInit },
): PageResponse<D> {
  return { data: data as D, headers: options?.headers, status: options?.status };
}

type DataOf<H, S> = H extends HandlerFn<infer D, S> ? D : H extends HandlerByMethod<infer D, S> ? D : unknown;

export interface Define<S> {
  handlers<D, H extends RouteHandler<D, S> = RouteHandler<D, S>>(handlers: H): H;
  page<H extends RouteHandler<unknown, S> = never, D = [H] extends [never] ? never : DataOf<H, S>>(
    component: PageComponent<D, S>,
  ): PageComponent<D, S>;
  middleware<M extends Middleware<S> | Middleware<S>[]>(middleware: M): M;
}

/** Identity functions that give handlers, pages and middlewares their types. */
export function createDefine<S>(): Define<S> {
  return {
    handlers: (handlers) => handlers,
    page: (component) => component,
    middleware: (middleware) => middleware,
  };
}
