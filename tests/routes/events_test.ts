import assert from "node:assert/strict";
import { modelStatusSchema } from "../../lib/api/endpoints/model_status.ts";
import { fakeStatus } from "../fakes.ts";
import { type FakeApp, fakeApp, withServer } from "./fake_app.ts";
import { PATIENCE } from "../patience.ts";

const PATH = "/api/model/events";

/** Reads events one by one; null at the end of the stream. */
function reader(response: Response) {
  const chunks = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  return {
    async next() {
      while (!buffer.includes("\n\n")) {
        const { value, done } = await chunks.read();
        if (done) return null;
        buffer += value;
      }
      const [event, ...rest] = buffer.split("\n\n");
      buffer = rest.join("\n\n");
      assert.match(event!, /^data: /);
      return modelStatusSchema.parse(JSON.parse(event!.slice("data: ".length)));
    },
    cancel: () => chunks.cancel(),
  };
}

function loading(received: number) {
  return fakeStatus.loading({ received });
}

/** A hang is a failure. */

Deno.test("the stream begins with the status as it is and follows its changes", PATIENCE, async () => {
  const app = fakeApp({ status: loading(0) });
  const response = await app.ask(PATH);
  assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
  assert.equal(response.headers.get("cache-control"), "no-store");
  const events = reader(response);
  assert.equal((await events.next())!.progress!.received, 0);
  app.engine.setStatus(loading(50));
  assert.equal((await events.next())!.progress!.received, 50);
  app.engine.setStatus(fakeStatus.ready());
  assert.deepEqual([(await events.next())!.ready], [true]);
  await events.cancel();
  assert.equal(app.engine.subscribers, 0);
});

Deno.test(
  "a client that reads slowly gets the newest status, not all; equal ones are not repeated",
  PATIENCE,
  async () => {
    const app = fakeApp({ status: loading(0) });
    const response = await app.ask(PATH);
    for (let received = 1; received <= 1000; received++) app.engine.setStatus(loading(received));
    const events = reader(response);
    const seen: number[] = [];
    while (seen.at(-1) !== 1000) seen.push((await events.next())!.progress!.received);
    assert.ok(seen.length <= 4, `got ${seen.length} events`);
    app.engine.setStatus(loading(1000));
    app.engine.setStatus(fakeStatus.failed());
    assert.notEqual((await events.next())!.error, null);
    await events.cancel();
  },
);

Deno.test("the stream ends when the request is given up, before or after it began", PATIENCE, async () => {
  const app = fakeApp();
  const leave = new AbortController();
  const events = reader(await app.ask(PATH, { signal: leave.signal }));
  await events.next();
  assert.equal(app.engine.subscribers, 1);
  leave.abort();
  assert.equal(await events.next(), null);
  assert.equal(app.engine.subscribers, 0);
  const late = await app.ask(PATH, { signal: AbortSignal.abort() });
  assert.equal(await late.text(), "");
  assert.equal(app.engine.subscribers, 0);
});

Deno.test(
  "over a real connection: events arrive one by one, and a client that leaves is forgotten",
  PATIENCE,
  async () => {
    const app = fakeApp({ status: loading(1) });
    await withServer(app, async ({ url }) => {
      const leave = new AbortController();
      const events = reader(await fetch(url + PATH, { signal: leave.signal }));
      assert.equal((await events.next())!.progress!.received, 1);
      app.engine.setStatus(loading(2));
      assert.equal((await events.next())!.progress!.received, 2);
      leave.abort();
      await events.next().catch(() => null);
      await forgotten(app);
    });
  },
);

/** Waits until nobody listens; the test's own time limit is the only clock. */
async function forgotten(app: FakeApp): Promise<void> {
  while (app.engine.subscribers > 0) await new Promise((resolve) => setTimeout(resolve, 1));
}
