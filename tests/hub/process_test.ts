// The command line as a process of its own: two at once, killed in the middle, behind a proxy.
import assert from "node:assert/strict";
import { join } from "node:path";
import { cachePathsOf } from "../../lib/hub/cache/cache.ts";
import { ID, models, outcome, ROOT, withHub } from "./command_line.ts";
import { COMMIT, etagOf, sha256 } from "./fake_hub.ts";
import { WEIGHTS } from "./support.ts";

async function assertWeights(cache: string, weights: Uint8Array): Promise<void> {
  const path = join(cachePathsOf(cache, ID).snapshot(COMMIT), WEIGHTS);
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

Deno.test("a pull of what is here already writes nothing: the cache may be read-only", () =>
  withHub(async (hub, cache) => {
    const first = await outcome(models(hub.url, cache, ["pull", ID]));
    assert.equal(first.code, 0, first.text);
    const reading = [
      "run",
      "--no-prompt",
      "--allow-read",
      "--allow-net",
      "--allow-env",
      "--allow-sys=statfs",
    ];
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...reading, join(ROOT, "models.ts"), "pull", ID],
      env: { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache, HF_TOKEN: "", HF_TOKEN_PATH: join(cache, "none") },
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    const removal = await new Deno.Command(Deno.execPath(), {
      args: [...reading, join(ROOT, "models.ts"), "remove", ID],
      env: { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache, HF_TOKEN: "", HF_TOKEN_PATH: join(cache, "none") },
    }).output();
    assert.equal(removal.code, 1);
    assert.match(
      new TextDecoder().decode(removal.stderr),
      /^The cache folder .* cannot be used .*: set HF_HOME/,
    );
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
      const places = cachePathsOf(cache, ID);
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
      const places = cachePathsOf(cache, ID);
      const blob = places.blob(etagOf(WEIGHTS, weights));
      await Deno.mkdir(join(blob, ".."), { recursive: true });
      await Deno.symlink("/dev/full", `${blob}.incomplete`);
      const { code, text } = await outcome(models(hub.url, cache, ["pull", ID]));
      assert.equal(code, 1);
      assert.match(text, /The disk is full: onnx\/model\.onnx_data of acme\/tiny needs 100000 bytes/);
      await assert.rejects(Deno.stat(places.ref("main")), Deno.errors.NotFound);
    }),
});

Deno.test({
  name: "a limit on the size of files is told like a full disk, and the part is kept",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withHub(async (hub, cache, weights) => {
      const args = ["run", "--no-prompt", "-A", join(ROOT, "models.ts"), "pull", ID];
      const { code, stderr } = await new Deno.Command("sh", {
        args: ["-c", 'ulimit -f 100; exec "$@"', "sh", Deno.execPath(), ...args], // 512-byte blocks
        env: { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache, HF_TOKEN: "", HF_TOKEN_PATH: join(cache, "none") },
      }).output();
      assert.equal(code, 1);
      assert.match(
        new TextDecoder().decode(stderr),
        /The disk is full: onnx\/model\.onnx_data of acme\/tiny/,
      );
      const part = await Deno.stat(`${cachePathsOf(cache, ID).blob(etagOf(WEIGHTS, weights))}.incomplete`);
      assert.equal(part.size, 51_200);
    }),
});

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
