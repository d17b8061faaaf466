// Another engine as this program needs it: the log-probabilities of the whole vocabulary after a path of ids.
import type { RemoteName } from "../../hub/remote_name.ts";
import { RemoteClient } from "./client.ts";
import { openLlamaCpp } from "./llamacpp.ts";
import { openOpenAi } from "./openai.ts";

export interface RemoteEngine {
  /** As the engine calls it. */
  readonly model: string;
  readonly contextLength: number; // tokens
  readonly vocabSize: number; // ids that the engine has a log-probability for
  /** ln p of every token after `ids` (1 or more), [vocabSize]; -Infinity where the engine says impossible. Throws
   * faults: inference_failed, model_changed where another model answers; rejects with an AbortError. */
  logprobsAfter(ids: readonly number[], signal: AbortSignal): Promise<Float32Array>;
  /** The ids of a text without what a tokenizer adds; null where the engine does not say. */
  tokenize(text: string, signal: AbortSignal): Promise<readonly number[] | null>;
}

/** Asks the engine what it serves. Throws faults with sentences. */
export async function openEngine(
  { kind, url, model }: RemoteName,
  key: string | null,
  signal: AbortSignal,
): Promise<RemoteEngine> {
  const client = new RemoteClient(url, key);
  return kind === "llamacpp" ? await openLlamaCpp(client, signal) : await openOpenAi(client, model, signal);
}
