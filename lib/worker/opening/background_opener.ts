// Entry of the opener: a Worker that makes one native session, and asks a plain one about the same graph, while another
// model serves. Its thread blocks all the time, and gives way: background.ts lowers its priority once it is at work.
import { messageOf } from "../../basics/message_of.ts";
import { faultOf } from "../../fault.ts";
import { openOrt } from "../../ort/api.ts";
import { createSession } from "../../ort/create.ts";
import { openThreadPriority } from "../../ort/thread_priority.ts";
import type { Reference } from "../../runners/check.ts";
import { askPlain } from "./open_addon.ts";
import type { FromOpener, OpenerJob } from "./background.ts";

const port = globalThis as unknown as {
  onmessage: (event: MessageEvent<OpenerJob>) => void;
  postMessage(message: FromOpener): void;
};

port.onmessage = async ({ data: job }) => {
  const { name, optimised, source } = job.toOpen;
  let reference: Reference | null = null;
  try {
    const ort = openOrt(job.library, { blocking: true });
    port.postMessage({ type: "begins", thread: openThreadPriority()?.current() ?? null });
    const session = await createSession(ort, source, {
      ...{ name, optimised, writeOptimised: job.writeOptimised, brake: job.brake },
      ...job.threads === undefined ? {} : { threads: job.threads },
    });
    port.postMessage({ type: "opened", session: Deno.UnsafePointer.value(session) });
    if (job.compare) reference = await askPlain(job.toOpen, () => ort, job.brake);
  } catch (error) {
    const reason = messageOf(error);
    const detail = faultOf(error)?.detail;
    port.postMessage({ type: "unopenable", reason, ...(detail !== undefined && { detail }) });
  }
  port.postMessage({ type: "compared", reference });
};
