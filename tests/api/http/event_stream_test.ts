import assert from "node:assert/strict";
import type { Context } from "fresh";
import { type ServerEvent, streamEvents } from "../../../lib/api/http/event_stream.ts";
import type { State } from "../../../lib/define.ts";

Deno.test("comment lines come while nothing else is sent, and stop with the stream", async () => {
  const waiting = Promise.withResolvers<void>();
  async function* events(): AsyncGenerator<ServerEvent, void> {
    yield { event: "progress", data: 1 };
    await waiting.promise;
    yield { event: "result", data: 2 };
  }
  const response = await streamEvents({} as Context<State>, events(), () => {}, { quietMs: 5 });
  assert.equal(response.headers.get("x-accel-buffering"), "no");
  let text = "";
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.split(":\n\n").length > 2) waiting.resolve(); // two comments were seen
  }
  assert.match(text, /^event: progress\ndata: 1\n\n(:\n\n){2,}event: result\ndata: 2\n\n$/);
}); // the sanitizer finds a timer that is left

Deno.test("a first event that is long in coming is waited for with comments; its error is an event then", async () => {
  for (const fails of [false, true]) {
    const waiting = Promise.withResolvers<void>();
    const events = async function* (): AsyncGenerator<ServerEvent, void> {
      await waiting.promise;
      if (fails) throw new Error("The first one fails.");
      yield { event: "result", data: 2 };
    };
    const errorEvent = () => ({ event: "error", data: null });
    const response = await streamEvents({} as Context<State>, events(), () => {}, { quietMs: 5, errorEvent });
    let text = "";
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      if (text.split(":\n\n").length > 2) waiting.resolve();
    }
    assert.match(text, /^(:\n\n){2,}event: /);
    assert.ok(text.endsWith(fails ? "event: error\ndata: null\n\n" : "event: result\ndata: 2\n\n"), text);
  }
});

Deno.test("the error of a first event that comes soon is thrown, and gets its status", async () => {
  const events = { next: () => Promise.reject(new Error("refused")) };
  await assert.rejects(streamEvents({} as Context<State>, events, () => {}), /refused/);
});

Deno.test("a long event is sent in parts, as the client takes them, and arrives whole; a short one is one part", async () => {
  const long = "x".repeat(300_000);
  let asked = 0;
  async function* events(): AsyncGenerator<ServerEvent, void> {
    for (const data of [1, new TextEncoder().encode(JSON.stringify(long)), 2]) {
      asked++;
      yield { event: "step", data };
    }
    throw new Error("The last one fails.");
  }
  const errorEvent = () => ({ event: "error", data: null });
  const response = await streamEvents({} as Context<State>, events(), () => {}, { errorEvent });
  const sizes: number[] = [];
  let text = "";
  for await (const part of response.body!) {
    if (sizes.length === 2) assert.equal(asked, 2); // the next one is not asked for while this one is sent
    sizes.push(part.length);
    text += new TextDecoder().decode(part);
  }
  const event = (name: string, data: unknown) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  assert.equal(text, event("step", 1) + event("step", long) + event("step", 2) + event("error", null));
  assert.ok(Math.max(...sizes) === 65_536 && sizes.length === 8, String(sizes));
});
