// Opening a native session while another model serves. Making a session keeps one processor busy for a long time, and
// a click wants all of them: so it happens in a thread of its own, which gives way to the others.
import { entryUrlOf } from "../../basics/program.ts";
import type { Fault } from "../../fault.ts";
import type { Reference } from "../../runners/check.ts";
import type { BrakeAddresses } from "../../ort/brake.ts";
import type { OptimisedCopy } from "../../ort/create.ts";
import type { Pointer } from "../../ort/memory.ts";
import { openThreadPriority } from "../../ort/thread_priority.ts";
import type { GraphToOpen } from "./open_addon.ts";

/** A native session to make: what the opener is told. */
export interface OpenerJob {
  /** Of ONNX Runtime. */
  readonly library: string;
  readonly toOpen: GraphToOpen;
  readonly writeOptimised: OptimisedCopy | null;
  /** As SessionOptions. */
  readonly threads?: number;
  /** Whether a plain session is to be asked as well. */
  readonly compare: boolean;
  /** What ends both. */
  readonly brake?: BrakeAddresses | undefined;
}

/** What the opener says. */
export type FromOpener =
  /** The session is being made in the thread of this id (null where the system does not say). */
  | { readonly type: "begins"; readonly thread: number | null }
  /** The address of an OrtSession, the receiver's to release. */
  | { readonly type: "opened"; readonly session: bigint }
  | { readonly type: "unopenable"; readonly reason: string; readonly detail?: string }
  /** What a plain session says about the known prompt; null where it says nothing. The last message. */
  | { readonly type: "compared"; readonly reference: Reference | null };

/** A session that is being made in another thread. */
interface BackgroundSession {
  /** When it has begun, and gives way. */
  readonly begun: Promise<void>;
  /** The caller's to release. Rejects with a `model_failed` fault. */
  readonly session: Promise<Pointer>;
  /** What a plain session says; null where none was asked, or it fails. */
  readonly reference: Promise<Reference | null>;
}

/** Milliseconds until the opener gives way. A session's threads are made first of all, and would inherit it. */
const HEAD_START = 20;

/** Starts an opener, which ends by itself. */
export function openInBackground(job: OpenerJob): BackgroundSession {
  const begun = Promise.withResolvers<void>();
  const session = Promise.withResolvers<Pointer>();
  const reference = Promise.withResolvers<Reference | null>();
  const failed = (reason: string, detail?: string) => {
    const cause: Fault = { code: "model_failed", ...(detail !== undefined && { detail }) };
    session.reject(new Error(reason, { cause }));
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const worker = new Worker(entryUrlOf("lib/worker/opening/background_opener.ts"), {
    type: "module",
    name: "opener",
  });
  const end = (said: Reference | null) => {
    worker.terminate();
    clearTimeout(timer); // the thread is no more
    begun.resolve();
    reference.resolve(said);
  };
  worker.onmessage = ({ data }: MessageEvent<FromOpener>) => {
    if (data.type === "begins") {
      timer = setTimeout(() => begun.resolve(lower(data.thread)), HEAD_START);
      return;
    }
    if (data.type === "opened") return session.resolve(createPointer(data.session));
    if (data.type === "unopenable") return failed(data.reason, data.detail);
    end(data.reference);
  };
  worker.onerror = (event) => {
    event.preventDefault(); // else the whole process dies with it
    failed(`Opening ${job.toOpen.name} failed: ${event.message}`);
    end(null);
  };
  session.promise.catch(() => {}); // it is awaited later
  worker.postMessage(job);
  return { begun: begun.promise, session: session.promise, reference: reference.promise };
}

function lower(thread: number | null): void {
  if (thread !== null) openThreadPriority()?.lower(thread);
}

function createPointer(address: bigint): Pointer {
  const pointer = Deno.UnsafePointer.create(address);
  if (pointer === null) throw new Error("The opener gave no session.");
  return pointer;
}
