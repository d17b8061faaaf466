// The page on its way to other machines: a class on one Wi-Fi fetches it 30 times. On this machine packing only costs.
import { isOfThisMachine } from "./guards.ts";

type Handler = (request: Request, info: Deno.ServeHandlerInfo) => Promise<Response>;

/** What is packed: text that is made for browsers. Answers of the API are read by programs, and are their own. */
const PACKED: ReadonlySet<string> = new Set(["text/css", "text/html", "text/javascript"]);
const LEAST_BYTES = 1000;

/** `handler`, whose pages, scripts and styles are sent with gzip to clients on other machines that take it. Outside
 * of all that reads or changes an answer's text. */
export function compressPages(handler: Handler): Handler {
  return async (request, info) => {
    const response = await handler(request, info);
    const type = response.headers.get("content-type")?.split(";")[0] ?? "";
    if (!PACKED.has(type) || isOfThisMachine(request)) return response;
    const headers = new Headers(response.headers);
    headers.append("vary", "Accept-Encoding");
    const { status } = response;
    const large = Number(headers.get("content-length") ?? LEAST_BYTES) >= LEAST_BYTES;
    if (status !== 200 || !large || headers.has("content-encoding") || !takesGzip(request)) {
      return new Response(response.body, { status, headers });
    }
    headers.set("content-encoding", "gzip");
    headers.delete("content-length"); // to HEAD too
    return new Response(response.body?.pipeThrough(new CompressionStream("gzip")) ?? null, {
      status,
      headers,
    });
  };
}

/** Whether Accept-Encoding names gzip with a quality above 0 (RFC 9110, 12.5.3). */
function takesGzip({ headers }: Request): boolean {
  const codings = (headers.get("accept-encoding") ?? "").split(",").map((part) => part.trim().toLowerCase());
  return codings.some((coding) => /^gzip(\s*;|$)/.test(coding) && !/;\s*q=0(\.0*)?$/.test(coding));
}
