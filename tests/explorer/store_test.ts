import assert from "node:assert/strict";
import type { ModelStatus } from "../../lib/api/wire.ts";
import type { Client } from "../../lib/explorer/client.ts";
import * as moves from "../../lib/explorer/session.ts";
import { createExplorer, type Explorer } from "../../lib/explorer/store.ts";
import type { Failure, Question, Session } from "../../lib/explorer/types_v1.ts";
import { answerTo, modelStatus, opened } from "./fixtures.ts";

interface Call {
  readonly question: Question;
  readonly signal: AbortSignal;
  answer(): void;
  fail(kind: Failure["kind"]): void;
}

/** A server whose answers come when the test says so. */
function scriptedClient(statuses: (ModelStatus | Error)[][] = []) {
  const calls: Call[] = [];
  const client: Client = {
    nextToken(question, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof answerTo>>();
      calls.push({
        question,
        signal,
        answer: () => resolve(answerTo(question)),
        fail: (kind) => {
          const message = "No.";
          reject(new Error(message, { cause: { kind, message, detail: "" } }));
        },
      });
      return promise;
    },
    async *statuses() {
      for (const status of statuses.shift() ?? []) {
        if (status instanceof Error) throw status;
        yield status;
      }
    },
  };
  return { client, calls };
}

/** Resolves at the first session that passes. */
function when(explorer: Explorer, passes: (session: Session) => boolean): Promise<void> {
  return new Promise((resolve) => {
    let stop = () => {};
    stop = explorer.session.subscribe((session) => {
      if (!passes(session)) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}

const answered = (session: Session) => session.pending === null && session.answer !== null;

Deno.test("a new question aborts the fetch of the old one, whose answer is never shown", async () => {
  const { client, calls } = scriptedClient();
  const explorer = createExplorer({ session: opened(), client });
  const close = explorer.open();
  calls[0]!.answer();
  await when(explorer, answered);
  explorer.dispatch((now) => moves.append(now, 0));
  explorer.dispatch((now) => moves.changeSettings(now, { temperature: 1 }));
  explorer.dispatch((now) => moves.changeSettings(now, { temperature: 1.1 }));
  assert.deepEqual(calls.slice(1).map((call) => call.signal.aborted), [true, true, false]);
  calls[2]!.answer();
  calls[3]!.answer();
  calls[1]!.answer();
  await when(explorer, answered);
  assert.equal(explorer.session.value.answer?.settings.temperature, 1.1);
  close();
});

Deno.test("closing the page aborts what is on its way", () => {
  const { client, calls } = scriptedClient();
  const close = createExplorer({ session: opened(), client }).open();
  close();
  assert.ok(calls[0]!.signal.aborted);
});

Deno.test("the page follows a load and then asks", async () => {
  const loading = modelStatus({ ready: false, loading: true });
  const { client, calls } = scriptedClient([[loading, modelStatus()]]);
  const reasons: string[] = [];
  const explorer = createExplorer({
    session: opened("The cat", loading),
    client,
    patience: 1,
    onAnswer: (reason) => reasons.push(reason),
  });
  const close = explorer.open();
  await when(explorer, (session) => session.pending !== null);
  assert.deepEqual(calls[0]!.question.context, { text: "The cat" });
  calls[0]!.answer();
  await when(explorer, answered);
  await Promise.resolve();
  assert.deepEqual(reasons, ["auto"]);
  close();
});

Deno.test("a lost server is tried again until it answers, then the open question is asked", async () => {
  const gone = new Error("connection refused");
  const { client, calls } = scriptedClient([[gone], [gone], [modelStatus()]]);
  const explorer = createExplorer({ session: opened(), client, patience: 1 });
  const close = explorer.open();
  calls[0]!.fail("unreachable");
  await when(explorer, (session) => !session.connected);
  await when(explorer, (session) => session.pending?.number === 2);
  calls[1]!.answer();
  await when(explorer, answered);
  assert.ok(explorer.session.value.connected);
  close();
});

Deno.test("a 503 leads back to following the model", async () => {
  const { client, calls } = scriptedClient([[modelStatus({ ready: false, loading: true })], [modelStatus()]]);
  const explorer = createExplorer({ session: opened(), client, patience: 1 });
  const close = explorer.open();
  calls[0]!.fail("loading");
  await when(explorer, (session) => session.pending?.number === 2);
  close();
});

Deno.test("changes are told with the session before", () => {
  const { client } = scriptedClient();
  const seen: [number, number][] = [];
  const explorer = createExplorer({
    session: opened(""),
    client,
    onChange: (now, before) => seen.push([before.settings.topK, now.settings.topK]),
  });
  explorer.dispatch((now) => moves.changeSettings(now, { topK: 5 }));
  explorer.dispatch((now) => now);
  assert.deepEqual(seen, [[10, 5]]);
});
