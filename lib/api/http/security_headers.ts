// The headers that keep a browser from doing more with our answers than we mean.

/** A value for `script-src 'nonce-…'`, to be used for one response. */
export function createNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
}

/** Only our own files, and inline scripts that carry one of `nonces`. Styles have no exception at all. */
export function contentSecurityPolicy(nonces: readonly string[]): string {
  return [
    "default-src 'none'",
    ["script-src 'self'", ...nonces.map((nonce) => `'nonce-${nonce}'`)].join(" "),
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "trusted-types nexttoken-worker",
    "require-trusted-types-for 'script'",
  ].join("; ");
}

/** The same of what runs no script, which is nearly every answer. */
const NO_SCRIPTS = contentSecurityPolicy([]);

const FIXED: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
};

/** The response with our headers. Its own object where its headers can be set, else a copy (`fetch()` and
 * `Response.redirect()` make immutable ones). */
export function withHeaders(response: Response, change: (headers: Headers) => void): Response {
  try {
    change(response.headers);
    return response;
  } catch {
    const headers = new Headers(response.headers);
    change(headers);
    return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
  }
}

/** Sets the security headers; a page may run inline scripts that carry one of `nonces`, anything else none. */
export function setSecurityHeaders(headers: Headers, nonces: readonly string[]): void {
  const isPage = headers.get("content-type")?.startsWith("text/html") ?? false;
  headers.set("content-security-policy", isPage ? contentSecurityPolicy(nonces) : NO_SCRIPTS);
  for (const [name, value] of Object.entries(FIXED)) headers.set(name, value);
}
