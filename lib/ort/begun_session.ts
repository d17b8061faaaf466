// A session that one thread begins for another one, which is not there yet: it may take it, or decline it.
//
// OWNERSHIP: until it is taken the session is of the two threads' shared memory. Whoever moves its state on from MADE
// has it, and releases it where it is not wanted; what is declined before it is made is released by the thread that
// makes it. Its brake is never released, because either thread may pull it at any time: two small objects, once.
import type { Ort } from "./api.ts";
import { createBrake, pullBrake } from "./brake.ts";
import { createSession } from "./create.ts";
import { type Pointer, readPointer } from "./memory.ts";
import type { BegunSession, GraphSource } from "./types.ts";

const [PENDING, MADE, GONE] = [0, 1, 2];
const OF_ADDRESS = 8;
const REST_MS = 1000;

/** Begins a session of a graph that is opened as it is; other threads make it. */
export function beginSession(
  ort: Ort,
  { name, needed }: Pick<BegunSession, "name" | "needed">,
  source: GraphSource,
): BegunSession {
  const brake = createBrake(ort).addresses;
  const begun: BegunSession = { name, needed, shared: new SharedArrayBuffer(2 * OF_ADDRESS), brake };
  createSession(ort, source, { name, optimised: true, brake }).then((session) => {
    addressIn(begun)[0] = Deno.UnsafePointer.value(session);
    if (!moveOn(begun, PENDING, MADE)) ort.call.ReleaseSession(session);
  }, () => moveOn(begun, PENDING, GONE)); // who opens the model is told why
  return begun;
}

/** The session, the caller's to release, when it is made; null where it cannot be, or is taken or declined. */
export async function takeBegun(begun: BegunSession): Promise<Pointer | null> {
  const made = Atomics.waitAsync(stateOf(begun), 0, PENDING);
  const alive = setInterval(() => {}, REST_MS); // that wait alone keeps no thread (Deno 2.9.6)
  if (made.async) await made.value;
  clearInterval(alive);
  return moveOn(begun, MADE, GONE) ? readPointer(addressIn(begun), 0) : null;
}

/** Sees to it that it does not stay where nobody has taken it; true where that was so. `open`: the library. */
export function declineBegun(begun: BegunSession, open: () => Ort): boolean {
  if (moveOn(begun, PENDING, GONE)) {
    pullBrake(open(), begun.brake);
    return true;
  }
  if (!moveOn(begun, MADE, GONE)) return false;
  open().call.ReleaseSession(readPointer(addressIn(begun), 0));
  return true;
}

/** Moves its state on where it is `from`, and wakes who waits for that; else false. */
function moveOn(begun: BegunSession, from: number, to: number): boolean {
  const state = stateOf(begun);
  if (Atomics.compareExchange(state, 0, from, to) !== from) return false;
  Atomics.notify(state, 0);
  return true;
}

function stateOf({ shared }: BegunSession): Int32Array<SharedArrayBuffer> {
  return new Int32Array(shared, 0, 1);
}

function addressIn({ shared }: BegunSession): BigUint64Array<SharedArrayBuffer> {
  return new BigUint64Array(shared, OF_ADDRESS, 1);
}
