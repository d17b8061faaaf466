// Serving below a path, as behind a reverse proxy at /app/. Routes, assets and answers know nothing of it: the path is
// taken off a request before them, and put before every address of ours in what is answered. It works on whole
// answers, so that Fresh itself needs no setting. The page's own requests are relative to the page.
import { parseBasePath } from "../../config/hosts.ts";
import { setSecurityHeaders } from "./security_headers.ts";

const OPENAPI_PATH = "/api/openapi.json";

type Handler = (request: Request, info: Deno.ServeHandlerInfo) => Promise<Response>;

interface BasePathSettings {
  /** "/app", or "" for none. */
  readonly basePath: string;
  /** Whether X-Forwarded-Prefix of a proxy is believed. */
  readonly trustProxy: boolean;
}

/** `handler` below a base path. Paths without it are answered as well: some proxies take it off. */
export function serveBelowBasePath(handler: Handler, settings: BasePathSettings): Handler {
  return async (request, info) => {
    const base = basePathOf(request, settings);
    if (base === "" || !URL.canParse(request.url)) return await handler(request, info);
    const url = new URL(request.url);
    if (url.pathname === base) return toFolder(base + "/" + url.search);
    const isBelow = url.pathname.startsWith(`${base}/`);
    if (isBelow) url.pathname = url.pathname.slice(base.length);
    const response = await handler(isBelow ? moveTo(url, request) : request, info);
    return await prefixAddresses(response, base, url.pathname);
  };
}

/** The request as one for another address. No `Request` is made with TRACE; what refuses it reads address and headers
 * alone. CONNECT and what no parser knows end before (lib/server/refusals.ts). */
function moveTo(url: URL, { method, headers, body, signal }: Request): Request {
  return method === "TRACE"
    ? Object.defineProperty(new Request(url, { headers, signal }), "method", { value: method })
    : new Request(url, { method, headers, body, signal });
}

function basePathOf(request: Request, { basePath, trustProxy }: BasePathSettings): string {
  const forwarded = trustProxy ? request.headers.get("x-forwarded-prefix") : null;
  return (forwarded === null ? null : parseBasePath(forwarded)) ?? basePath;
}

/** The page's own addresses are relative: it needs the slash at the end. */
function toFolder(location: string): Response {
  const response = new Response(null, { status: 308, headers: { location } });
  setSecurityHeaders(response.headers, []);
  return response;
}

/** The answer at `path` with `base` before every address of ours. */
async function prefixAddresses(response: Response, base: string, path: string): Promise<Response> {
  const headers = new Headers(response.headers);
  const location = headers.get("location");
  if (location !== null && isOwn(location)) headers.set("location", base + location);
  const links = headers.get("link");
  if (links !== null) headers.set("link", links.replace(/<\/(?!\/)/g, `<${base}/`));
  const cookies = headers.getSetCookie();
  headers.delete("set-cookie");
  for (const cookie of cookies) {
    headers.append("set-cookie", cookie.replace(/(;\s*path=)\/(?!\/)/i, `$1${base}/`));
  }
  const { status } = response;
  const rewrite = path === OPENAPI_PATH && status === 200
    ? prefixServer
    : REWRITES[headers.get("content-type")?.split(";")[0] ?? ""];
  if (rewrite !== undefined) headers.delete("content-length"); // to HEAD too
  if (rewrite === undefined || response.body === null) {
    return new Response(response.body, { status, headers });
  }
  return new Response(rewrite(await response.text(), base), { status, headers });
}

function isOwn(address: string): boolean {
  return address.startsWith("/") && !address.startsWith("//");
}

/** The document of the API with the address that its paths are below. */
function prefixServer(json: string, base: string): string {
  return JSON.stringify({ ...JSON.parse(json), servers: [{ url: base }] });
}

/** How addresses are written in text of ours. Words of a user are escaped there, and look otherwise. */
const REWRITES: Readonly<Record<string, (text: string, base: string) => string>> = {
  "text/html": (html, base) =>
    html
      .replace(/(\s(?:href|src|action)=")\/(?!\/)/g, `$1${base}/`)
      .replace(/(\b(?:from|import\()\s*["'])\/_fresh\//g, `$1${base}/_fresh/`),
  "text/css": (css, base) => css.replace(/(url\(\s*["']?)\/(?!\/)/g, `$1${base}/`),
};
