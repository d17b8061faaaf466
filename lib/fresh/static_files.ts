// Serving the build's files: `static/` and the islands' chunks.
import { BUILD, type Build } from "./build.ts";
import { ASSET_KEY } from "./runtime.ts";
import type { Context, Middleware } from "./types.ts";

const NEVER = "no-cache, no-store, max-age=0, must-revalidate";
const FOR_EVER = "public, max-age=31536000, immutable";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=UTF-8",
  ico: "image/vnd.microsoft.icon",
  js: "text/javascript; charset=UTF-8",
  json: "application/json; charset=UTF-8",
  map: "application/json; charset=UTF-8",
  png: "image/png",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};

/** The middleware that answers requests for files, and passes on everything else. */
export function staticFiles<S>(): Middleware<S> {
  return (ctx) => {
    const { id, mode, files } = (ctx as Context<S> & { [BUILD]: Build })[BUILD];
    const { pathname, searchParams } = ctx.url;
    const bytes = files.get(pathname);
    if (bytes === undefined) {
      return pathname === "/favicon.ico" ? new Response(null, { status: 404 }) : ctx.next();
    }
    if (ctx.req.method !== "GET" && ctx.req.method !== "HEAD") {
      return new Response("Method Not Allowed", { status: 405 });
    }
    const named = searchParams.get(ASSET_KEY) === id || pathname.startsWith(`/_fresh/js/${id}/`);
    const headers = {
      "content-type": TYPES[pathname.replace(/^.*\./, "")] ?? "text/plain; charset=UTF-8",
      "content-length": String(bytes.byteLength),
      "cache-control": named && mode === "production" ? FOR_EVER : NEVER,
    };
    return new Response(bytes, { headers });
  };
}
