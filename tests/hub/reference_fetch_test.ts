// What is asked of a hub, and what lies in the cache afterwards, against Python's huggingface_hub: both fetch the same
// files from the same hub.
import assert from "node:assert/strict";
import { join } from "node:path";
import { pullModel } from "../../lib/hub/fetch/pull.ts";
import { COMMIT, type FakeHub, fakeHub, type Repositories } from "./fake_hub.ts";
import { pythonTest, runPython } from "./python.ts";
import { CPU, graphNaming, noise, quiet, settingsFor, smallRepository, withFolder } from "./support.ts";

const ID = "acme/tiny";
const DATA = [
  "weights.bin",
  "part (1) of 2.bin",
  "größe=ü&~.bin",
  "@a/b+c/d,e.data",
  "x#y%z?'!$.bin",
  "模型.bin",
  "...bin",
];

interface Fetched {
  /** Paths as they were sent, those of files without escapes, each once, sorted. */
  readonly requests: string[];
  /** What lies in the cache: links with what they lead to, refs with their text, other files with their length. */
  readonly layout: Record<string, string | number>;
}

/** Python keeps its listing of a commit (trees) and writes other words into the tag of caches. */
function isTheirs(path: string): boolean {
  return path.includes("/trees/") || path === "CACHEDIR.TAG";
}

async function layoutOf(cache: string): Promise<Fetched["layout"]> {
  const found: Record<string, string | number> = {};
  const walk = async (prefix: string) => {
    for await (const entry of Deno.readDir(join(cache, prefix))) {
      const path = prefix + entry.name;
      const place = join(cache, path);
      if (entry.isDirectory) await walk(`${path}/`);
      else if (isTheirs(path)) continue;
      else if (entry.isSymlink) found[path] = await Deno.readLink(place);
      else {found[path] = path.includes("/refs/")
          ? await Deno.readTextFile(place)
          : (await Deno.stat(place)).size;}
    }
  };
  await walk("");
  return found;
}

async function fetched(hub: FakeHub, cache: string, work: () => Promise<unknown>): Promise<Fetched> {
  const before = hub.seen.length;
  await work();
  const requests = hub.seen.slice(before).flatMap(({ url, path }) => {
    if (path.includes("/resolve/")) return [path];
    const asks = path.includes("/revision/") && !path.endsWith(COMMIT); // Python does not ask which commit a commit is
    return asks ? [url.slice(hub.url.length)] : [];
  });
  return { requests: [...new Set(requests)].sort(), layout: await layoutOf(cache) };
}

async function repositories(): Promise<Repositories> {
  const data = DATA.map((name, at) => [`onnx/${name}`, noise(1000 + at, at + 1)] as const);
  return {
    [ID]: {
      ...(await smallRepository())[ID]!,
      "onnx/model.onnx": graphNaming(...DATA),
      ...Object.fromEntries(data),
    },
  };
}

for (const revision of ["main", "v1.0", "refs/pr/1", "feature/a+b", COMMIT]) {
  pythonTest(
    `the revision ${revision}: same requests, same cache, whatever the files are called`,
    async () => {
      const hub = await fakeHub(await repositories());
      try {
        await withFolder(async (folder) => {
          const [ours, theirs] = [join(folder, "ours"), join(folder, "theirs")];
          const mine = await fetched(
            hub,
            ours,
            () => pullModel(ID, revision, CPU, settingsFor(hub.url, ours), quiet()),
          );
          const files = Object.keys(mine.layout).filter((path) => path.includes("/snapshots/")).map((path) =>
            path.split("/").slice(3).join("/")
          );
          const reference = await fetched(
            hub,
            theirs,
            () =>
              runPython("python_cache.py", ["write", ID, revision, ...files], {
                env: { HF_ENDPOINT: hub.url, HF_HUB_CACHE: theirs, HF_HOME: folder },
              }),
          );
          assert.equal(files.length, 3 + DATA.length);
          assert.deepEqual(mine, reference);
        });
      } finally {
        await hub.close();
      }
    },
  );
}
