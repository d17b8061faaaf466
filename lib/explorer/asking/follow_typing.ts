// Live: a prompt that rests is read, so that the bars follow what is typed; the next key breaks it off.
import { computed, effect } from "@preact/signals";
import { findSourceToFollow, startTyped, stopTyped } from "../moves/typed_prompt.ts";
import type { Explorer } from "./explorer.ts";

const REST_MS = 400;

/** Reads the draft a moment after it was changed, where that is wanted. Returns the way to stop. */
export function followTyping({ session, dispatch }: Explorer): () => void {
  const typed = computed(() => {
    const source = findSourceToFollow(session.value);
    return source === null ? null : JSON.stringify(source);
  });
  return effect(() => {
    if (typed.value === null) return;
    const timer = setTimeout(() => dispatch(startTyped), REST_MS);
    return () => {
      clearTimeout(timer);
      dispatch(stopTyped);
    };
  });
}
