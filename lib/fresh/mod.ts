// `fresh`: a small stand-in for the part of Fresh 2.3's public API that this app's routes use. Other names of Fresh
// are absent; files and exports with a meaning in Fresh that is not supported here are errors.
export { App } from "./app.ts";
export { HttpError } from "./http_error.ts";
export { staticFiles } from "./static_files.ts";
export { type Context, createDefine, type Middleware, type PageProps } from "./types.ts";
