import assert from "node:assert/strict";
import { createConstraintEngine, type Port } from "../../../lib/explorer/constraints/engine.ts";
import type { Asked, FromWorker, Question, Valid } from "../../../lib/explorer/constraints/protocol.ts";

const VALID: Valid = { notes: [], options: null, automaton: null };

function check(schema: string): Question<"check"> {
  return { kind: "check", written: { type: "regex", schema } };
}

class FakePort implements Port {
  constructor(readonly begins: boolean) {}
  readonly asked: Asked[] = [];
  ended = false;
  hear: (said: FromWorker) => void = () => {};
  failed: () => void = () => {};

  postMessage(asked: Asked): void {
    this.asked.push(asked);
  }
  listen(hear: (said: FromWorker) => void, failed: () => void): void {
    this.hear = hear;
    this.failed = failed;
    if (this.begins) hear({ started: true });
  }
  terminate(): void {
    this.ended = true;
  }
  /** Answers the newest question. */
  answer(): void {
    this.hear({ id: this.asked.at(-1)!.id, answer: VALID });
  }
}

function world(
  { begins = true, ...options }: { limit?: number; newerLimit?: number; begins?: boolean } = {},
) {
  const ports: FakePort[] = [];
  const engine = createConstraintEngine({
    spawn() {
      const port = new FakePort(begins);
      ports.push(port);
      return port;
    },
    ...options,
  });
  return { ports, engine };
}

Deno.test("one question runs; of those that wait, the newest of a kind is asked", async () => {
  const { ports, engine } = world();
  const [first, second, third] = [check("a"), check("b"), check("c")].map((each) => engine.ask(each));
  const [port] = ports;
  assert.equal(port!.asked.length, 1);
  assert.equal(await second, null);
  port!.answer();
  assert.equal(await first, VALID);
  assert.deepEqual(port!.asked.map(({ question }) => question.written.schema), ["a", "c"]);
  port!.answer();
  assert.equal(await third, VALID);
  engine.close();
});

Deno.test("a check goes before what waits of other kinds", async () => {
  const { ports, engine } = world();
  const first = engine.ask(check("a"));
  void engine.ask({ kind: "position", written: check("a").written, path: [] });
  void engine.ask(check("b"));
  ports[0]!.answer();
  await first;
  assert.equal(ports[0]!.asked[1]!.question.kind, "check");
  engine.close();
});

Deno.test("an answer that takes too long ends its worker with a sentence; the next question gets a new one", async () => {
  const { ports, engine } = world({ limit: 20 });
  const answer = await engine.ask(check("(a|a)*"));
  assert.ok(answer !== null && "refused" in answer);
  assert.match(answer.refused.message, /^This took longer than 0\.02 s/);
  assert.ok(ports[0]!.ended);
  const again = engine.ask(check("a"));
  ports[1]!.answer();
  assert.equal(await again, VALID);
  engine.close();
});

Deno.test("a newer text does not wait for an older one that runs away", async () => {
  const { ports, engine } = world({ limit: 60_000, newerLimit: 5 });
  const first = engine.ask(check("runaway"));
  const second = engine.ask(check("a"));
  assert.equal(await first, null);
  assert.ok(ports[0]!.ended);
  ports[1]!.answer();
  assert.equal(await second, VALID);
  engine.close();
});

Deno.test("a worker that fails is told in a sentence and replaced", async () => {
  const { ports, engine } = world();
  const first = engine.ask(check("a"));
  ports[0]!.failed();
  const answer = await first;
  assert.ok(answer !== null && "refused" in answer);
  const second = engine.ask(check("b"));
  ports[1]!.answer();
  assert.equal(await second, VALID);
  engine.close();
});

Deno.test("a worker that is still being loaded is not ended, however much is typed", async () => {
  const { ports, engine } = world({ limit: 5, newerLimit: 1, begins: false });
  const first = engine.ask(check("a"));
  const second = engine.ask(check("ab"));
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(ports[0]!.ended, false);
  ports[0]!.hear({ started: true });
  ports[0]!.answer();
  assert.equal(await first, VALID);
  ports[0]!.answer();
  assert.equal(await second, VALID);
  engine.close();
});
