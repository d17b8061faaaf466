// Entry of the disposable Worker: the only place where programs of downloaded models and of users run. It may
// loop for ever or eat memory; sandbox.ts ends it then.
import { messageOf } from "../basics/message_of.ts";
import { checkConstraint } from "../constraints/position/check.ts";
import { ConstraintReader } from "../constraints/position/reader.ts";
import { faultOf } from "../fault.ts";
import { renderChatTemplate } from "./jinja/render.ts";
import { searchRegex } from "./regex.ts";
import type { FromSandbox, SandboxJobs, SandboxKind, ToSandbox } from "./protocol.ts";

type JobTable = {
  readonly [K in SandboxKind]: (
    input: SandboxJobs[K]["input"],
    deadlineMs: number,
  ) => SandboxJobs[K]["output"];
};

/** A template stops itself so long after its deadline, when its answer is not wanted any more. */
const GRACE_MS = 100;

const reader = new ConstraintReader(); // what it keeps only makes things fast
const jobs: JobTable = {
  chat_template: (job, deadlineMs) => renderChatTemplate(job, deadlineMs + GRACE_MS),
  regex_search: searchRegex,
  constraint_position: (question) => reader.position(question),
  constraint_check: (input) => checkConstraint(input, reader),
  prepare({ vocabulary }) {
    if (vocabulary !== null) reader.prepare(vocabulary);
    return null;
  },
};

const port = globalThis as unknown as {
  onmessage: (event: MessageEvent<ToSandbox>) => void;
  postMessage(message: FromSandbox): void;
};

port.onmessage = ({ data: { id, kind, input, deadlineMs } }) => {
  port.postMessage({ id, state: "started" });
  try {
    const run = jobs[kind] as (input: unknown, deadlineMs: number) => unknown;
    port.postMessage({ id, state: "done", output: run(input, deadlineMs) });
  } catch (error) {
    const message = messageOf(error);
    const fault = faultOf(error);
    port.postMessage(
      fault === null ? { id, state: "broken", message } : { id, state: "refused", message, fault },
    );
  }
};
