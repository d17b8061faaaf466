export interface Timer {
  /** Waits for `thing` from now on; the same thing goes on being waited for, null stops. */
  set(thing: unknown, delay: () => number): void;
}

/** A timer for one thing at a time, which calls `ring` behind `delay` milliseconds. */
export function createTimer(ring: () => void): Timer {
  let waitsFor: unknown = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    set(thing, delay) {
      if (thing === waitsFor) return;
      clearTimeout(timer);
      waitsFor = thing;
      if (thing === null) return;
      timer = setTimeout(() => {
        waitsFor = null;
        ring();
      }, Math.max(0, delay()));
    },
  };
}
