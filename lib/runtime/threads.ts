// How many threads a session gets: one for each physical core that this process may use.

const SMT_STATE = "/sys/devices/system/cpu/smt/active";

/** Threads for a session, or undefined to let ONNX Runtime count the machine's physical cores itself.
 *
 * Its own count ignores a container's limits, so on Linux it is made from the processors we may use (limits
 * included) and from whether two of them share a core. */
export function sessionThreads(processors: number = navigator.hardwareConcurrency): number | undefined {
  const shared = coresAreShared();
  if (shared === null) return undefined;
  return Math.max(1, shared ? Math.ceil(processors / 2) : processors);
}

/** Whether simultaneous multithreading is on; null where the system does not say or may not be asked. */
function coresAreShared(): boolean | null {
  if (Deno.build.os !== "linux") return null;
  if (Deno.permissions.querySync({ name: "read", path: SMT_STATE }).state !== "granted") return null;
  try {
    return Deno.readTextFileSync(SMT_STATE).trim() === "1";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw new Error(`Reading ${SMT_STATE} failed.`, { cause: error });
  }
}
