// Entry of the attribution worker: the graphs of the model that serves, in a thread that gives way to it.
import { openThreadPriority } from "../../ort/thread_priority.ts";
import { AttributionHost } from "./host.ts";
import type { FromAttribution, ToAttribution } from "./messages.ts";
import { OpenSessions } from "./sessions.ts";

const port = globalThis as unknown as {
  onmessage: (event: MessageEvent<ToAttribution>) => void;
  postMessage(message: FromAttribution): void;
};

// First of all: threads that are started from here, those of sessions and runs, inherit it.
const priority = openThreadPriority();
priority?.lower(priority.current());

let host: AttributionHost | null = null;
port.onmessage = ({ data }) => {
  const post = (message: FromAttribution) => port.postMessage(message);
  if (data.type === "model") host = new AttributionHost(post, new OpenSessions(data.model, post));
  else host?.receive(data);
};
