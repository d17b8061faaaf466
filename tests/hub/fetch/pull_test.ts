import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { faultOf } from "../../../lib/fault.ts";
import { cachePathsOf } from "../../../lib/hub/cache/cache.ts";
import { pullModel } from "../../../lib/hub/fetch/pull.ts";
import type { HubSettings } from "../../../lib/hub/fetch/settings.ts";
import type { LoadProgress } from "../../../lib/hub/folder/types.ts";
import {
  COMMIT,
  etagOf,
  type FakeHub,
  fakeHub,
  type Mischief,
  type Repositories,
  sha256,
} from "../fake_hub.ts";
import { CPU, noise, quiet, settingsFor, smallRepository, WEIGHTS, withFolder } from "../support.ts";

const ID = "acme/tiny";

interface Stage {
  readonly hub: FakeHub;
  readonly cache: string;
  readonly settings: HubSettings;
  readonly files: Record<string, Uint8Array>;
}

async function withHub(work: (stage: Stage) => Promise<void>, repositories?: Repositories): Promise<void> {
  const known = repositories ?? await smallRepository();
  const hub = await fakeHub(known);
  try {
    await withFolder((cache) =>
      work({ hub, cache, settings: settingsFor(hub.url, cache), files: known[ID] ?? {} })
    );
  } finally {
    await hub.close();
  }
}

function pull(settings: HubSettings, progress: LoadProgress[] = []) {
  return pullModel(ID, null, CPU, settings, quiet(progress));
}

async function assertWhole({ cache, files }: Stage): Promise<void> {
  const places = cachePathsOf(cache, ID);
  for (const path of ["config.json", "tokenizer.json", "onnx/model.onnx", WEIGHTS]) {
    const bytes = await Deno.readFile(join(places.snapshot(COMMIT), path));
    assert.equal(sha256(bytes), sha256(files[path]!), path);
  }
  const blobs = [...Deno.readDirSync(join(places.folder, "blobs"))].map((entry) => entry.name);
  assert.ok(blobs.every((name) => !name.includes("incomplete")), `parts are left: ${blobs}`);
}

/** Nothing that a reader of the cache could take for a model. */
function assertNothingVisible({ cache }: Stage): void {
  const places = cachePathsOf(cache, ID);
  assert.throws(() => Deno.statSync(join(places.folder, "refs")), Deno.errors.NotFound);
  // Empty, but there: without it huggingface_hub calls the cache corrupted.
  assert.deepEqual([...Deno.readDirSync(join(places.folder, "snapshots"))], []);
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error: Error = await work.then(() => assert.fail("it should have failed"), (reason) => reason);
  assert.equal(faultOf(error)?.code, "model_failed", String(error));
  return error.message;
}

const onWeights = (mischief: Mischief) => ({ path }: { path: string }) =>
  path.endsWith(WEIGHTS) ? mischief : null;

Deno.test("a pull writes the hub's layout: blobs by etag, relative links, a ref without a newline", () =>
  withHub(async (stage) => {
    const progress: LoadProgress[] = [];
    const pulled = await pull(stage.settings, progress);
    await assertWhole(stage);
    const places = cachePathsOf(stage.cache, ID);
    assert.equal(pulled.folder, places.snapshot(COMMIT));
    assert.equal(basename(places.folder), "models--acme--tiny");
    assert.equal(await Deno.readTextFile(places.ref("main")), COMMIT);
    const etag = etagOf(WEIGHTS, stage.files[WEIGHTS]!);
    assert.equal(await Deno.readLink(join(pulled.folder, WEIGHTS)), `../../../blobs/${etag}`);
    const config = etagOf("config.json", stage.files["config.json"]!);
    assert.equal(await Deno.readLink(join(pulled.folder, "config.json")), `../../blobs/${config}`);
    assert.equal(stage.hub.sent.has("README.md"), false);
    const last = progress.at(-1)!;
    assert.equal(last.received, last.total);
    assert.ok(progress.every((state) => state.received <= state.total || state.total === 0));
    assert.ok(progress.some((state) => state.bytesPerSecond > 0));
  }));

Deno.test("a second pull asks for the listing and fetches nothing", () =>
  withHub(async (stage) => {
    await pull(stage.settings);
    const before = stage.hub.seen.length;
    await pull(stage.settings);
    assert.deepEqual(stage.hub.seen.slice(before).filter((seen) => seen.path.includes("/resolve/")), []);
  }));

for (const cut of [0, 1, 17, 65_536, 99_999]) {
  Deno.test(`cut at byte ${cut}: resumed from there, no byte twice`, () =>
    withHub(async (stage) => {
      let cuts = 0;
      stage.hub.mischief = (seen) => seen.path.endsWith(WEIGHTS) && cuts++ === 0 ? { cutAfter: cut } : null;
      await pull(stage.settings);
      await assertWhole(stage);
      assert.equal(stage.hub.sent.get(WEIGHTS), stage.files[WEIGHTS]!.length);
      const ranges = stage.hub.seen.filter((seen) => seen.path.endsWith(WEIGHTS)).map((seen) => seen.range);
      assert.deepEqual(ranges, [null, cut === 0 ? null : `bytes=${cut}-`]);
    }));
}

Deno.test("many cuts in a row do not use up the patience while bytes arrive", () =>
  withHub(async (stage) => {
    stage.hub.mischief = onWeights({ cutAfter: 7_000 });
    await pull(stage.settings);
    await assertWhole(stage);
    assert.equal(stage.hub.sent.get(WEIGHTS), stage.files[WEIGHTS]!.length);
  }));

Deno.test("a hub that always breaks at once: a sentence, nothing visible, and the next pull continues", () =>
  withHub(async (stage) => {
    let first = true;
    stage.hub.mischief = (seen) => {
      if (!seen.path.endsWith(WEIGHTS)) return null;
      const mischief = { cutAfter: first ? 40_000 : 0 };
      first = false;
      return mischief;
    };
    assert.match(await refusal(pull(stage.settings)), /broke at byte 40000 of 100000/);
    assertNothingVisible(stage);
    stage.hub.mischief = () => null;
    await pull(stage.settings);
    await assertWhole(stage);
    assert.equal(stage.hub.sent.get(WEIGHTS), 100_000);
  }));

Deno.test("a damaged body is thrown away and fetched again once", () =>
  withHub(async (stage) => {
    let damaged = 0;
    stage.hub.mischief = (seen) => seen.path.endsWith(WEIGHTS) && damaged++ === 0 ? { flip: 500 } : null;
    const progress: LoadProgress[] = [];
    await pull(stage.settings, progress);
    await assertWhole(stage);
    assert.equal(stage.hub.sent.get(WEIGHTS), 200_000);
    assert.equal(progress.at(-1)!.received, progress.at(-1)!.total);
  }));

for (const path of [WEIGHTS, "config.json"]) {
  Deno.test(`${path} damaged twice: a sentence, nothing visible, no part left`, () =>
    withHub(async (stage) => {
      stage.hub.mischief = (seen) => seen.path.endsWith(path) ? { flip: 9 } : null;
      assert.match(
        await refusal(pull(stage.settings)),
        new RegExp(`${path} of acme/tiny arrived damaged twice`),
      );
      assertNothingVisible(stage);
      const part = `${cachePathsOf(stage.cache, ID).blob(etagOf(path, stage.files[path]!))}.incomplete`;
      await assert.rejects(Deno.stat(part), Deno.errors.NotFound);
    }));
}

for (const length of [0, 99_999, 100_001, 150_000]) {
  Deno.test(`a body of ${length} bytes instead of 100000: refused, nothing visible`, () =>
    withHub(async (stage) => {
      stage.hub.mischief = onWeights({ body: noise(length) });
      assert.match(
        await refusal(pull(stage.settings)),
        new RegExp(`it has ${length} bytes instead of 100000`),
      );
      assertNothingVisible(stage);
    }));
}

Deno.test("a part left by others with wrong bytes is found out by the checksum", () =>
  withHub(async (stage) => {
    const blob = cachePathsOf(stage.cache, ID).blob(etagOf(WEIGHTS, stage.files[WEIGHTS]!));
    await Deno.mkdir(join(blob, ".."), { recursive: true });
    await Deno.writeFile(`${blob}.incomplete`, noise(5_000, 7));
    await pull(stage.settings);
    await assertWhole(stage);
  }));

Deno.test("a blob with the right length and the wrong bytes is fetched again", () =>
  withHub(async (stage) => {
    const blob = cachePathsOf(stage.cache, ID).blob(etagOf(WEIGHTS, stage.files[WEIGHTS]!));
    await Deno.mkdir(join(blob, ".."), { recursive: true });
    await Deno.writeFile(blob, new Uint8Array(100_000));
    await pull(stage.settings);
    await assertWhole(stage);
  }));

Deno.test("a part that is longer than the file is begun again", () =>
  withHub(async (stage) => {
    const blob = cachePathsOf(stage.cache, ID).blob(etagOf(WEIGHTS, stage.files[WEIGHTS]!));
    await Deno.mkdir(join(blob, ".."), { recursive: true });
    await Deno.writeFile(`${blob}.incomplete`, noise(200_000, 7));
    await pull(stage.settings);
    await assertWhole(stage);
  }));

Deno.test("a hub without ranges: begun again, still whole", () =>
  withHub(async (stage) => {
    let cuts = 0;
    stage.hub.mischief = (seen) =>
      seen.path.endsWith(WEIGHTS) ? cuts++ === 0 ? { cutAfter: 5_000 } : { ignoreRange: true } : null;
    await pull(stage.settings);
    await assertWhole(stage);
  }));

for (const packed of ["gzip", "deflate"] as const) {
  Deno.test(`a body that a proxy packed (${packed}) is unpacked, after a cut as well`, () =>
    withHub(async (stage) => {
      let requests = 0;
      stage.hub.mischief = ({ path }) =>
        path.endsWith(WEIGHTS) && requests++ === 0 ? { cutAfter: 60_000 } : { packed };
      await pull(stage.settings);
      await assertWhole(stage);
      const weights = stage.hub.seen.filter(({ path }) => path.endsWith(WEIGHTS));
      assert.deepEqual(weights.map(({ range }) => range), [null, "bytes=60000-"]);
    }));
}

Deno.test("a connection that falls silent counts as broken", () =>
  withHub(async (stage) => {
    let first = true;
    stage.hub.mischief = (seen) => {
      if (!seen.path.endsWith(WEIGHTS) || !first) return null;
      first = false;
      return { silent: true };
    };
    const { limits } = stage.settings;
    await pull({ ...stage.settings, limits: { ...limits, idle: 100 } });
    await assertWhole(stage);
  }));

Deno.test("a hub that goes away in the middle: a sentence that names it", () =>
  withHub(async (stage) => {
    stage.hub.mischief = (seen) => {
      if (seen.path.endsWith(WEIGHTS)) setTimeout(() => stage.hub.close(), 60);
      return seen.path.endsWith(WEIGHTS) ? { slow: 1_000 } : null;
    };
    assert.match(await refusal(pull(stage.settings)), /127\.0\.0\.1:\d+ cannot be reached/);
    assertNothingVisible(stage);
  }));

Deno.test("cancel: the signal's reason, a part that is continued", () =>
  withHub(async (stage) => {
    stage.hub.mischief = onWeights({ slow: 4_000 });
    const stop = new AbortController();
    const options = {
      signal: stop.signal,
      onProgress: (state: LoadProgress) => {
        if (state.file === WEIGHTS && state.received > 30_000) stop.abort(new Error("enough"));
      },
    };
    await assert.rejects(pullModel(ID, null, CPU, stage.settings, options), /enough/);
    assertNothingVisible(stage);
    stage.hub.mischief = () => null;
    const part = `${cachePathsOf(stage.cache, ID).blob(etagOf(WEIGHTS, stage.files[WEIGHTS]!))}.incomplete`;
    const kept = (await Deno.stat(part)).size;
    assert.ok(kept > 0);
    await pull(stage.settings);
    await assertWhole(stage);
    assert.equal(stage.hub.seen.findLast((seen) => seen.path.endsWith(WEIGHTS))!.range, `bytes=${kept}-`);
  }));

Deno.test("the disk is too small: said before the weights are fetched", () =>
  withHub(async (stage) => {
    const settings = { ...stage.settings, freeBytes: () => Promise.resolve(50_000) };
    assert.match(await refusal(pull(settings)), /needs 101 kB more .* only 50 kB are free/);
    assert.equal(stage.hub.sent.has(WEIGHTS), false);
    // A small model asks for no more room than a small model needs.
    await pull({ ...stage.settings, freeBytes: () => Promise.resolve(250_000) });
    await assertWhole(stage);
  }));

Deno.test("a cache that cannot be written: the sentence names the folder and says what to do", () =>
  withHub(async (stage) => {
    const file = join(stage.cache, "file");
    await Deno.writeTextFile(file, "");
    const told = await refusal(pull({ ...stage.settings, cacheFolder: join(file, "hub") }));
    assert.match(told, /^The cache folder .*file.hub cannot be used \(.*\): set HF_HOME to a folder/);
  }));

Deno.test("two pulls at once in one process: every byte once", () =>
  withHub(async (stage) => {
    stage.hub.mischief = onWeights({ slow: 20_000 });
    await Promise.all([pull(stage.settings), pull(stage.settings)]);
    await assertWhole(stage);
    assert.equal(stage.hub.sent.get(WEIGHTS), 100_000);
  }));
