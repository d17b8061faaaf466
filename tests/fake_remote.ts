// A model that another engine serves, for tests of what the page makes of it.
import type { RemoteBackend } from "../lib/wire/models.ts";

/** An engine behind the network that lists some tokens. */
export const FAKE_ENGINE: RemoteBackend = {
  ...{ kind: "openai", url: "http://gpu:8000", device: "remote", arithmetic: "remote" },
  ...{ variant: "openai", runtime: "remote", listed: 20 },
};
