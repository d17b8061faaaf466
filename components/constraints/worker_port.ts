/// <reference lib="dom" />
// The page's constraint worker as its client knows it.
import { asset } from "fresh/runtime";
import type { Port } from "../../lib/explorer/constraints/engine.ts";

const ADDRESS = "/workers/constraint.js";

/** What browsers with trusted types have on the window (https://w3c.github.io/trusted-types/dist/spec/). */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: () => string },
  ): { createScriptURL(url: string): string | URL };
}

/** Each call of the function that comes back starts a worker. To be called once: a policy's name can be taken once. */
export function createSpawn(): () => Port {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const own = `.${asset(ADDRESS)}`; // below the page, wherever that is
  // lib/api/http/security_headers.ts allows this policy alone, and it knows one address alone.
  const policy = trustedTypes?.createPolicy("nexttoken-worker", { createScriptURL: () => own });
  const address = policy?.createScriptURL(own) ?? own;
  return () => portOf(new Worker(address, { type: "module" }));
}

function portOf(worker: Worker): Port {
  return {
    postMessage: (asked) => worker.postMessage(asked),
    terminate: () => worker.terminate(),
    listen(hear, failed) {
      worker.onmessage = ({ data }) => hear(data);
      worker.onerror = failed;
    },
  };
}
