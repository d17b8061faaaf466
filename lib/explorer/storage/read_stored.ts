// The way of a stored session onto the page: checked, in a task of its own.
import type { SavedSession } from "./saved/types.ts";
import type { SessionStore } from "./store_types.ts";

/** The stored session, checked; null where there is none that can be used. */
export async function readStored(
  store: SessionStore,
  onNotice: (text: string) => void,
): Promise<SavedSession | null> {
  if (store.stored === null) return null;
  const { checkSaved } = await import("./saved/check.ts");
  try {
    const saved = checkSaved(store.stored);
    await waitForNextTask(); // checking a large one takes a while, and so does drawing it
    return saved;
  } catch (error) {
    store.discard();
    console.warn(`The stored session cannot be used: ${error}`);
    onNotice("The stored session cannot be used. The page begins anew.");
    return null;
  }
}

/** Lets the browser draw and answer in between. */
function waitForNextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
