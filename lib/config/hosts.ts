// Host names, host rules and origins as the configuration writes them.

/** A name or address to listen on, or null: "localhost", "0.0.0.0", "::1" (brackets are taken off). */
export function parseHost(text: string): string | null {
  const bare = /^\[.*\]$/.test(text) ? text.slice(1, -1) : text;
  const name = hostNameOf(bare.includes(":") ? `[${bare}]` : bare);
  return name === null ? null : name.replace(/^\[|\]$/g, "");
}

/** "name", "name:port", "[::1]:port" or "*", in lower case; null where it is none of these. */
export function parseHostRule(text: string): string | null {
  if (text === "*") return text;
  if (hostNameOf(text) !== null) return hostNameOf(text);
  const split = /^(.+):(\d{1,5})$/.exec(text);
  const name = split === null ? null : hostNameOf(split[1]!);
  return name === null || Number(split![2]) > 65535 ? null : `${name}:${Number(split![2])}`;
}

/** "https://name:port" as browsers write it, "null" or "*"; null where it is none of these. */
export function parseOriginRule(text: string): string | null {
  if (text === "*" || text === "null") return text;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const plain = url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
  return plain && (url.protocol === "http:" || url.protocol === "https:") ? url.origin : null;
}

/** The host name of a URL's host part without a port, normalised as browsers do; null where it is malformed. */
function hostNameOf(text: string): string | null {
  if (!/^(\[[0-9a-f:.]+\]|[^\s:/?#@\\[\]%]+)$/i.test(text) || !URL.canParse(`http://${text}/`)) return null;
  return new URL(`http://${text}/`).hostname;
}

/** A path that may stand before all others: "/app" or "/tools/next"; a slash at its end counts for nothing. Null for
 * what is none. */
export function parseBasePath(text: string): string | null {
  const path = text.replace(/\/$/, "");
  return /^(\/(?!\.{1,2}(\/|$))[\w.~-]+)*$/.test(path) && path.length <= 256 ? path : null;
}
