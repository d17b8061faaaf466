// Requests to the hub: the token goes to the hub alone, never to the hosts it redirects to, and every answer that
// is no success becomes a sentence that says what to do. A proxy from HTTPS_PROXY is the runtime's own business.
import { fault } from "../../fault.ts";
import { readRetryAfter, retryableError } from "./retry.ts";
import { type HubSettings, isHub } from "./settings.ts";

/** What a request is about, for its sentences. */
export interface Subject {
  readonly id: string;
  readonly revision: string | null;
  readonly file: string | null;
}

const MOST_REDIRECTS = 8;

/** GETs `url` and answers with a success, or with 416 (the range begins beyond the end), gzip and deflate unpacked.
 * Throws retryable errors for 408, 429, 5xx and broken connections, model_failed for everything
 * else, and the signal's reason. */
export async function getFromHub(
  url: string,
  subject: Subject,
  settings: HubSettings,
  options: { readonly signal: AbortSignal; readonly headers?: Readonly<Record<string, string>> },
): Promise<Response> {
  const response = await followRedirects(url, settings, options);
  if (response.ok || response.status === 416) return unpackBody(response);
  const { status, headers } = response;
  await response.body?.cancel();
  throw statusError(status, headers, subject, settings);
}

/** Some proxies pack what was asked for as it is; the runtime unpacks only what it asked for itself. */
function unpackBody(response: Response): Response {
  const encoding = response.headers.get("content-encoding")?.trim().toLowerCase();
  if (response.body === null || (encoding !== "gzip" && encoding !== "deflate")) return response;
  const headers = new Headers(response.headers);
  for (const name of ["content-encoding", "content-length"]) headers.delete(name); // of the packed body
  const body = response.body.pipeThrough(new DecompressionStream(encoding));
  return new Response(body, { status: response.status, headers });
}

async function followRedirects(
  start: string,
  settings: HubSettings,
  options: { readonly signal: AbortSignal; readonly headers?: Readonly<Record<string, string>> },
): Promise<Response> {
  let url = new URL(start);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const headers = new Headers(options.headers);
    // A compressed body would break ranges and sizes.
    headers.set("accept-encoding", "identity");
    headers.set("user-agent", settings.userAgent);
    if (settings.token !== null && isHub(url, settings)) {
      headers.set("authorization", `Bearer ${settings.token}`);
    }
    const response = await connect(url, headers, options.signal);
    const target = response.headers.get("location");
    if (![301, 302, 303, 307, 308].includes(response.status) || target === null) return response;
    await response.body?.cancel();
    const next = URL.parse(target, url);
    if (next === null || !/^https?:$/.test(next.protocol)) break;
    url = next;
  }
  throw fault("model_failed", `${hostOf(settings)} redirects without end or to an address that is none.`);
}

async function connect(url: URL, headers: Headers, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { headers, signal, redirect: "manual" });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Deno.errors.NotCapable) {
      throw fault(
        "model_failed",
        `This process may not connect to ${url.host}: its permissions leave that out.`,
      );
    }
    throw retryableError(
      `${url.host} cannot be reached (is this machine offline, or behind a proxy that HTTPS_PROXY should name?). ` +
        "Models that are bundled or were fetched before still load.",
    );
  }
}

/** The error for an answer that is no success. */
function statusError(
  status: number,
  headers: Headers,
  subject: Subject,
  settings: HubSettings,
): Error {
  const host = hostOf(settings);
  if (status === 429) {
    const wait = readRetryAfter(headers, Date.now());
    const when = wait === null ? "later" : `in ${Math.ceil(wait / 1000)} s`;
    return retryableError(
      `${host} has too many requests from here (429): try again ${when}, or set HF_TOKEN.`,
      wait,
    );
  }
  if (status >= 500 || status === 408) {
    return retryableError(
      `${host} has trouble (status ${status}): try again later.`,
      readRetryAfter(headers, Date.now()),
    );
  }
  return fault("model_failed", describeRefusal(status, headers, subject, settings));
}

function describeRefusal(
  status: number,
  headers: Headers,
  subject: Subject,
  settings: HubSettings,
): string {
  const { id, revision, file } = subject;
  const [code, reason] = [headers.get("x-error-code"), headers.get("x-error-message") ?? ""];
  const hasToken = settings.token !== null;
  // The code says more than the status, in the order in which huggingface_hub looks.
  if (code === "RevisionNotFound") return `${id} has no revision ${revision ?? "main"}.`;
  if (code === "GatedRepo") {
    const page = `${settings.endpoint}/${id}`;
    return hasToken
      ? `${id} is gated, and the account of HF_TOKEN has no access yet: accept its terms on ${page}.`
      : `${id} is gated: accept its terms on ${page} and set HF_TOKEN to a token of that account.`;
  }
  if (/^Access to this resource is disabled/.test(reason)) {
    return `${id} has been disabled on ${hostOf(settings)} (${status}): nobody can fetch it.`;
  }
  if (status === 401 && hasToken && (code === null || /^Invalid credentials/.test(reason))) {
    const what = "that of HF_TOKEN, or of the token file, is wrong or has run out";
    return `${hostOf(settings)} refuses the token (401): ${what}.`;
  }
  if (status === 404 && file !== null) return `${id} has no file ${file} (404).`;
  if (code === "RepoNotFound" || status === 404 || status === 401) {
    const hint = hasToken ? "or HF_TOKEN's account cannot see it" : "or it is private and needs HF_TOKEN";
    return `There is no model ${id} on ${hostOf(settings)} (${status}): check the spelling, ${hint}.`;
  }
  if (status === 403) {
    const what = hasToken ? "HF_TOKEN's account may not read it" : "set HF_TOKEN";
    const said = /^[ -~]{1,300}$/.test(reason) ? ` The hub says: ${reason}` : "";
    return `Access to ${id} is forbidden (403): ${what}.${said}`;
  }
  return `${hostOf(settings)} answered ${status} for ${file ?? id}.`;
}

/** The hub's host, for sentences. */
export function hostOf(settings: HubSettings): string {
  return new URL(settings.endpoint).host;
}
