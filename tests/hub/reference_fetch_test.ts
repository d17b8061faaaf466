// What is asked of a hub, and what lies in the cache afterwards, against Python's huggingface_hub: both fetch the same
// files from the same hub.
import assert from "node:assert/strict";
import { join } from "node:path";
import { pullModel } from "../../lib/hub/fetch/pull.ts";
import { COMMIT, etagOf, type FakeHub, fakeHub, type Mischief, type Repositories } from "./fake_hub.ts";
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
      "tokenizer_config.json": new TextEncoder().encode("{}"), // that it is absent we keep, as Python does when asked
      "onnx/model.onnx": graphNaming(...DATA),
      ...Object.fromEntries(data),
    },
  };
}

/** Both fetch `id` at `revision`, and must have asked and kept the same. */
async function assertSame(hub: FakeHub, id: string, revision: string): Promise<Fetched> {
  let same: Fetched | null = null;
  await withFolder(async (folder) => {
    const [ours, theirs] = [join(folder, "ours"), join(folder, "theirs")];
    const settings = { ...settingsFor(hub.url, ours), token: "hf_secret" };
    const mine = await fetched(hub, ours, () => pullModel(id, revision, CPU, settings, quiet()));
    const files = Object.keys(mine.layout).filter((path) => path.includes("/snapshots/")).map((path) =>
      path.split("/").slice(3).join("/")
    );
    assert.equal(files.length, 4 + DATA.length);
    const env = { HF_ENDPOINT: hub.url, HF_HUB_CACHE: theirs, HF_HOME: folder, HF_TOKEN: "hf_secret" };
    const write = ["write", id, revision, ...files];
    assert.deepEqual(mine, await fetched(hub, theirs, () => runPython("python_cache.py", write, { env })));
    same = mine;
  });
  return same!;
}

for (const revision of ["main", "v1.0", "refs/pr/1", "feature/a+b", COMMIT]) {
  pythonTest(
    `the revision ${revision}: same requests, same cache, whatever the files are called`,
    async () => {
      const hub = await fakeHub(await repositories());
      try {
        await assertSame(hub, ID, revision);
        assert.ok(hub.seen.every(({ authorization }) => authorization === "Bearer hf_secret"));
      } finally {
        await hub.close();
      }
    },
  );
}

pythonTest(
  "a renamed repository, weights from another host: same requests, same cache, the token only to the hub",
  async () => {
    const known = await repositories();
    const [hub, store] = [await fakeHub(known), await fakeHub(known)];
    hub.mischief = ({ path, url }) => {
      const here = url.slice(hub.url.length);
      if (path.includes("acme/old/")) {
        return { status: 307, headers: { location: here.replace("acme/old", ID) } };
      }
      if (!/\/onnx\/.*\.(onnx|bin|data)$/.test(path)) return null;
      const bytes = known[ID]![path.split("/").slice(5).join("/")]!;
      const about = {
        "x-repo-commit": COMMIT,
        "x-linked-size": String(bytes.length),
        "x-linked-etag": `"${etagOf(path, bytes)}"`,
      };
      return { status: 302, headers: { location: store.url + here, ...about } };
    };
    try {
      const { layout } = await assertSame(hub, "acme/old", "main");
      assert.ok(Object.keys(layout).every((path) => !path.includes("tiny")));
      assert.ok(store.seen.length > 0 && store.seen.every(({ authorization }) => authorization === null));
    } finally {
      await Promise.all([hub.close(), store.close()]);
    }
  },
);

const CODES = ["", "RepoNotFound", "GatedRepo", "RevisionNotFound", "EntryNotFound", "Other"];
const MESSAGES = [
  "",
  "Invalid credentials in Authorization header",
  "Access to this resource is disabled.",
  "No.",
];

/** Our sentence for each kind of error there. Those of status 401 without a code are told apart by addresses of https
 * alone in Python; a hub here has none. */
const SENTENCES: Readonly<Record<string, RegExp>> = {
  RepositoryNotFoundError: /^There is no model |refuses the token \(401\)/,
  GatedRepoError: / is gated/,
  RevisionNotFoundError: / has no revision main/,
  RemoteEntryNotFoundError: /^There is no model |answered \d|forbidden|has been disabled|refuses the token/,
  DisabledRepoError: / has been disabled on /,
  BadRequestError: / answered 400 for /,
  HfHubHTTPError: / answered \d+ for |forbidden \(403\)|There is no model |refuses the token/,
  LocalEntryNotFoundError: / answered \d+ for |forbidden \(403\)|There is no model |refuses the token/,
};

pythonTest("each refusal of a hub is the kind that huggingface_hub takes it for", async () => {
  const hub = await fakeHub({});
  const answers = new Map<string, Mischief>();
  for (const status of [400, 401, 403, 404, 410, 451]) {
    for (const [code, name] of CODES.entries()) {
      for (const [message, text] of MESSAGES.entries()) {
        const headers = {
          ...name === "" ? {} : { "x-error-code": name },
          ...text === "" ? {} : { "x-error-message": text },
        };
        answers.set(`acme/s${status}-${code}-${message}`, { status, headers });
      }
    }
  }
  hub.mischief = ({ path }) => answers.get(/acme\/[^/]+/.exec(path)?.[0] ?? "") ?? null;
  try {
    await withFolder(async (folder) => {
      const wrong: string[] = [];
      for (const token of [null, "hf_secret"]) {
        const env: Record<string, string> = {
          HF_ENDPOINT: hub.url,
          HF_HUB_CACHE: join(folder, "theirs"),
          HF_HOME: folder,
        };
        if (token !== null) env.HF_TOKEN = token;
        const kinds = JSON.parse(await runPython("python_cache.py", ["refuse", ...answers.keys()], { env }));
        for (const [id, { status, headers }] of answers) {
          const work = pullModel(
            id,
            null,
            CPU,
            { ...settingsFor(hub.url, join(folder, "ours")), token },
            quiet(),
          );
          const told = await work.then(() => "fetched", (error: Error) => error.message);
          const fits = (SENTENCES[kinds[id]] ?? /^$/).test(told);
          if (!fits) wrong.push(`${status} ${JSON.stringify(headers)} ${token} ${kinds[id]}: ${told}`);
        }
      }
      assert.deepEqual(wrong, []);
    });
  } finally {
    await hub.close();
  }
});
