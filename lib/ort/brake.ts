// Ending native calls from any thread. A session that is being made looks at a flag of its options between two steps of
// its optimisation, a run at one of its run options between two nodes of the graph, those of a loop's body among them.
//
// OWNERSHIP: a brake owns one of each for all sessions and runs of one load. Copies of session options share the flag,
// so it may be set while a session is being made in another thread; a brake is released when none is being made or
// run any more.
import { openOrt, type Ort } from "./api.ts";
import { findLibrary } from "./library.ts";
import { type Pointer, readPointer } from "./memory.ts";

/** The addresses of a brake: plain data, for other threads. */
export interface BrakeAddresses {
  readonly sessionOptions: bigint; // OrtSessionOptions*, to be copied
  readonly runOptions: bigint; // OrtRunOptions*, for runs of sessions that do not outlive the load
}

interface Brake {
  readonly addresses: BrakeAddresses;
  /** Ends what is being made or run under this brake, soon; what begins later ends at once. */
  pull(): void;
  /** Once, when everything under it has settled. */
  release(): void;
}

/** A brake that has not been pulled. */
export function createBrake(ort: Ort): Brake {
  const { call } = ort;
  const sessionOptions = ort.out((slot) => call.CreateSessionOptions(slot));
  const runOptions = ort.out((slot) => call.CreateRunOptions(slot));
  const addresses = { sessionOptions: addressOf(sessionOptions), runOptions: addressOf(runOptions) };
  return {
    addresses,
    pull: () => pullBrake(ort, addresses),
    release() {
      call.ReleaseSessionOptions(sessionOptions);
      call.ReleaseRunOptions(runOptions);
    },
  };
}

/** Pulls the brake that has these addresses, from any thread. */
export function pullBrake({ call, check }: Ort, { sessionOptions, runOptions }: BrakeAddresses): void {
  check(call.SessionOptionsSetLoadCancellationFlag(brakePointerOf(sessionOptions), true));
  check(call.RunOptionsSetTerminate(brakePointerOf(runOptions)));
}

/** Calls `use` under a brake that `signal` pulls; under none where the library below `root` does not load, which
 * opening says. All that was begun under it must have settled with what `use` returns. Throws the signal's reason. */
export async function withBrake<T>(
  root: string,
  signal: AbortSignal,
  use: (brake: BrakeAddresses | undefined) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  let brake: Brake;
  try {
    brake = createBrake(openOrt(findLibrary(root)));
  } catch {
    return await use(undefined);
  }
  signal.addEventListener("abort", brake.pull);
  try {
    return await use(brake.addresses);
  } finally {
    signal.removeEventListener("abort", brake.pull);
    brake.release();
  }
}

/** The object at one of the addresses. */
export function brakePointerOf(address: bigint): Pointer {
  return readPointer(BigUint64Array.of(address), 0);
}

function addressOf(pointer: Pointer): bigint {
  return Deno.UnsafePointer.value(pointer);
}
