// One process at a time per blob: an advisory lock on a file, the same (flock) that huggingface_hub takes, so that
// Python waits for us and we for it. The system gives it back when a process dies.
import { dirname } from "node:path";
import { sleep } from "../../basics/sleep.ts";

const POLL = 100; // milliseconds

/** Runs `work` while this process alone holds the lock file at `path`. Rejects with the signal's reason. */
export async function withLock<T>(path: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  await Deno.mkdir(dirname(path), { recursive: true });
  while (true) {
    signal.throwIfAborted();
    using file = await Deno.open(path, { read: true, write: true, create: true });
    if (await tryLock(file) && await isStill(file, path)) {
      try {
        return await work();
      } finally {
        await file.unlock().catch(ignoreUnsupported);
      }
    }
    await sleep(POLL, signal);
  }
}

/** Whether the lock is ours. Where the file system has no locks it is: the lock only saves a second download. */
async function tryLock(file: Deno.FsFile): Promise<boolean> {
  try {
    return await file.tryLock(true);
  } catch (error) {
    ignoreUnsupported(error);
    return true;
  }
}

// ENOSYS, ENOLCK, EOPNOTSUPP (95 on Linux, 45 and 102 on macOS), ERROR_NOT_SUPPORTED and ERROR_INVALID_FUNCTION on
// Windows.
const UNSUPPORTED = Deno.build.os === "windows" ? /os error (1|50)\b/ : /os error (38|37|95|45|78|102|77)\b/;

function ignoreUnsupported(error: unknown): void {
  if (error instanceof Deno.errors.NotSupported || UNSUPPORTED.test(String(error))) return;
  throw error;
}

/** Whether the locked file is the one that others open under this name: who held it before may have removed it. */
async function isStill(file: Deno.FsFile, path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).ino === (await file.stat()).ino;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
