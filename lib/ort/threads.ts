// How many threads a session gets: as many as the environment says, else about one for each physical core that this
// process may use.
import { parseThreadCount, THREADS_VARIABLE } from "../basics/thread_count.ts";

/** Processors up to which every one gets a thread: on small machines and containers two that share a core are
 * still faster together (measured: 1.55 times on 2 processors). */
const SMALL = 4;

/** Threads for a session: the environment's count (the start refuses a malformed one, here it counts as none), else one
 * by the processors. Read here and not handed down, because sessions are made in several workers. */
export function chooseSessionThreads(): number {
  return readAskedThreads() ?? chooseThreads(navigator.hardwareConcurrency);
}

/** ONNX Runtime's own count ignores a container's limits, and the system's word on shared cores (/sys) is closed to a
 * process with named permissions, so it is made from the processors alone. */
export function chooseThreads(processors: number): number {
  return processors <= SMALL ? Math.max(1, processors) : Math.max(SMALL, Math.ceil(processors / 2));
}

function readAskedThreads(): number | null {
  const mayRead = Deno.permissions.querySync({ name: "env", variable: THREADS_VARIABLE }).state === "granted";
  return mayRead ? parseThreadCount(Deno.env.get(THREADS_VARIABLE)?.trim() ?? "") : null;
}
