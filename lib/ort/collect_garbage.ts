// Collecting JavaScript's garbage now, where V8 would keep it: before a rest, or beside runs that take much memory.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { returnFreedMemory } from "./trim_memory.ts";

/** Frees what nothing refers to, and gives it back to the system. Takes tens of milliseconds. `young`: only what was
 * made lately, in some milliseconds; all that is compiled stays. */
export function collectGarbage({ young = false } = {}): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")({ type: young ? "minor" : "major" });
  returnFreedMemory();
}
