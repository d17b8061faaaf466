// Who may talk to this server. It has no passwords: being reachable by this machine's own pages is the permission,
// so a page of another site must not get in, neither by a name that it points here (Host) nor directly (Origin).
import type { Config } from "../../config/config.ts";
import { apiFault } from "./errors.ts";
import { isOpenAiPath } from "./openai_error.ts";

type Rules = Pick<Config, "host" | "allowedHosts" | "allowedOrigins">;

/** Names that always mean this machine; any port, since a tunnel or a proxy may change it. */
const LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]"];
/** One of them with a port as it is written: nothing that has to be parsed, which takes a twentieth of a request. */
const PLAIN_LOCAL = new RegExp(`^(?:${LOCAL_NAMES.map(RegExp.escape).join("|")})(?::[1-5]?\\d{1,4})?$`);

/** Whether a request names this server as only its own machine does. */
export function isOfThisMachine({ url }: Request): boolean {
  return URL.canParse(url) && LOCAL_NAMES.includes(new URL(url).hostname);
}

/** True for paths whose answers are JSON. */
export function isApiPath(path: string): boolean {
  return path === "/api" || path.startsWith("/api/");
}

/** Throws host_not_allowed (403) unless the request names this server as it may be named. Checks the Host header and
 * the URL: an absolute-form request line puts its own host into the URL. */
export function checkHost(request: Request, rules: Rules): void {
  const header = request.headers.get("host"); // null: HTTP/1.1 without Host, or no HTTP at all
  const named = [hostOf(request.url), ...(header === null ? [] : [header])];
  const refused = named.find((host) => !isHostAllowed(host, rules));
  if (refused === undefined) return;
  throw apiFault(
    "host_not_allowed",
    `This server does not answer to the name ${JSON.stringify(refused.slice(0, 100))}. ` +
      "Use localhost, or add the name to NEXTTOKEN_ALLOWED_HOSTS.",
  );
}

/** The foreign origin that may read the answer (CORS), or null where the request comes from no foreign page.
 * Throws origin_not_allowed (403); a foreign page may at most link to our page, that is GET it. */
export function checkOrigin(request: Request, path: string, rules: Rules): string | null {
  const origin = request.headers.get("origin");
  if (origin === null || isSameOrigin(origin, request)) return null;
  if (rules.allowedOrigins.includes("*") || rules.allowedOrigins.includes(origin)) return origin;
  if (!isApiPath(path) && !isOpenAiPath(path) && (request.method === "GET" || request.method === "HEAD")) {
    return null;
  }
  throw apiFault(
    "origin_not_allowed",
    `Pages of ${JSON.stringify(origin.slice(0, 100))} may not use this server. ` +
      "To allow them, add the origin to NEXTTOKEN_ALLOWED_ORIGINS.",
  );
}

/** True for the question that browsers ask before a request from a foreign page. */
export function isPreflight(request: Request): boolean {
  return request.method === "OPTIONS" && request.headers.has("access-control-request-method");
}

/** Lets `origin` read the answer. `asked`: the headers that a preflight wants to send. An origin that is allowed may
 * send any; SDKs have a dozen of their own. */
export function setCorsHeaders(headers: Headers, origin: string, asked: string | null): void {
  headers.set("access-control-allow-origin", origin);
  headers.append("vary", "Origin");
  headers.set("access-control-allow-methods", "GET, HEAD, POST, DELETE, OPTIONS");
  headers.set("access-control-allow-headers", asked ?? "Content-Type, Accept, X-NextToken-Client");
  headers.set("access-control-expose-headers", "Retry-After");
  headers.set("access-control-max-age", "600"); // seconds
}

/** True where this server answers to that host and port. */
export function isHostAllowed(raw: string, { host, allowedHosts }: Rules): boolean {
  if (PLAIN_LOCAL.test(raw)) return true;
  const url = urlOfHost(raw, "http:");
  if (url === null) return false;
  const own = host.includes(":") ? `[${host}]` : host;
  if ([...LOCAL_NAMES, own].includes(url.hostname) || allowedHosts.includes("*")) return true;
  return allowedHosts.includes(url.hostname) || allowedHosts.includes(`${url.hostname}:${url.port || "80"}`);
}

/** The host and port of an address as a server writes it, or as URL has them. */
function hostOf(address: string): string {
  const [, host = ""] = /^https?:\/\/([^/?#]*)\//.exec(address) ?? [];
  return PLAIN_LOCAL.test(host) ? host : new URL(address).host;
}

function isSameOrigin(origin: string, request: Request): boolean {
  if (!URL.canParse(origin)) return false; // "null" among others
  const { protocol, host } = new URL(origin);
  const own = urlOfHost(request.headers.get("host") ?? new URL(request.url).host, protocol);
  return (protocol === "http:" || protocol === "https:") && own !== null && own.host === host;
}

/** A Host header as a URL (lower case, default port left out), or null where it is no host and port. */
function urlOfHost(raw: string, protocol: string): URL | null {
  const text = `${protocol}//${raw}`;
  return /^[^\s/?#@\\]+$/.test(raw) && URL.canParse(text) ? new URL(text) : null;
}
