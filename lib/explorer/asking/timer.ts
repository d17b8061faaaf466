export interface Timer {
  /** Waits for `thing` from now on; the same thing goes on being waited for, null stops. What is due already rings
   * before this returns. */
  set(thing: unknown, delay: () => number): void;
}

/** A timer for one thing at a time, which calls `ring` behind `delay` milliseconds. */
export function createTimer(ring: () => void): Timer {
  let waitsFor: unknown = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    waitsFor = null;
    ring();
  };
  return {
    set(thing, delay) {
      if (thing === waitsFor) return;
      clearTimeout(timer);
      waitsFor = thing;
      if (thing === null) return;
      const ms = delay();
      if (ms > 0) timer = setTimeout(end, ms);
      else end();
    },
  };
}
