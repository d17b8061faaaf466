import assert from "node:assert/strict";
import type { Context } from "fresh";
import { eventStream, type ServerEvent } from "../../../lib/api/http/event_stream.ts";
import type { State } from "../../../lib/define.ts";

Deno.test("comment lines come while nothing else is sent, and stop with the stream", async () => {
  const waiting = Promise.withResolvers<void>();
  async function* events(): AsyncGenerator<ServerEvent, void> {
    yield { event: "progress", data: 1 };
    await waiting.promise;
    yield { event: "result", data: 2 };
  }
  const response = await eventStream({} as Context<State>, events(), () => {}, { quietMs: 5 });
  assert.equal(response.headers.get("x-accel-buffering"), "no");
  let text = "";
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.split(":\n\n").length > 2) waiting.resolve(); // two comments were seen
  }
  assert.match(text, /^event: progress\ndata: 1\n\n(:\n\n){2,}event: result\ndata: 2\n\n$/);
}); // the sanitizer finds a timer that is left
