// Addresses that cannot be listened on, bodies that stand still, and proxies that hold events back.
import assert from "node:assert/strict";
import { readJson } from "../../lib/api/http/body.ts";
import { faultOf } from "../../lib/fault.ts";
import { listen } from "../../lib/server/listen.ts";
import { whyNotListening } from "../../lib/server/why_not_listening.ts";
import { fakeApp } from "./fake_app.ts";

Deno.test("an address that is not ours, and a name that does not resolve: a sentence", async () => {
  const cases = [["203.0.113.7", /no address of this machine/], [
    "nowhere.invalid",
    /leads to no address/,
  ]] as const;
  for (const [host, said] of cases) {
    const error = await listen(() => new Response(), host, 0).then(
      () => assert.fail("it listens"),
      (error) => error,
    );
    assert.match(whyNotListening(error, { host, port: 5005 })!, said);
  }
});

Deno.test("no right to a port, a port in use: a sentence; anything else is none of ours", () => {
  const address = { host: "127.0.0.1", port: 80 };
  assert.match(
    whyNotListening(Object.assign(new Error(), { code: "EACCES" }), address)!,
    /may not listen on port 80/,
  );
  assert.match(whyNotListening(new Deno.errors.AddrInUse(), address)!, /in use/);
  assert.equal(whyNotListening(new Error("else"), address), null);
});

Deno.test("a body that makes no progress is given up, one that trickles on for too long too; else it is read", async () => {
  const body = (parts: Iterable<string>, end: boolean) =>
    new ReadableStream<Uint8Array>({
      async start(controller) {
        for (const part of parts) {
          controller.enqueue(new TextEncoder().encode(part));
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        if (end) controller.close();
      },
    });
  const request = (body: ReadableStream<Uint8Array>) =>
    new Request("http://localhost/", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
  const long = 60_000;
  const read = await readJson(request(body(["[1", ",2", "]"], true)), 100, {
    progressMs: long,
    wholeMs: long,
  });
  assert.deepEqual(read, [1, 2]);
  const refused = (made: Promise<unknown>, sentence: RegExp) =>
    assert.rejects(
      made,
      (error: Error) => (faultOf(error)?.code as string) === "body_timeout" && sentence.test(error.message),
    );
  const stuck = readJson(request(body(["[1"], false)), 100, { progressMs: 50, wholeMs: long });
  await refused(stuck, /Nothing of the body came for 0.05 seconds/);
  let sends = true;
  const trickle = function* () {
    while (sends) yield " ";
  };
  const endless = readJson(request(body(trickle(), true)), 1e9, { progressMs: long, wholeMs: 100 });
  await refused(endless, /did not come as a whole within 0.1 seconds/);
  sends = false;
});

Deno.test("event streams ask proxies not to hold them back", async () => {
  const app = fakeApp();
  const streams = [
    await app.post("/api/generate", { prompt: "Hi", use_chat_template: false, max_tokens: 1 }),
    await app.ask("/api/model/events"),
  ];
  for (const stream of streams) {
    assert.equal(stream.headers.get("x-accel-buffering"), "no");
    await stream.body!.cancel();
  }
});
