// The engines that a name can mean.
import type { RemoteName } from "../../hub/remote_name.ts";
import { RemoteClient } from "./client.ts";
import { openLlamaCpp } from "./llamacpp.ts";
import { openOpenAi } from "./openai.ts";
import { openSglang, servesSglang } from "./sglang.ts";
import type { Opening, RemoteEngine } from "./types.ts";

/** Asks the engine what it serves. Throws faults with sentences. */
export async function openEngine(
  { kind, url, model }: RemoteName,
  key: string | null,
  opening: Opening,
): Promise<RemoteEngine> {
  const client = new RemoteClient(url, key);
  if (kind === "llamacpp") return await openLlamaCpp(client, opening);
  if (await servesSglang(client, opening.signal)) return await openSglang(client, model, opening);
  return await openOpenAi(client, model, opening);
}
