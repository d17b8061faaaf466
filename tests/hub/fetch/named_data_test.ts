// Data files by the names that a graph has for them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { faultOf } from "../../../lib/fault.ts";
import { cachePathsOf } from "../../../lib/hub/cache/cache.ts";
import { pullModel } from "../../../lib/hub/fetch/pull.ts";
import type { HubSettings } from "../../../lib/hub/fetch/settings.ts";
import type { LoadProgress } from "../../../lib/hub/folder/types.ts";
import { type FakeHub, fakeHub, sha256 } from "../fake_hub.ts";
import { CPU, graphNaming, noise, quiet, settingsFor, smallRepository, withFolder } from "../support.ts";

const ID = "acme/tiny";

interface Stage {
  readonly hub: FakeHub;
  readonly cache: string;
  readonly settings: HubSettings;
}

/** Runs `work` with a hub that has the small repository with other `files`. */
async function withHub(
  files: Record<string, Uint8Array>,
  work: (stage: Stage) => Promise<void>,
): Promise<void> {
  const hub = await fakeHub({ [ID]: { ...(await smallRepository())[ID]!, ...files } });
  try {
    await withFolder((cache) => work({ hub, cache, settings: settingsFor(hub.url, cache) }));
  } finally {
    await hub.close();
  }
}

const pull = (settings: HubSettings, progress: LoadProgress[] = []) =>
  pullModel(ID, null, CPU, settings, quiet(progress));

Deno.test("weights are fetched under whatever names the graph has for them", async () => {
  const files = {
    "onnx/model.onnx": graphNaming("weights.bin", "more/part 2.bin", "./weights.bin"),
    "onnx/weights.bin": noise(3000),
    "onnx/more/part 2.bin": noise(5000, 2),
  };
  await withHub(files, async ({ hub, settings }) => {
    const progress: LoadProgress[] = [];
    const { folder, file } = await pull(settings, progress);
    for (const path of ["onnx/weights.bin", "onnx/more/part 2.bin"] as const) {
      assert.equal(sha256(await Deno.readFile(join(folder, path))), sha256(files[path]));
      assert.ok(file.external.includes(path));
    }
    const last = progress.at(-1)!;
    assert.equal(last.received, last.total);
    const before = hub.seen.length;
    await pull(settings);
    assert.deepEqual(hub.seen.slice(before).filter(({ path }) => path.endsWith(".bin")), []);
  });
});

Deno.test("a data file that is not on the hub, and one outside the folder, are refused by name", async () => {
  for (
    const [location, sentence] of [
      ["weights.bin", /keeps its weights in onnx\/weights\.bin, which is not on the hub/],
      ["../../../etc/passwd", /refers to weights outside its own folder: "\.\.\/\.\.\/\.\.\/etc\/passwd"/],
      ["/etc/passwd", /outside its own folder/],
      ["C:\\secret", /outside its own folder/],
      ["a\\..\\..\\b", /outside its own folder/],
    ] as const
  ) {
    await withHub({ "onnx/model.onnx": graphNaming(location) }, async ({ cache, settings }) => {
      await assert.rejects(pull(settings), (error: Error) => {
        assert.equal(faultOf(error)?.code, "model_failed");
        assert.match(error.message, sentence);
        return true;
      });
      assert.throws(() => Deno.statSync(join(cachePathsOf(cache, ID).folder, "refs")), Deno.errors.NotFound);
    });
  }
});

Deno.test("HF_HUB_DISABLE_SYMLINKS: the snapshot has files in place of links", async () => {
  await withHub({}, async ({ settings }) => {
    const { folder } = await pull({ ...settings, symlinks: false });
    const { isSymlink, size } = await Deno.lstat(join(folder, "onnx/model.onnx_data"));
    assert.deepEqual([isSymlink, size], [false, 100_000]);
  });
});
