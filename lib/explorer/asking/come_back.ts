// Waits for an answer behind a failure that may pass: an engine that is away, a queue that is full. Asks quietly, so
// that the page goes on saying what is wrong until it is over.
import { sleep } from "../../basics/sleep.ts";
import { type Api, failureOf } from "./api.ts";
import { bodyOfPreview, bodyOfRead } from "./request.ts";
import type { Question } from "../session/types.ts";

/** Resolves when asking `question` again makes sense: it would be answered, or fail for another reason. Asks every
 * `seconds`. Rejects with an AbortError. */
export async function waitUntilBack(
  api: Api,
  question: Question,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const { body, settings, modelKey } = question;
  const asked = body.kind === "read"
    ? bodyOfRead(question)
    : bodyOfPreview(body.node, settings, [], modelKey);
  while (true) {
    await sleep(1000 * seconds, signal);
    try {
      return void await api.peek(asked, signal);
    } catch (error) {
      signal.throwIfAborted();
      const failure = failureOf(error);
      if (failure?.again === undefined && failure?.kind !== "unreachable") return;
    }
  }
}
