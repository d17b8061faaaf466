import assert from "node:assert/strict";
import { join } from "node:path";
import { readModelFolder } from "../../../lib/hub/folder/folder.ts";
import { readCheckRecord } from "../../../lib/worker/opening/check_record.ts";
import { openRunner } from "../../../lib/worker/opening/open_runner.ts";
import { FIXTURES, ROOT, specFor } from "../../engine/spec.ts";

const MODEL = "tiny-llama-gqa";

/** A copy of the tiny model, and a folder to remember things in. */
async function withModel(use: (folder: string, cacheFolder: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  const folder = join(root, "model");
  try {
    const original = join(FIXTURES, "tiny-models", MODEL);
    await new Deno.Command("cp", { args: ["-R", original, folder] }).output();
    await use(folder, join(root, "cache"));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const read = (folder: string) => readModelFolder(folder, { id: MODEL, variant: "fp32", device: "cpu" });

Deno.test("a check that held is remembered until the model's file is another", async () => {
  await withModel(async (folder, cacheFolder) => {
    const model = await read(folder);
    const open = async () => {
      await (await openRunner(model, "cpu", specFor(MODEL, { cacheFolder }), () => {}, { memory: 1e12 }))
        .dispose();
    };
    const holds = async (use: "as_is" | "optimised" = "as_is") =>
      (await readCheckRecord(model, use, { cacheFolder, root: ROOT }))?.holds;
    assert.equal(await holds(), false);
    await open();
    assert.equal(await holds(), true);
    assert.equal(await holds("optimised"), false, "another graph was not checked");
    const { seen } = (await readCheckRecord(model, "as_is", { cacheFolder, root: ROOT }))!;
    assert.equal(seen, null, "its graph is cut, so it is read at every start");
    await open(); // by what is known
    await Deno.utime(model.onnxPath, new Date(0), new Date(0));
    assert.equal(await holds(), false);
  });
});

Deno.test("a damaged record is none, and a folder that cannot be written is no fault", async () => {
  await withModel(async (folder, cacheFolder) => {
    const model = await read(folder);
    const record = () => readCheckRecord(model, "as_is", { cacheFolder, root: ROOT });
    await (await record())!.keep({ sharedBuffers: true, sharedScales: false, foldedBytes: 7 }, "a");
    assert.equal((await record())!.graph, "a");
    assert.deepEqual((await record())!.seen, { sharedBuffers: true, sharedScales: false, foldedBytes: 7 });
    for await (const { name } of Deno.readDir(join(cacheFolder, "checks"))) {
      await Deno.writeTextFile(join(cacheFolder, "checks", name), "{");
    }
    assert.equal((await record())!.holds, false);
    const nowhere = join(model.onnxPath, "below a file");
    await (await readCheckRecord(model, "as_is", { cacheFolder: nowhere, root: ROOT }))!.keep(null, null);
    assert.equal(await readCheckRecord(model, "as_is", { cacheFolder: null, root: ROOT }), null);
  });
});
