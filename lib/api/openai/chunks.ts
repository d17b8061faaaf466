// Server-sent events as OpenAI's API sends them: data lines without a name, and [DONE] at the end. llama.cpp's own form
// has no such end.
import type { Context } from "fresh";
import type { State } from "../../define.ts";
import { type ServerEvent, streamEvents } from "../http/event_stream.ts";
import { errorContextOf, openAiErrorOf } from "../http/openai_error.ts";

const DONE = new TextEncoder().encode("[DONE]");

/** A stream of what `make` yields, JSON as UTF-8 each. Its signal aborts when the client leaves; an error after the
 * first piece ends the stream with {"error": …}. */
export async function answerStream(
  ctx: Context<State>,
  make: (left: AbortSignal) => AsyncGenerator<Uint8Array<ArrayBuffer>, void>,
  { done = true }: { readonly done?: boolean } = {},
): Promise<Response> {
  const left = new AbortController();
  return await streamEvents(ctx, eventsOf(make(left.signal), done), () => left.abort(), {
    errorEvent: (error) => ({ event: null, data: openAiErrorOf(error, errorContextOf(ctx)) }),
  });
}

async function* eventsOf(
  pieces: AsyncGenerator<Uint8Array<ArrayBuffer>, void>,
  done: boolean,
): AsyncGenerator<ServerEvent, void> {
  for await (const data of pieces) yield { event: null, data };
  if (done) yield { event: null, data: DONE };
}
