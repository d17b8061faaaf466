// `fresh`: a small stand-in for the part of Fresh 2.3's public API that this app's routes use.
export { App, type ListenOptions } from "./app.ts";
export type { Context } from "./context.ts";
export { HttpError } from "./http_error.ts";
export { staticFiles } from "./static_files.ts";
export { createDefine, page } from "./types.ts";
export type {
  Define,
  FreshConfig,
  HandlerByMethod,
  HandlerFn,
  Method,
  Middleware,
  PageProps,
  PageResponse,
  RouteConfig,
  RouteHandler,
} from "./types.ts";
