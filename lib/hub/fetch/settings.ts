// How to reach the hub and where its cache is, from the variables that Python's huggingface_hub reads too, so that
// both share one cache and one token. lib/hub knows the hub by HF_ENDPOINT alone.
import { join, resolve } from "node:path";
import { statfs } from "node:fs/promises";
import { fault } from "../../fault.ts";
import type { CacheDisk } from "../cache/space.ts";

/** Every variable that readHubSettings looks at: what a task must allow. */
export const HUB_VARIABLES = [
  "HF_ENDPOINT",
  "HF_HOME",
  "HF_HUB_CACHE",
  "HUGGINGFACE_HUB_CACHE",
  "XDG_CACHE_HOME",
  "HOME",
  "USERPROFILE",
  "HF_TOKEN",
  "HF_TOKEN_PATH",
  "HF_HUB_OFFLINE",
  "TRANSFORMERS_OFFLINE",
] as const;

/** Patience. Times in milliseconds. */
export interface HubLimits {
  readonly attempts: number; // in a row without a new byte
  readonly delay: number; // before the second attempt; doubles each time
  readonly longestDelay: number;
  readonly longestRetryAfter: number; // a hub that asks for more is not waited for
  readonly idle: number; // without a byte, then the connection counts as dead
}

/** The settings that are plain data, so that they can be sent to a worker. */
export interface HubAddress {
  readonly endpoint: string; // without a slash at the end
  readonly cacheFolder: string; // absolute; Python's HF_HUB_CACHE
  readonly token: string | null;
  readonly offline: boolean;
  readonly limits: HubLimits;
}

export type HubSettings = HubAddress & CacheDisk;

export const DEFAULT_LIMITS: HubLimits = {
  attempts: 5,
  delay: 500,
  longestDelay: 15_000,
  longestRetryAfter: 120_000,
  idle: 30_000,
};

const PUBLIC_ENDPOINT = "https://huggingface.co";

/** What the hub's client needs: an address, and this machine's disks. */
export function hubSettings(address: HubAddress): HubSettings {
  return { ...address, freeBytes };
}

/** The settings from the environment; see readHubAddress. */
export async function readHubSettings(env: (name: string) => string | undefined): Promise<HubSettings> {
  return hubSettings(await readHubAddress(env));
}

/** The settings from the environment, with huggingface_hub's names and defaults; the token from HF_TOKEN, else
 * from its token file. Throws invalid_request for an HF_ENDPOINT that is no http(s) address and for a token that
 * cannot be one. */
export async function readHubAddress(env: (name: string) => string | undefined): Promise<HubAddress> {
  const get = (name: string) => env(name)?.trim() || null;
  const home = get("HOME") ?? get("USERPROFILE") ?? ".";
  const expand = (path: string) => resolve(path.replace(/^~(?=$|[\\/])/, home));
  const hfHome = expand(get("HF_HOME") ?? join(get("XDG_CACHE_HOME") ?? join(home, ".cache"), "huggingface"));
  const cache = get("HF_HUB_CACHE") ?? get("HUGGINGFACE_HUB_CACHE") ?? join(hfHome, "hub");
  const token = get("HF_TOKEN") ?? await tokenFrom(expand(get("HF_TOKEN_PATH") ?? join(hfHome, "token")));
  return {
    endpoint: readEndpoint(get("HF_ENDPOINT") ?? PUBLIC_ENDPOINT),
    cacheFolder: expand(cache),
    token: token === null ? null : readToken(token),
    offline: isTrue(get("HF_HUB_OFFLINE") ?? get("TRANSFORMERS_OFFLINE")),
    limits: DEFAULT_LIMITS,
  };
}

function readEndpoint(text: string): string {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) {
    return text.replace(/\/+$/, "");
  }
  throw fault("invalid_request", "HF_ENDPOINT must be an http or https address.", "HF_ENDPOINT");
}

function readToken(text: string): string {
  if (/^[!-~]+$/.test(text)) return text;
  throw fault(
    "invalid_request",
    "HF_TOKEN (or the token file) holds characters that no token has: copy the token again, on one line.",
    "HF_TOKEN",
  );
}

function isTrue(value: string | null): boolean {
  return value !== null && ["1", "ON", "YES", "TRUE"].includes(value.toUpperCase());
}

async function tokenFrom(path: string): Promise<string | null> {
  try {
    return (await Deno.readTextFile(path)).trim() || null;
  } catch (error) {
    // Most people have no token file, and a server may not be allowed to look at it.
    const { NotFound, NotADirectory, NotCapable } = Deno.errors;
    if ([NotFound, NotADirectory, NotCapable].some((kind) => error instanceof kind)) return null;
    const why = (error as Error).message;
    throw fault(
      "invalid_request",
      `The token file cannot be read (${why}); set HF_TOKEN instead.`,
      "HF_TOKEN_PATH",
    );
  }
}

async function freeBytes(folder: string): Promise<number | null> {
  try {
    const info = await statfs(folder);
    return Number(info.bavail) * Number(info.bsize);
  } catch (error) {
    // Without --allow-sys=statfs the check is left to the disk itself.
    if (error instanceof Deno.errors.NotCapable) return null;
    throw error;
  }
}
