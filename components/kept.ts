// State of a panel that stays while another tab is shown: what was written there is not lost.
import { type Signal, signal } from "@preact/signals";
import type { Stores } from "../lib/explorer/stores/stores.ts";

function createKept() {
  const all = new Map<string, Signal<unknown>>();
  return { all, stop: () => all.clear() };
}

/** As useState, for as long as the page is open. `name` is its own among all that is kept. */
export function useKept<T>(
  { late }: Pick<Stores, "late">,
  name: string,
  first: T,
): [value: T, set: (next: T) => void] {
  const { all } = late(createKept);
  if (!all.has(name)) all.set(name, signal(first));
  const kept = all.get(name) as Signal<T>;
  return [kept.value, (next) => kept.value = next];
}
