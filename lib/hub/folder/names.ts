// The grammar of model names: hub ids `owner/name[@revision]`, folder names below a root, absolute paths. Pure;
// everything that comes from outside passes here before anything is looked up.
import { isAbsolute, normalize } from "node:path";
import { fault } from "../../fault.ts";

/** A hub id taken apart; `revision` is null where none was named. */
interface HubId {
  readonly id: string; // owner/name
  readonly revision: string | null;
}

// Hub names are ASCII letters, digits, "-", "_" and ".", at most 96 characters with the owner.
const PART = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$/;
const MAX_ID = 96;
const MAX_PATH = 1024;

/** Takes `owner/name[@revision]` apart; null for any other text. */
export function parseHubId(name: string): HubId | null {
  const at = name.indexOf("@");
  const id = at < 0 ? name : name.slice(0, at);
  const revision = at < 0 ? null : name.slice(at + 1);
  const parts = id.split("/");
  if (parts.length !== 2 || id.length > MAX_ID || !parts.every(isNamePart)) return null;
  if (revision !== null && !isRevision(revision)) return null;
  return { id, revision };
}

/** Whether `part` may name an owner, a repository or a model folder. */
export function isNamePart(part: string): boolean {
  return part.length <= MAX_ID && PART.test(part) && !part.includes("..") && !part.includes("--") &&
    !part.endsWith(".git");
}

/** Whether `revision` may name a branch, a tag or a commit. */
function isRevision(revision: string): boolean {
  return revision.length > 0 && revision.length <= 96 && revision.split("/").every(isRevisionPart);
}

function isRevisionPart(part: string): boolean {
  return PART.test(part.replaceAll("+", "_")) && !part.includes("..") && !part.endsWith(".lock");
}

/** Whether `name` is an absolute path without "..", doubled separators or characters that no path needs. */
export function isCleanPath(name: string): boolean {
  if (name.length > MAX_PATH || hasControls(name) || !isAbsolute(name)) return false;
  return normalize(name) === name && !name.split(/[\\/]/).includes("..");
}

/** Whether `path`, which a hub lists, may become a path below a folder on `os`: no part of it leads elsewhere, and
 * every part is a file's name there. */
export function isSafePath(path: string, os: string = Deno.build.os): boolean {
  const parts = path.split("/");
  if (path.length > MAX_PATH || hasControls(path) || path.includes("\\")) return false;
  if (!parts.every((part) => part !== "" && part !== "." && part !== "..")) return false;
  return os !== "windows" || parts.every((part) => !/[<>:"|?*]|[. ]$/.test(part));
}

/** Throws invalid_request: what a model may be called. The name is shown short and quoted. */
export function refuseName(name: string): never {
  const shown = JSON.stringify(name.length > 60 ? name.slice(0, 60) + "…" : name);
  throw fault(
    "invalid_request",
    `${shown} is no model name: use owner/name as on the hub, a bundled id, or a folder below an allowed root.`,
    "model_id",
  );
}

function hasControls(text: string): boolean {
  // deno-lint-ignore no-control-regex -- control characters are what this looks for
  return /[\u0000-\u001f\u007f]/.test(text);
}

/** Whether a revision is a commit's hash, which never comes to mean something else. */
export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}
