// The command line as a process of its own: two at once, killed in the middle, behind a proxy.
import assert from "node:assert/strict";
import { join } from "node:path";
import { cachePaths } from "../../lib/hub/cache.ts";
import { COMMIT, etagOf, type FakeHub, fakeHub, sha256 } from "./fake_hub.ts";
import { repositoryFrom, smallRepository, TINY, WEIGHTS, withFolder } from "./support.ts";

const ROOT = join(import.meta.dirname!, "..", "..");
const ID = "acme/tiny";

function models(
  hub: string,
  cache: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-A", join(ROOT, "models.ts"), ...args],
    env: { HF_ENDPOINT: hub, HF_HUB_CACHE: cache, HF_TOKEN: "", HF_TOKEN_PATH: join(cache, "none"), ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function outcome(child: Deno.ChildProcess): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await child.output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

async function withHub(
  work: (hub: FakeHub, cache: string, weights: Uint8Array) => Promise<void>,
): Promise<void> {
  const repositories = await smallRepository();
  const hub = await fakeHub(repositories);
  try {
    await withFolder((cache) => work(hub, cache, repositories[ID]![WEIGHTS]!));
  } finally {
    await hub.close();
  }
}

async function assertWeights(cache: string, weights: Uint8Array): Promise<void> {
  const path = join(cachePaths(cache, ID).snapshot(COMMIT), WEIGHTS);
  assert.equal(sha256(await Deno.readFile(path)), sha256(weights));
}

Deno.test("two processes at once: both succeed, every byte is fetched once", () =>
  withHub(async (hub, cache, weights) => {
    hub.mischief = ({ path }) => path.endsWith(WEIGHTS) ? { slow: 2_000 } : null;
    const both = [models(hub.url, cache, ["pull", ID]), models(hub.url, cache, ["pull", ID])];
    for (const { code, text } of await Promise.all(both.map(outcome))) assert.equal(code, 0, text);
    await assertWeights(cache, weights);
    assert.equal(hub.sent.get(WEIGHTS), weights.length);
  }));

for (const signal of ["SIGKILL", "SIGTERM"] as const) {
  Deno.test(`${signal} in the middle: nothing visible, and the next pull continues`, () =>
    withHub(async (hub, cache, weights) => {
      hub.mischief = ({ path }) => path.endsWith(WEIGHTS) ? { slow: 1_000 } : null;
      const child = models(hub.url, cache, ["pull", ID]);
      const ended = outcome(child);
      while ((hub.sent.get(WEIGHTS) ?? 0) < 20_000) await new Promise((resolve) => setTimeout(resolve, 10));
      child.kill(signal);
      const { code, text } = await ended;
      assert.notEqual(code, 0);
      if (signal === "SIGTERM") assert.match(text, /what has arrived is kept/);
      const places = cachePaths(cache, ID);
      await assert.rejects(Deno.stat(places.ref("main")), Deno.errors.NotFound);
      const kept = (await Deno.stat(`${places.blob(etagOf(WEIGHTS, weights))}.incomplete`)).size;
      assert.ok(kept > 0 && kept < weights.length);
      hub.mischief = () => null;
      const again = await outcome(models(hub.url, cache, ["pull", ID]));
      assert.equal(again.code, 0, again.text);
      await assertWeights(cache, weights);
      const ranges = hub.seen.filter(({ path }) => path.endsWith(WEIGHTS)).map(({ range }) => range);
      assert.deepEqual(ranges, [null, `bytes=${kept}-`]);
    }));
}

Deno.test({
  name: "the disk runs full in the middle: said, nothing visible",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withHub(async (hub, cache, weights) => {
      const places = cachePaths(cache, ID);
      const blob = places.blob(etagOf(WEIGHTS, weights));
      await Deno.mkdir(join(blob, ".."), { recursive: true });
      await Deno.symlink("/dev/full", `${blob}.incomplete`);
      const { code, text } = await outcome(models(hub.url, cache, ["pull", ID]));
      assert.equal(code, 1);
      assert.match(text, /The disk is full: onnx\/model\.onnx_data of acme\/tiny needs 100000 bytes/);
      await assert.rejects(Deno.stat(places.ref("main")), Deno.errors.NotFound);
    }),
});

Deno.test("the commands: files, pull with progress, list, verify, remove", () =>
  withFolder(async (cache) => {
    const hub = await fakeHub({ [ID]: await repositoryFrom(join(TINY, "tiny-llama-gqa-keep")) });
    try {
      const run = (...args: string[]) => outcome(models(hub.url, cache, args));
      assert.match((await run("files", ID)).text, /model_q4\.onnx +171 kB +q4: 4-bit weights/);
      const pulled = await run("pull", ID, "--dtype", "q4");
      assert.equal(pulled.code, 0, pulled.text);
      assert.match(pulled.text, /acme\/tiny is here: onnx\/model_q4\.onnx \(q4: /);
      assert.match(pulled.text, /█{24} 100% +186 kB of 186 kB/);
      assert.match((await run("list")).text, /acme\/tiny +here/);
      assert.match((await run("verify", ID)).text, /^ok +acme\/tiny onnx\/model_q4\.onnx_data$/m);
      assert.match((await run("pull", "../../etc")).text, /is no model name/);
      assert.match((await run("pull", "acme/other")).text, /There is no model acme\/other/);
      assert.equal((await run("pull", "acme/other")).code, 1);
      assert.equal((await run("remove", ID)).code, 0);
      assert.equal((await run("remove", ID)).code, 1);
      assert.equal((await run("dance")).code, 2);
    } finally {
      await hub.close();
    }
  }));

Deno.test("a proxy: the hub's requests go through it", () =>
  withHub(async (hub, cache, weights) => {
    const asked: string[] = [];
    // A proxy for plain http: it gets whole addresses. The host does not exist, only the proxy knows it.
    const proxy = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
      const { pathname, search, host } = new URL(request.url);
      asked.push(host);
      return fetch(`${hub.url}${pathname}${search}`, { headers: request.headers });
    });
    const address = `http://127.0.0.1:${proxy.addr.port}`;
    const env = { HTTP_PROXY: address, HTTPS_PROXY: address, NO_PROXY: "" };
    const { code, text } = await outcome(models("http://hub.invalid", cache, ["pull", ID], env));
    await proxy.shutdown();
    assert.equal(code, 0, text);
    assert.deepEqual([...new Set(asked)], ["hub.invalid"]);
    await assertWeights(cache, weights);
  }));
