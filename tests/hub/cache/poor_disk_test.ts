// File systems that lack something: links, locks, or locks that hold.
import assert from "node:assert/strict";
import { join } from "node:path";
import { beginRepository, publish } from "../../../lib/hub/cache/cache.ts";
import { findCached } from "../../../lib/hub/cache/find.ts";
import { withLock } from "../../../lib/hub/cache/lock.ts";
import { fetchBlob } from "../../../lib/hub/fetch/download.ts";
import { pullModel } from "../../../lib/hub/fetch/pull.ts";
import { COMMIT, etagOf, fakeHub } from "../fake_hub.ts";
import { CPU, quiet, settingsFor, smallRepository, WEIGHTS, withFolder, withMethod } from "../support.ts";

const ID = "acme/tiny";
const NEVER = new AbortController().signal;

const fails = (message: string) => () => Promise.reject(new Error(message));

for (
  const message of [
    "Operation not permitted (os error 1)",
    "Function not implemented (os error 38)",
    "Too many links (os error 31)",
  ]
) {
  Deno.test(`a disk without links (${message}): the snapshot has copies`, async () => {
    const hub = await fakeHub(await smallRepository());
    try {
      await withFolder((cache) =>
        withMethod(
          Deno,
          "symlink",
          fails(message),
          () =>
            withMethod(Deno, "link", fails(message), async () => {
              const { folder } = await pullModel(ID, null, CPU, settingsFor(hub.url, cache), quiet());
              const { isSymlink, size, nlink } = await Deno.lstat(join(folder, WEIGHTS));
              assert.deepEqual([isSymlink, size, nlink], [false, 100_000, 1]);
            }),
        )
      );
    } finally {
      await hub.close();
    }
  });
}

Deno.test("a full disk leaves no half of what marks the cache: the next download writes it", () =>
  withFolder(async (cache) => {
    const { writeTextFile } = Deno;
    const full = async (path: string | URL) => {
      await writeTextFile(path, "");
      throw new Error("No space left on device (os error 28)");
    };
    await withMethod(Deno, "writeTextFile", full, () => beginRepository(cache, ID));
    assert.deepEqual([...Deno.readDirSync(cache)].map(({ name }) => name), ["models--acme--tiny"]);
    await beginRepository(cache, ID);
    assert.match(await Deno.readTextFile(join(cache, "CACHEDIR.TAG")), /^Signature: /);
  }));

Deno.test("where it cannot be kept that a file is absent, the model is here all the same", async () => {
  const hub = await fakeHub(await smallRepository());
  try {
    await withFolder(async (cache) => {
      await Deno.mkdir(join(cache, "models--acme--tiny"));
      await Deno.writeTextFile(join(cache, "models--acme--tiny", ".no_exist"), ""); // no folder can be made here
      const { folder } = await pullModel(ID, null, CPU, settingsFor(hub.url, cache), quiet());
      assert.equal((await Deno.stat(join(folder, WEIGHTS))).size, 100_000);
      assert.equal(await findCached(cache, ID, null, {}), null);
      assert.equal(await findCached(cache, ID, null, { unsure: true }), folder);
    });
  } finally {
    await hub.close();
  }
});

Deno.test("a hard link to a blob that is itself a link is one to its content", () =>
  withFolder(async (cache) => {
    const blobs = join(cache, "models--acme--tiny", "blobs");
    await Deno.mkdir(blobs, { recursive: true });
    const etag = "a".repeat(40);
    await Deno.writeTextFile(join(cache, "shared"), "text");
    await Deno.symlink("../../shared", join(blobs, etag));
    const repository = {
      id: ID,
      revision: COMMIT,
      commit: COMMIT,
      license: null,
      files: [{ path: "a/b.txt", bytes: 4, etag }],
    };
    const folder = await publish(cache, repository, ["a/b.txt"], false);
    assert.equal(await Deno.readTextFile(join(folder, "a/b.txt")), "text");
  }));

Deno.test("what a copy cannot do either is an error, and nothing is left of it", () =>
  withFolder(async (cache) => {
    const repository = {
      id: ID,
      revision: COMMIT,
      commit: COMMIT,
      license: null,
      files: [{ path: "b.txt", bytes: 4, etag: "a".repeat(40) }],
    };
    await assert.rejects(publish(cache, repository, ["b.txt"]), Deno.errors.NotFound);
    assert.deepEqual([...Deno.readDirSync(join(cache, "models--acme--tiny", "snapshots", COMMIT))], []);
  }));

Deno.test("a disk without locks: the work is done all the same; another error is told", () =>
  withFolder(async (folder) => {
    const prototype = Deno.FsFile.prototype;
    const work = () => withLock(join(folder, "lock"), NEVER, () => Promise.resolve("done"));
    await withMethod(prototype, "tryLock", fails("Operation not supported (os error 95)"), async () => {
      assert.equal(await work(), "done");
    });
    await withMethod(prototype, "tryLock", fails("Input/output error (os error 5)"), async () => {
      await assert.rejects(work(), /os error 5/);
    });
  }));

Deno.test("two downloads of one file whose locks do not hold: both end well, the blob is whole", async () => {
  const repositories = await smallRepository();
  const hub = await fakeHub(repositories);
  hub.mischief = ({ path }) => path.endsWith(WEIGHTS) ? { slow: 10_000 } : null;
  try {
    await withFolder(async (cache) => {
      const bytes = repositories[ID]![WEIGHTS]!;
      const etag = etagOf(WEIGHTS, bytes);
      const fetch = (lock: string) =>
        fetchBlob(
          {
            ...{ id: ID, file: { path: WEIGHTS, bytes: bytes.length, etag } },
            ...{
              url: `${hub.url}/${ID}/resolve/${COMMIT}/${WEIGHTS}`,
              blob: join(cache, etag),
              lock: join(cache, lock),
            },
          },
          settingsFor(hub.url, cache),
          { signal: NEVER, onBytes: () => {} },
        );
      await Promise.all([fetch("one"), fetch("two")]);
      assert.deepEqual(await Deno.readFile(join(cache, etag)), bytes);
    });
  } finally {
    await hub.close();
  }
});
