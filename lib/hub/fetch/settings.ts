// How to reach the hub and where its cache is, from the variables that Python's huggingface_hub reads too, so that
// both share one cache and one token. lib/hub knows the hub by HF_ENDPOINT alone.
import { join } from "node:path";
import { fault } from "../../fault.ts";
import type { CacheDisk } from "../cache/space.ts";
import { type Environment, expandPath, findHomeFolder, readToken } from "./variables.ts";

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
  "HUGGING_FACE_HUB_TOKEN",
  "HF_TOKEN_PATH",
  "HF_HUB_DISABLE_IMPLICIT_TOKEN",
  "HF_HUB_OFFLINE",
  "TRANSFORMERS_OFFLINE",
  "HF_HUB_ETAG_TIMEOUT",
  "HF_HUB_DOWNLOAD_TIMEOUT",
  "HF_HUB_DISABLE_SYMLINKS",
  "HF_HUB_USER_AGENT_ORIGIN",
] as const;

/** Documented variables of huggingface_hub that say nothing here, each with the reason. */
export const UNUSED_HUB_VARIABLES: readonly (readonly [names: readonly string[], because: string])[] = [
  [
    ["HF_HUB_DISABLE_XET", "HF_XET_CACHE", "HF_XET_HIGH_PERFORMANCE", "HF_HUB_ENABLE_HF_TRANSFER"],
    "files come by HTTP alone",
  ],
  [["HF_HUB_DISABLE_SHARED_BLOBS"], "what is fetched here is not shared between repositories"],
  [
    ["HF_HUB_DISABLE_TELEMETRY", "DISABLE_TELEMETRY", "DO_NOT_TRACK", "HF_HUB_DISABLE_UPDATE_CHECK"],
    "nothing of the kind is sent",
  ],
  [["HF_HUB_DISABLE_EXPERIMENTAL_WARNING", "HF_HUB_DISABLE_SYMLINKS_WARNING"], "there are no such warnings"],
  [["HF_HUB_VERBOSITY", "HF_DEBUG"], "LLM_DEMO_LOG_LEVEL says what is logged"],
  [
    ["HF_OIDC_RESOURCE", "HF_OIDC_ID_TOKEN", "HF_DEVICE_CODE_OAUTH_CLIENT_ID"],
    "tokens are taken as they are, neither fetched nor renewed",
  ],
  [
    ["HF_ASSETS_CACHE", "HUGGINGFACE_ASSETS_CACHE", "HF_INFERENCE_ENDPOINT", "HUGGINGFACE_CO_STAGING"],
    "nothing here uses them",
  ],
];

/** Timeouts and retries, in milliseconds. */
export interface HubLimits {
  readonly attempts: number; // in a row without a new byte
  readonly delay: number; // before the second attempt; doubles each time
  readonly longestDelay: number;
  readonly longestRetryAfter: number; // a hub that asks for more is not waited for
  readonly answer: number; // without a byte of a listing, then the connection counts as dead
  readonly idle: number; // the same of a file
}

/** The settings that are plain data, so that they can be sent to a worker. */
export interface HubAddress {
  readonly endpoint: string; // without a slash at the end
  readonly cacheFolder: string; // absolute; Python's HF_HUB_CACHE
  readonly token: string | null;
  readonly offline: boolean;
  readonly userAgent: string;
  /** False: the cache has files in place of symbolic links. */
  readonly symlinks: boolean;
  readonly limits: HubLimits;
}

export type HubSettings = HubAddress & CacheDisk;

export const DEFAULT_LIMITS: HubLimits = {
  attempts: 5,
  delay: 500,
  longestDelay: 15_000,
  longestRetryAfter: 120_000,
  answer: 30_000,
  idle: 30_000,
};

const PUBLIC_ENDPOINT = "https://huggingface.co";
/** Where a mirror's redirects may lead with the token, as in huggingface_hub. */
const PUBLIC_HUBS = [PUBLIC_ENDPOINT, "https://hf.co", "https://hub-ci.huggingface.co"];

/** Whether `url` is the hub's: what the token may be sent to. */
export function isHub(url: URL, { endpoint }: Pick<HubAddress, "endpoint">): boolean {
  return url.origin === new URL(endpoint).origin || PUBLIC_HUBS.includes(url.origin);
}

/** What the hub's client needs: an address, and this machine's disks. */
export function hubSettingsOf(address: HubAddress): HubSettings {
  return { ...address, freeBytes };
}

/** The settings from the environment; see readHubAddress. */
export async function readHubSettings(env: Environment): Promise<HubSettings> {
  return hubSettingsOf(await readHubAddress(env));
}

/** The settings from the environment, with huggingface_hub's names and defaults; the token from HF_TOKEN, else
 * from its token file. A variable that is empty counts as not set. Throws invalid_request for an HF_ENDPOINT that is
 * no http(s) address, for a token that cannot be one and for a path that cannot be read. */
export async function readHubAddress(env: Environment): Promise<HubAddress> {
  const get = (name: string) => env(name)?.trim() || null;
  const home = findHomeFolder(env);
  const expand = (path: string) => expandPath(path, home, env);
  const hfHome = expand(get("HF_HOME") ?? join(get("XDG_CACHE_HOME") ?? join(home, ".cache"), "huggingface"));
  const cache = get("HF_HUB_CACHE") ?? get("HUGGINGFACE_HUB_CACHE") ?? join(hfHome, "hub");
  const implicit = !isTrue(get("HF_HUB_DISABLE_IMPLICIT_TOKEN"));
  return {
    endpoint: readEndpoint(get("HF_ENDPOINT") ?? PUBLIC_ENDPOINT),
    cacheFolder: expand(cache),
    token: implicit ? await readToken(env, expand(get("HF_TOKEN_PATH") ?? join(hfHome, "token"))) : null,
    offline: isTrue(get("HF_HUB_OFFLINE") ?? get("TRANSFORMERS_OFFLINE")),
    userAgent: readUserAgent(get("HF_HUB_USER_AGENT_ORIGIN")),
    symlinks: !isTrue(get("HF_HUB_DISABLE_SYMLINKS")),
    limits: {
      ...DEFAULT_LIMITS,
      answer: readSeconds("HF_HUB_ETAG_TIMEOUT", get) ?? DEFAULT_LIMITS.answer,
      idle: readSeconds("HF_HUB_DOWNLOAD_TIMEOUT", get) ?? DEFAULT_LIMITS.idle,
    },
  };
}

/** Seconds as milliseconds; null where nothing is said, or 0. */
function readSeconds(name: string, get: (name: string) => string | null): number | null {
  const text = get(name);
  if (text === null || /^\+?0+$/.test(text)) return null;
  if (/^\+?\d{1,6}$/.test(text)) return Number(text) * 1000;
  throw fault(
    "invalid_request",
    `${name} must be a whole number of seconds, but is ${JSON.stringify(text)}.`,
    name,
  );
}

function readEndpoint(text: string): string {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) {
    return text.replace(/\/+$/, "");
  }
  throw fault("invalid_request", "HF_ENDPOINT must be an http or https address.", "HF_ENDPOINT");
}

/** What the hub is told of who asks. Throws invalid_request for what no header can hold. */
function readUserAgent(origin: string | null): string {
  if (origin === null) return "next-token";
  if (/^[ -~]+$/.test(origin)) return `next-token; origin/${origin}`;
  const message = "HF_HUB_USER_AGENT_ORIGIN must be plain ASCII on one line.";
  throw fault("invalid_request", message, "HF_HUB_USER_AGENT_ORIGIN");
}

/** Whether a variable says yes, as huggingface_hub reads it. */
export function isTrue(value: string | null): boolean {
  return value !== null && ["1", "ON", "YES", "TRUE"].includes(value.toUpperCase());
}

async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { statfs } = await import("node:fs/promises"); // no other need of it at a start
    const info = await statfs(folder);
    return Number(info.bavail) * Number(info.bsize);
  } catch (error) {
    // Without --allow-sys=statfs the check is left to the disk itself.
    if (error instanceof Deno.errors.NotCapable) return null;
    throw error;
  }
}
