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

/** The middleware that answers requests for files, and passes on everything else. In production a file has an entity
 * tag: who has it already gets 304. */
export function staticFiles<S>(): Middleware<S> {
  const tags = new WeakMap<Uint8Array, Promise<string>>();
  const tagOf = (bytes: Uint8Array<ArrayBuffer>) => {
    const known = tags.get(bytes) ?? entityTagOf(bytes);
    tags.set(bytes, known);
    return known;
  };
  return async (ctx) => {
    const { id, mode, files } = (ctx as Context<S> & { [BUILD]: Build })[BUILD];
    const { pathname, searchParams } = ctx.url;
    const bytes = files.get(pathname);
    if (bytes === undefined) {
      return pathname === "/favicon.ico" ? new Response(null, { status: 404 }) : await ctx.next();
    }
    if (ctx.req.method !== "GET" && ctx.req.method !== "HEAD") {
      return new Response("Method Not Allowed", { status: 405 });
    }
    const named = searchParams.get(ASSET_KEY) === id || pathname.startsWith(`/_fresh/js/${id}/`);
    const headers = new Headers({
      "content-type": TYPES[pathname.replace(/^.*\./, "")] ?? "text/plain; charset=UTF-8",
      "cache-control": named && mode === "production" ? FOR_EVER : NEVER,
      vary: "If-None-Match",
    });
    if (mode === "production") {
      const tag = await tagOf(bytes);
      headers.set("etag", tag);
      if (isKnown(ctx.req.headers.get("if-none-match"), tag)) {
        return new Response(null, { status: 304, headers });
      }
    }
    headers.set("content-length", String(bytes.byteLength));
    return new Response(bytes, { headers });
  };
}

/** Weak, as Fresh's: what compresses an answer on its way leaves such a tag valid. */
async function entityTagOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `W/"${digest.toHex()}"`;
}

/** Whether If-None-Match names the tag; strong and weak ones are the same here (RFC 9110, 13.1.2). */
function isKnown(wanted: string | null, tag: string): boolean {
  if (wanted === null) return false;
  const bare = (text: string) => text.trim().replace(/^W\//, "");
  return wanted.trim() === "*" || wanted.split(",").some((one) => bare(one) === bare(tag));
}
