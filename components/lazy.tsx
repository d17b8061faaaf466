// Parts of the page that are loaded when they are first wanted: the first view stays small.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

/** The component behind `load` once `wanted` was true; null until it is there. */
export function useLazy<P>(wanted: boolean, load: () => Promise<ComponentType<P>>): ComponentType<P> | null {
  const [loaded, setLoaded] = useState<{ readonly Part: ComponentType<P> } | null>(null);
  const missing = wanted && loaded === null;
  useEffect(() => {
    if (!missing) return;
    let alive = true;
    void load().then((Part) => alive && setLoaded({ Part }));
    return () => alive = false;
  }, [missing]);
  return loaded?.Part ?? null;
}
