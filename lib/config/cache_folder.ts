// Where this program keeps what it remembers from start to start: nothing that is missed when it is gone.
import { join, resolve } from "node:path";

/** The folder, whether it is there or not; null where the environment names no home. */
export function readCacheFolder(env: (name: string) => string | undefined): string | null {
  const get = (name: string) => env(name)?.trim() || null;
  const home = get("HOME") ?? get("USERPROFILE");
  const caches = get("XDG_CACHE_HOME") ?? (home === null ? null : join(home, ".cache"));
  return caches === null ? null : resolve(join(caches, "nexttoken"));
}
