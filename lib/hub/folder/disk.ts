// What the disk answers, in sentences. Looking for something, what is out of reach is not there; writing, the user
// must know why it cannot be.
import { readSystemError } from "../../basics/system_error.ts";
import { fault, faultOf } from "../../fault.ts";

// ENAMETOOLONG on Linux and macOS, ERROR_INVALID_NAME and ERROR_FILENAME_EXCED_RANGE on Windows.
const NO_NAME = Deno.build.os === "windows" ? /os error (123|206)\b/ : /os error (36|63)\b/;

/** Whether `error` says that nothing is to be found at a path: no such file, no folder on the way to it, links in
 * a circle, no right to look, or a path that no file can have. */
export function isOutOfReach(error: unknown): boolean {
  const { NotFound, NotADirectory, PermissionDenied, NotCapable, FilesystemLoop } = Deno.errors;
  return [NotFound, NotADirectory, PermissionDenied, NotCapable, FilesystemLoop].some((kind) =>
    error instanceof kind
  ) || error instanceof Error && (NO_NAME.test(error.message) || /unexpected NUL byte/.test(error.message));
}

// ENOSPC, EDQUOT and EFBIG (a limit on the size of files); 112 is a full disk on Windows.
const FULL = /os error (28|122|27|112)\b/;

/** Whether `error` says that no more bytes can be written. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && FULL.test(error.message);
}

/** `error`, or where the disk gave it a model_failed that says what to do about the cache in `folder`. */
export function cacheError(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || faultOf(error) !== null) return error;
  if (isFull(error)) {
    const what = `The disk is full: there is no room in ${folder}.`;
    return fault("model_failed", `${what} Free some and load it again; what has arrived is kept.`);
  }
  if (!isOutOfReach(error) && !/os error \d+/.test(error.message)) return error;
  return fault(
    "model_failed",
    `The cache folder ${folder} cannot be used (${error.message}): set HF_HOME to a folder that this process may write to.`,
  );
}

/** `error`, or where the system refused a model's file or folder, a model_failed that says which one and why. */
export function readingError(error: unknown): unknown {
  const refused = faultOf(error) === null ? readSystemError(error) : null;
  if (refused === null || refused.path === null) return error;
  return fault(
    "model_failed",
    `${refused.path} cannot be read (${refused.reason}). Make it readable for this process, or choose another model.`,
  );
}
