// Live: a prompt that rests is read, so that the bars follow what is typed.
import { computed, effect } from "@preact/signals";
import { isDirty, startTyped } from "../moves/prompt_moves.ts";
import type { Explorer } from "./explorer.ts";

const REST_MS = 600;

/** Reads the draft a moment after it was changed, where that is wanted. Returns the way to stop. */
export function followTyping({ session, dispatch }: Explorer): () => void {
  const typed = computed(() => {
    const now = session.value;
    const live = now.display.live && now.enabled && now.model.state === "ready" && isDirty(now);
    return live ? JSON.stringify(now.draft) : null;
  });
  return effect(() => {
    if (typed.value === null) return;
    const timer = setTimeout(() => dispatch(startTyped), REST_MS);
    return () => clearTimeout(timer);
  });
}
