// Serving the build's files: `static/` and the islands' chunks.
import { type AssetEntry, BUILD, type Build } from "./build.ts";
import type { Context } from "./context.ts";
import { ASSET_KEY } from "./runtime.ts";
import type { Middleware } from "./types.ts";

const NEVER = "no-cache, no-store, max-age=0, must-revalidate";
const FOR_EVER = "public, max-age=31536000, immutable";

/** The middleware that answers requests for files, and passes on everything else. */
export function staticFiles<S>(): Middleware<S> {
  return async (ctx) => {
    const build = ctx[BUILD];
    const pathname = decodePath(ctx.url.pathname);
    const entry = build === null || pathname === "/" ? undefined : entryAt(build, pathname);
    if (build !== null && entry !== undefined) return await serve(ctx, build, pathname, entry);
    if (pathname === "/favicon.ico") return new Response(null, { status: 404 });
    return await ctx.next();
  };
}

function entryAt(build: Build, pathname: string): AssetEntry | undefined {
  const { assets } = build.manifest;
  return Object.hasOwn(assets, pathname) ? assets[pathname] : undefined;
}

async function serve<S>(
  ctx: Context<S>,
  build: Build,
  pathname: string,
  entry: AssetEntry,
): Promise<Response> {
  const { req, url } = ctx;
  if (req.method !== "GET" && req.method !== "HEAD") {
    return new Response("Method Not Allowed", { status: 405 });
  }
  const { id } = build.manifest;
  const key = url.searchParams.get(ASSET_KEY);
  if (key !== null && key !== id) {
    url.searchParams.delete(ASSET_KEY);
    return new Response(null, { status: 307, headers: { location: url.pathname + url.search } });
  }
  const production = build.mode === "production";
  const headers = new Headers({ "content-type": entry.type, vary: "If-None-Match" });
  if (production) {
    const tag = `W/"${entry.hash}"`;
    headers.set("etag", tag);
    const held = req.headers.get("if-none-match");
    if (held === tag || held === entry.hash) return new Response(null, { status: 304, headers });
  }
  const lasting = production && (key === id || pathname.startsWith(`/_fresh/js/${id}/`));
  headers.set("cache-control", lasting ? FOR_EVER : NEVER);
  headers.set("content-length", String(entry.size));
  const body = req.method === "HEAD" ? null : await build.open(entry, pathname);
  return new Response(body, { headers });
}

function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch { // a malformed escape names no file
    return pathname;
  }
}
