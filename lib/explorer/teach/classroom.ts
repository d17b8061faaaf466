/// <reference lib="dom" />
// How a class reaches this page, and the lock on the model.
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Classroom } from "../../wire/classroom.ts";
import { failureOf, requestJson } from "../asking/api.ts";

export interface ClassroomStore {
  /** Null until the server has answered. */
  readonly room: ReadonlySignal<Classroom | null>;
  /** Why there is no answer; "" = there is. */
  readonly problem: ReadonlySignal<string>;
  read(): void;
  lock(locked: boolean): void;
  stop(): void;
}

/** The server's addresses for a class, and the lock on the model. */
export function createClassroom(): ClassroomStore {
  const room = signal<Classroom | null>(null);
  const problem = signal("");
  const stopped = new AbortController();
  const ask = async (init: RequestInit) => {
    try {
      problem.value = "";
      room.value = await requestJson<Classroom>("./api/classroom", { ...init, signal: stopped.signal });
    } catch (error) {
      problem.value = failureOf(error)?.message ?? "";
    }
  };
  const headers = { "content-type": "application/json" };
  return {
    ...{ room, problem, stop: () => stopped.abort() },
    read: () => void ask({}),
    lock: (locked) => void ask({ method: "POST", headers, body: JSON.stringify({ locked }) }),
  };
}

/** The addresses for the class: those that the server knows, and the one by which this page was reached from
 * elsewhere. */
export function listClassAddresses({ addresses }: Classroom, here: URL): readonly string[] {
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(here.hostname);
  return [...new Set([...local ? [] : [new URL(".", here).href], ...addresses])];
}
