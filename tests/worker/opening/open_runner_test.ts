import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import { readModelFolder } from "../../../lib/hub/folder/folder.ts";
import { chooseSessionThreads } from "../../../lib/ort/threads.ts";
import { openRunner } from "../../../lib/worker/opening/open_runner.ts";
import type { FromWorker, LoadSpec } from "../../../lib/protocol/messages.ts";
import { Builder } from "../../attribution/graph_builder.ts";
import { FIRST_LOAD, FIXTURES, specFor } from "../../engine/spec.ts";
import { withFolder } from "../../hub/support.ts";
import { PATIENCE } from "../../patience.ts";

const MODEL = "tiny-llama-gqa";
/** Runs go side by side where one has several threads, and one more waits; with one thread they take turns. */
const AT_ONCE = chooseSessionThreads() === 1 ? 1 : chooseSessionThreads() + 1;

/** The tiny model, said to have the weights of a large one. */
async function folderOf(model: string) {
  const options = { id: model, dtype: "fp32", device: "cpu" } as const;
  return { ...await readModelFolder(join(FIXTURES, "tiny-models", model), options), bytes: 1e8 };
}

/** The graph at `path`, every node's operator renamed to one that nobody knows. */
async function unknownOperators(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const model = fromBinary(ModelProtoSchema, await Deno.readFile(path));
  for (const node of model.graph!.node) node.opType = "Nonsense";
  return toBinary(ModelProtoSchema, model) as Uint8Array<ArrayBuffer>;
}

const specOf = (changes: Partial<LoadSpec> = {}) => specFor(MODEL, { ...FIRST_LOAD, ...changes });

async function open(changes: Partial<LoadSpec>, memory: number | null) {
  const folder = await folderOf(MODEL);
  const lines: string[] = [];
  const post = (message: FromWorker) => {
    if (message.type === "log") lines.push(`${message.level}: ${message.message}`);
  };
  const runner = await openRunner(folder, "cpu", specOf(changes), post, { memory });
  await runner.dispose();
  return { runtime: runner.runtime, lines, atOnce: runner.atOnce };
}

Deno.test("auto compares the native runner with a plain session where both fit, and says nothing", async () => {
  for (const memory of [1e12, null]) {
    assert.deepEqual(await open({}, memory), { runtime: "native", lines: [], atOnce: AT_ONCE });
  }
});

Deno.test("auto checks the native runner by itself where two sessions do not fit", async () => {
  const { runtime, lines } = await open({}, 1000);
  assert.equal(runtime, "native");
  assert.match(lines.join(), /^info: Memory has no room to compare both runners/);
});

/** The files of the Workers that `work` starts. */
async function workersOf(work: () => Promise<unknown>): Promise<string[]> {
  const { Worker } = globalThis;
  const files: string[] = [];
  globalThis.Worker = class extends Worker {
    constructor(url: URL | string, options?: WorkerOptions) {
      files.push(basename(String(url)));
      super(url, options);
    }
  };
  try {
    await work();
    return files;
  } finally {
    globalThis.Worker = Worker;
  }
}

Deno.test("another thread makes the session beside a model that serves, where its weights are many", async () => {
  const opening = async (bytes: number, background: boolean) => {
    const folder = { ...await folderOf(MODEL), bytes };
    await (await openRunner(folder, "cpu", specOf({ background }), () => {})).dispose();
  };
  assert.deepEqual(await workersOf(() => opening(1e8, true)), ["background_opener.ts"]);
  assert.deepEqual(await workersOf(() => opening(1e6, true)), []);
  assert.deepEqual(await workersOf(() => opening(1e8, false)), []);
});

Deno.test("beside a model that serves, checks and runner are the same", async () => {
  assert.deepEqual(await open({ background: true }, 1e12), { runtime: "native", lines: [], atOnce: AT_ONCE });
  const { runtime, lines } = await open({ background: true }, 1000);
  assert.equal(runtime, "native");
  assert.match(lines.join(), /^info: Memory has no room to compare both runners/);
  assert.deepEqual(await open({ background: true, runner: "native" }, null), {
    ...{ runtime: "native", lines: [], atOnce: AT_ONCE },
  });
});

Deno.test("beside a model that serves, a session gives the same logits and cuts its graph the same way", async () => {
  const logits = async (background: boolean) => {
    const runner = await openRunner(await folderOf(MODEL), "cpu", specOf({ background }), () => {});
    const { logits, kv } = await runner.run(runner.empty(), [5, 9, 200]);
    const copy = logits.slice();
    runner.release(kv);
    await runner.dispose();
    return copy;
  };
  assert.deepEqual(await logits(true), await logits(false));
});

Deno.test("beside a model that serves, what does not open says the same as else", async () => {
  const reason = async (background: boolean) => {
    const folder = await folderOf(MODEL);
    const path = await Deno.makeTempFile({ suffix: ".onnx" });
    try {
      // A graph that decodes, and that ONNX Runtime refuses: its operators are of no known version.
      await Deno.writeFile(path, await unknownOperators(folder.onnxPath));
      const given = { ...folder, onnxPath: path };
      return await openRunner(given, "cpu", specOf({ background }), () => {}).then(
        () => "opened",
        (error: Error) => error.message,
      );
    } finally {
      await Deno.remove(path);
    }
  };
  const said = await reason(true);
  assert.match(said, /^Opening .+ failed: /);
  assert.equal(said, await reason(false));
});

/** A language model whose graph never comes to an end. */
function endlessGraph(vocabulary: number): Uint8Array {
  const b = new Builder();
  const x = b.op("Gather", [b.weight("table", [vocabulary, 8], 1), "input_ids"]);
  b.op("MatMul", [b.endlessLoop(x), b.weight("head", [8, vocabulary], 1)], {}, "logits");
  return b.model(vocabulary);
}

for (const background of [false, true]) {
  for (const memory of [1e12, 1000]) {
    const check = memory > 1000 ? "compared with a plain session" : "checked by itself";
    Deno.test({
      name: `a load that is given up ends runs without an end, ${
        background ? "beside a model, " : ""
      }${check}`,
      ...PATIENCE,
      fn: () =>
        withFolder(async (place) => {
          const folder = { ...await folderOf("tiny-gpt2"), onnxPath: join(place, "model.onnx") };
          await Deno.writeFile(folder.onnxPath, endlessGraph(360));
          const given = new AbortController();
          const options = { memory, signal: given.signal };
          const opening = openRunner(folder, "cpu", specOf({ background }), () => {}, options);
          setTimeout(() => given.abort(), 500); // also right where the run has not begun by then
          await assert.rejects(opening);
          await assert.rejects(openRunner(folder, "cpu", specOf(), () => {}, options));
        }),
    });
  }
}
