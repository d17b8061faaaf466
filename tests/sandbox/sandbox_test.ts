import assert from "node:assert/strict";
import { type SharedVocabulary, shareVocabulary } from "../../lib/constraints/position/shared_vocabulary.ts";
import { faultOf } from "../../lib/fault.ts";
import { createSandbox, type Sandbox } from "../../lib/sandbox/sandbox.ts";

const forever = {
  template: "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
  variables: {},
};
const hello = { template: "Hello {{ name }}", variables: { name: "world" } };
const long = { deadlineMs: 60_000 };

function test(name: string, body: (sandbox: Sandbox) => Promise<void>): void {
  Deno.test(name, async () => {
    const sandbox = createSandbox();
    try {
      await body(sandbox);
    } finally {
      sandbox.close();
    }
  });
}

test("runs a program, and another one", async (sandbox) => {
  assert.equal(await sandbox.run("chat_template", hello, long), "Hello world");
  assert.equal(await sandbox.run("chat_template", hello, long), "Hello world");
});

test("stops a program at its deadline, and goes on in a new Worker", async (sandbox) => {
  const slow = sandbox.run("chat_template", forever, { deadlineMs: 50 });
  const next = sandbox.run("chat_template", hello, long);
  await assert.rejects(slow, (error) => {
    assert.equal(
      (error as Error).message,
      "The chat template took longer than 0.05 seconds and was stopped.",
    );
    assert.equal(faultOf(error)?.code, "unsupported");
    return true;
  });
  assert.equal(await next, "Hello world");
});

test("hands on what a program says, with its fault", async (sandbox) => {
  const refusing = { template: "{{ raise_exception('no system role') }}", variables: {} };
  await assert.rejects(sandbox.run("chat_template", refusing, long), (error) => {
    assert.match((error as Error).message, /no system role/);
    assert.deepEqual(faultOf(error), { code: "invalid_request", field: "messages" });
    return true;
  });
  assert.equal(await sandbox.run("chat_template", hello, long), "Hello world");
});

test("a program that breaks is a sentence, and the next one runs", async (sandbox) => {
  const broken = { template: null as unknown as string, variables: {} };
  await assert.rejects(
    sandbox.run("chat_template", broken, long),
    /^Error: The chat template can't be .*\.$/,
  );
  assert.equal(await sandbox.run("chat_template", hello, long), "Hello world");
});

test("an abort ends the program that runs", async (sandbox) => {
  const controller = new AbortController();
  const running = sandbox.run("chat_template", forever, { ...long, signal: controller.signal });
  const next = sandbox.run("chat_template", hello, long);
  controller.abort(new Error("enough"));
  await assert.rejects(running, /enough/);
  assert.equal(await next, "Hello world");
});

test("an abort takes a program off the queue", async (sandbox) => {
  const controller = new AbortController();
  const first = sandbox.run("chat_template", hello, long);
  const second = sandbox.run("chat_template", forever, { ...long, signal: controller.signal });
  const third = sandbox.run("chat_template", hello, long);
  controller.abort(new Error("enough"));
  await assert.rejects(second, /enough/);
  assert.deepEqual(await Promise.all([first, third]), ["Hello world", "Hello world"]);
  await assert.rejects(sandbox.run("chat_template", hello, { ...long, signal: controller.signal }), /enough/);
});

test("a restart ends what runs and keeps the queue", async (sandbox) => {
  const running = sandbox.run("chat_template", forever, long);
  const next = sandbox.run("chat_template", hello, long);
  sandbox.restart();
  await assert.rejects(running, /restarted/);
  assert.equal(await next, "Hello world");
});

Deno.test("closing ends everything", async () => {
  const sandbox = createSandbox();
  const running = sandbox.run("chat_template", forever, long);
  const queued = sandbox.run("chat_template", hello, long);
  sandbox.close();
  await assert.rejects(running, /closed/);
  await assert.rejects(queued, /closed/);
  await assert.rejects(sandbox.run("chat_template", hello, long), /closed/);
});

Deno.test("the Worker of the sandbox may do nothing but compute", async () => {
  const asked: unknown[] = [];
  const { Worker } = globalThis;
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      asked.push(options?.deno?.permissions);
    }
  };
  const sandbox = createSandbox();
  try {
    assert.equal(await sandbox.run("chat_template", hello, long), "Hello world");
  } finally {
    globalThis.Worker = Worker;
    sandbox.close();
  }
  assert.deepEqual(asked, ["none"]);
});

Deno.test("a program that runs on is left by its caller alone: its Worker stays, and the next one comes after it", async () => {
  const { Worker } = globalThis;
  let started = 0;
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      started++;
    }
  };
  const sandbox = createSandbox();
  try {
    await sandbox.run("chat_template", hello, long);
    const slow = {
      template: "{% for a in range(99) %}{% for b in range(999) %}{% endfor %}{% endfor %}done",
      variables: {},
    };
    const left = new AbortController();
    const running = sandbox.run("chat_template", slow, { ...long, signal: left.signal, runsOn: true });
    const queued = sandbox.run("chat_template", forever, { ...long, signal: left.signal, runsOn: true });
    const next = sandbox.run("chat_template", hello, long);
    left.abort(new Error("left"));
    await assert.rejects(running, /left/);
    await assert.rejects(queued, /left/);
    assert.equal(await next, "Hello world");
    assert.equal(started, 1);
    const ending = new AbortController();
    const ended = sandbox.run("chat_template", forever, { ...long, signal: ending.signal });
    ending.abort(new Error("left"));
    await assert.rejects(ended, /left/);
    assert.equal(await sandbox.run("chat_template", hello, long), "Hello world");
    assert.equal(started, 2);
  } finally {
    globalThis.Worker = Worker;
    sandbox.close();
  }
});

Deno.test("constraints run in it, over a vocabulary in shared memory; a new Worker goes on after one that was ended", async () => {
  const sandbox = createSandbox();
  try {
    const tokens = ["a", "b", "1"].map((text) => new TextEncoder().encode(text));
    const steps = shareVocabulary("abc", { size: 3, bytes: (id) => tokens[id]! }, []);
    let vocabulary = steps.next();
    while (!vocabulary.done) vocabulary = steps.next();
    const ask = (schema: string, deadlineMs = 60_000) =>
      sandbox.run("constraint_position", {
        vocabulary: vocabulary.value as SharedVocabulary,
        constraint: { type: "regex", schema },
        ids: [],
      }, { deadlineMs });
    const answer = await ask("[ab]");
    assert.deepEqual([answer.fits && answer.allowed, answer.fits && [...answer.mask]], [2, [3]]);
    await assert.rejects(ask("("), (error) => {
      assert.deepEqual([faultOf(error)!.code, faultOf(error)!.field], ["invalid_request", "constraint"]);
      return true;
    });
    sandbox.restart();
    assert.equal((await ask("1")).fits, true);
    const check = await sandbox.run("constraint_check", { type: "regex", schema: "a", text: "a" }, long);
    assert.deepEqual([check.ok, check.text!.complete], [true, true]);
  } finally {
    sandbox.close();
  }
});
