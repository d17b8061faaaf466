// The share of the processors that one thread gets where others want them too. Linux alone: elsewhere a thread may
// change only its own, or nothing, and is left as it is.

/** Priorities of threads of this process. */
interface ThreadPriority {
  /** The thread that calls. */
  current(): number;
  /** Leaves `thread` a tenth of a processor that others want. It cannot go back without privileges, so this is for
   * threads that end. Threads that it has started before keep their priority. */
  lower(thread: number): void;
}

// setpriority(2): PRIO_PROCESS means one thread where a thread's id is given; each step of niceness is a factor of
// about 1.25 in the share.
const PRIO_PROCESS = 0;
const NICENESS = 10;

/** The C library's calls; null where there are none. */
export function openThreadPriority(): ThreadPriority | null {
  if (Deno.build.os !== "linux") return null;
  try {
    const { symbols } = Deno.dlopen("libc.so.6", {
      gettid: { parameters: [], result: "i32" },
      setpriority: { parameters: ["i32", "u32", "i32"], result: "i32" },
    });
    return {
      current: () => symbols.gettid(),
      lower: (thread) => void symbols.setpriority(PRIO_PROCESS, thread, NICENESS),
    };
  } catch {
    return null; // another C library, or one older than gettid
  }
}
