// When the hub is asked and when the cache will do: the one rule for models and for tokenizers.
import { isUnlisted } from "./fetch/repository.ts";
import type { HubSettings } from "./fetch/settings.ts";

/** What the cache has for sure, else what the hub has; where that may not be asked, or does not say which files it has,
 * what the cache has at all. `find` looks in the cache, `unsure` for what may not be whole; `fetch` asks the hub.
 * Throws what `fetch` throws. */
export async function findOrFetch<T>(
  find: (unsure: boolean) => Promise<T | null>,
  fetch: () => Promise<T>,
  { offline }: HubSettings,
  signal: AbortSignal,
): Promise<T> {
  const cached = await find(offline);
  if (cached !== null) return cached;
  try {
    return await fetch();
  } catch (error) {
    const known = isUnlisted(error) && !signal.aborted ? await find(true) : null;
    if (known === null) throw error;
    return known;
  }
}
