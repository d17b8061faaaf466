/// <reference lib="dom" />
// Whether a slider is being dragged: what is drawn meanwhile keeps its scale.
import { type ReadonlySignal, signal } from "@preact/signals";

export interface Dragging {
  readonly now: ReadonlySignal<boolean>;
  /** Begins to listen. Returns the way to stop. */
  open(): () => void;
}

/** Whether a slider is being dragged. */
export function createDragging(): Dragging {
  const now = signal(false);
  return {
    now,
    open() {
      const stop = new AbortController();
      const listen = (type: string, dragging: (event: Event) => boolean) =>
        addEventListener(type, (event) => void (now.value = dragging(event)), {
          capture: true,
          signal: stop.signal,
        });
      listen("pointerdown", ({ target }) => target instanceof HTMLInputElement && target.type === "range");
      for (const type of ["pointerup", "pointercancel", "blur"]) listen(type, () => false);
      return () => stop.abort();
    },
  };
}
