// A repository on the hub: which commit a revision is, and its files with sizes and checksums. The hub's answers
// are checked here: from a checksum and a path come names of files on this disk.
import { isRecord } from "../../basics/is_record.ts";
import { type Fault, fault, faultOf } from "../../fault.ts";
import { isCommit, isSafePath } from "../folder/names.ts";
import { getFromHub, hostOf, type Subject } from "./http.ts";
import { retryableError, watchIdle, withRetries } from "./retry.ts";
import type { HubSettings } from "./settings.ts";
import type { JsonObject } from "../folder/types.ts";
import { isChecksum } from "../cache/checksum.ts";
import type { Repository, RepositoryFile } from "../cache/repository.ts";

const MOST_PAGES = 100; // of up to 1,000 files

/** Whether `error` means that the hub did not say which files a repository has. */
export function isUnlisted(error: unknown): boolean {
  return faultOf(error)?.unlisted === true;
}

/** Asks the hub for `id` at `revision` (default main). Throws model_failed with a sentence, which isUnlisted, or the
 * abort reason. */
export async function readRepository(
  ...asked: Parameters<typeof askForRepository>
): Promise<Repository> {
  try {
    return await askForRepository(...asked);
  } catch (error) {
    const known = faultOf(error);
    if (known === null) throw error;
    throw new Error((error as Error).message, { cause: { ...known, unlisted: true } satisfies Fault });
  }
}

async function askForRepository(
  id: string,
  revision: string | null,
  settings: HubSettings,
  signal: AbortSignal,
): Promise<Repository> {
  if (settings.offline) {
    const name = revision === null ? id : `${id}@${revision}`;
    throw fault(
      "model_failed",
      `${name} is not in the cache, and HF_HUB_OFFLINE forbids to ask the hub for it.`,
    );
  }
  const asked = revision ?? "main";
  const base = `${settings.endpoint}/api/models/${id}`;
  const subject = { id, revision, file: null };
  const info = await getJson(`${base}/revision/${encodeURIComponent(asked)}`, subject, settings, signal);
  const commit = isRecord(info.value) ? info.value.sha : null;
  if (!isRecord(info.value) || typeof commit !== "string" || !isCommit(commit)) {
    throw noHubError(settings, `no commit for ${id}`);
  }
  const files = await readTree(`${base}/tree/${commit}?recursive=true`, subject, settings, signal);
  return { id, revision: asked, commit, license: licenseOf(info.value), files };
}

async function readTree(
  start: string,
  subject: Subject,
  settings: HubSettings,
  signal: AbortSignal,
): Promise<RepositoryFile[]> {
  const files: RepositoryFile[] = [];
  let url = start;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const { value, next } = await getJson(url, subject, settings, signal);
    if (!Array.isArray(value)) throw noHubError(settings, `no file list for ${subject.id}`);
    files.push(...value.filter(isRecord).map(readRepositoryFile).filter((file) => file !== null));
    if (next === null) return files;
    url = next;
  }
  throw noHubError(settings, `a file list without end for ${subject.id}`);
}

/** A small JSON file of a repository, without the cache. Throws model_failed with a sentence, or the abort reason. */
export async function readSmallJson(
  repository: Repository,
  path: string,
  settings: HubSettings,
  signal: AbortSignal,
): Promise<JsonObject> {
  const subject = { id: repository.id, revision: repository.revision, file: path };
  const { value } = await getJson(fileUrlOf(repository, path, settings), subject, settings, signal);
  return isRecord(value) ? value : {};
}

function noHubError(settings: HubSettings, what: string): Error {
  return fault("model_failed", `${hostOf(settings)} does not answer as a hub does: ${what}.`);
}

/** Where a file of a repository is fetched from. */
export function fileUrlOf(repository: Repository, path: string, settings: HubSettings): string {
  const encoded = ((repository.inside ?? "") + path).split("/").map(encodeURIComponent).join("/");
  return `${settings.endpoint}/${repository.id}/resolve/${repository.commit}/${encoded}`;
}

async function getJson(
  url: string,
  subject: Subject,
  settings: HubSettings,
  signal: AbortSignal,
): Promise<{ value: unknown; next: string | null }> {
  return await withRetries(settings.limits, signal, async () => {
    const { text, link } = await getText(url, subject, settings, signal);
    const next = /<([^>]+)>;\s*rel="next"/.exec(link)?.[1] ?? null;
    try {
      return { value: JSON.parse(text), next: next === null ? null : new URL(next, url).href };
    } catch {
      throw noHubError(settings, `no JSON for ${subject.id}`);
    }
  });
}

async function getText(
  url: string,
  subject: Subject,
  settings: HubSettings,
  signal: AbortSignal,
): Promise<{ text: string; link: string }> {
  const watch = watchIdle(signal, settings.limits.answer);
  try {
    const response = await getFromHub(url, subject, settings, { signal: watch.signal });
    return { text: await response.text(), link: response.headers.get("link") ?? "" };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TypeError) && !watch.signal.aborted) throw error;
    throw retryableError(`${hostOf(settings)} stopped in the middle of its answer about ${subject.id}.`);
  } finally {
    watch.stop();
  }
}

function readRepositoryFile(entry: JsonObject): RepositoryFile | null {
  const large = isRecord(entry.lfs) ? entry.lfs : null;
  const { type, path } = entry;
  const etag = large?.oid ?? entry.oid;
  const bytes = large?.size ?? entry.size;
  if (type !== "file" || typeof path !== "string" || typeof etag !== "string" || typeof bytes !== "number") {
    return null;
  }
  const sound = isChecksum(etag) && Number.isSafeInteger(bytes) && bytes >= 0;
  return sound && isSafePath(path) ? { path, bytes, etag } : null;
}

function licenseOf(info: JsonObject): string | null {
  const card = isRecord(info.cardData) ? info.cardData.license : null;
  if (typeof card === "string") return card;
  const tags = Array.isArray(info.tags) ? info.tags : [];
  const tag = tags.find((entry) => typeof entry === "string" && entry.startsWith("license:"));
  return typeof tag === "string" ? tag.slice("license:".length) : null;
}
