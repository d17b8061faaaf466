// How many threads a session gets: about one for each physical core that this process may use.

/** Processors up to which every one gets a thread: on small machines and containers two that share a core are
 * still faster together (measured: 1.55 times on 2 processors). */
const SMALL = 4;

/** Threads for a session. ONNX Runtime's own count ignores a container's limits, and the system's word on shared
 * cores (/sys) is closed to a process with named permissions, so it is made from the processors alone. */
export function sessionThreads(processors: number = navigator.hardwareConcurrency): number {
  return processors <= SMALL ? Math.max(1, processors) : Math.max(SMALL, Math.ceil(processors / 2));
}
