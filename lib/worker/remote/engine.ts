// The engines that a name can mean.
import type { RemoteName } from "../../hub/remote_name.ts";
import { RemoteClient } from "./client.ts";
import { openLlamaCpp } from "./llamacpp.ts";
import { openOpenAi } from "./openai.ts";
import type { RemoteEngine } from "./types.ts";

/** Asks the engine what it serves. Throws faults with sentences. */
export async function openEngine(
  { kind, url, model }: RemoteName,
  key: string | null,
  signal: AbortSignal,
): Promise<RemoteEngine> {
  const client = new RemoteClient(url, key);
  return kind === "llamacpp" ? await openLlamaCpp(client, signal) : await openOpenAi(client, model, signal);
}
