import assert from "node:assert/strict";
import { join } from "node:path";
import { readHubSettings } from "../../../lib/hub/fetch/settings.ts";
import { findHomeFolder } from "../../../lib/hub/fetch/variables.ts";
import { withFolder } from "../support.ts";

const read = (env: Record<string, string>) => readHubSettings((name) => env[name]);

Deno.test("where the cache is: huggingface_hub's variables in its order", async () => {
  const cacheOf = async (env: Record<string, string>) =>
    (await read({ HOME: "/home/u", ...env })).cacheFolder;
  assert.equal(await cacheOf({}), "/home/u/.cache/huggingface/hub");
  assert.equal(await cacheOf({ XDG_CACHE_HOME: "/x" }), "/x/huggingface/hub");
  assert.equal(await cacheOf({ HF_HOME: "~/hf", XDG_CACHE_HOME: "/x" }), "/home/u/hf/hub");
  assert.equal(await cacheOf({ HF_HOME: "/hf", HF_HUB_CACHE: "/hub" }), "/hub");
  assert.equal(await cacheOf({ HF_HOME: "/hf", HUGGINGFACE_HUB_CACHE: "/old" }), "/old");
  assert.equal(await cacheOf({ HF_HUB_CACHE: " " }), "/home/u/.cache/huggingface/hub");
});

Deno.test("~, $NAME and ${NAME} in a path are read as Python reads them", async () => {
  const env = { HOME: "/home/u", SCRATCH: "/scratch", EMPTY: "" };
  const cacheOf = async (path: string) => (await read({ ...env, HF_HUB_CACHE: path })).cacheFolder;
  assert.equal(await cacheOf("$SCRATCH/hf"), "/scratch/hf");
  assert.equal(await cacheOf("${SCRATCH}s/$SCRATCH$EMPTY"), "/scratchs/scratch");
  assert.equal(await cacheOf("/x/$UNSET/${ALSO}/$"), "/x/$UNSET/${ALSO}/$");
  assert.equal(await cacheOf("/x/~/$HOME"), "/x/~/home/u");
  assert.equal((await read({ ...env, HF_HOME: "$SCRATCH" })).cacheFolder, "/scratch/hub");
  assert.equal(
    (await read({ ...env, XDG_CACHE_HOME: "~/$SCRATCH" })).cacheFolder,
    "/home/u/scratch/huggingface/hub",
  );
});

Deno.test("names that no variable has stay as they are; another user's folder is refused", async () => {
  const noDeno = (name: string) => name === "" || name.includes("=") ? Deno.env.get(name) : undefined; // it throws
  const cacheOf = async (path: string) =>
    (await readHubSettings((name) => name === "HF_HUB_CACHE" ? path : noDeno(name))).cacheFolder;
  assert.equal(await cacheOf("/x/${}/${a=b}"), "/x/${}/${a=b}");
  await assert.rejects(cacheOf("~root/hub"), /names another user's folder by ~root: write that folder out/);
});

Deno.test("the user's folder is found as Python finds it on each system", () => {
  const home = (env: Record<string, string>, os: string) => findHomeFolder((name) => env[name], os);
  const env = { HOME: "/home/u", USERPROFILE: "C:\\Users\\u", HOMEDRIVE: "D:", HOMEPATH: "\\u" };
  assert.equal(home(env, "linux"), "/home/u");
  assert.equal(home(env, "windows"), "C:\\Users\\u");
  assert.equal(home({ ...env, USERPROFILE: "" }, "windows"), "D:\\u");
  assert.equal(home({ HOME: "/home/u" }, "windows"), "/home/u");
});

Deno.test("a variable that the process may not read is refused by name", async () => {
  const env = (name: string) => {
    if (name === "SECRET") throw new Deno.errors.NotCapable("Requires env access");
    return name === "HF_HOME" ? "${SECRET}/hf" : undefined;
  };
  await assert.rejects(
    readHubSettings(env),
    /^Error: The path "\$\{SECRET\}\/hf" names the variable SECRET, which may not be read here\. Write out .*SCRATCH/,
  );
});

Deno.test("time limits in seconds, links, and what the hub is told", async () => {
  const { limits, symlinks, userAgent } = await read({});
  assert.deepEqual([limits.answer, limits.idle, symlinks, userAgent], [30_000, 30_000, true, "next-token"]);
  const set = await read({
    HF_HUB_ETAG_TIMEOUT: "5",
    HF_HUB_DOWNLOAD_TIMEOUT: "60",
    HF_HUB_DISABLE_SYMLINKS: "yes",
    HF_HUB_USER_AGENT_ORIGIN: "lab",
  });
  assert.deepEqual([set.limits.answer, set.limits.idle, set.symlinks], [5000, 60_000, false]);
  assert.equal(set.userAgent, "next-token; origin/lab");
  await assert.rejects(
    read({ HF_HUB_USER_AGENT_ORIGIN: "a\nb" }),
    /HF_HUB_USER_AGENT_ORIGIN must be plain ASCII on one line/,
  );
  assert.equal((await read({ HF_HUB_ETAG_TIMEOUT: "0" })).limits.answer, 30_000); // as Python's `or`
  for (const bad of ["soon", "1.5", "-1"]) {
    await assert.rejects(
      read({ HF_HUB_DOWNLOAD_TIMEOUT: bad }),
      /HF_HUB_DOWNLOAD_TIMEOUT must be a whole number/,
    );
  }
});

Deno.test("endpoint and offline", async () => {
  assert.equal((await read({ HF_ENDPOINT: "http://127.0.0.1:8080/" })).endpoint, "http://127.0.0.1:8080");
  assert.match((await read({})).endpoint, /^https:\/\/[a-z.]+$/);
  for (const bad of ["ftp://x", "nowhere", "file:///etc"]) {
    await assert.rejects(read({ HF_ENDPOINT: bad }), /HF_ENDPOINT must be an http or https address/);
  }
  for (const value of ["1", "true", "YES", "on"]) {
    assert.equal((await read({ HF_HUB_OFFLINE: value })).offline, true);
  }
  for (const value of ["0", "false", ""]) {
    assert.equal((await read({ HF_HUB_OFFLINE: value })).offline, false);
  }
});

Deno.test("the token: HF_TOKEN, else the token file, else none", () =>
  withFolder(async (folder) => {
    assert.equal((await read({ HF_HOME: folder })).token, null);
    await Deno.writeTextFile(join(folder, "token"), "from-file\n");
    assert.equal((await read({ HF_HOME: folder })).token, "from-file");
    assert.equal((await read({ HF_HOME: folder, HF_TOKEN: "from-variable" })).token, "from-variable");
    assert.equal((await read({ HF_HOME: folder, HUGGING_FACE_HUB_TOKEN: "older" })).token, "older");
    const unasked = { HF_HUB_DISABLE_IMPLICIT_TOKEN: "1", HF_HOME: folder };
    assert.equal((await read({ ...unasked, HF_TOKEN: "from-variable" })).token, null);
    // A folder that is none holds no token; models that are here load all the same.
    assert.equal((await read({ HF_HOME: join(folder, "token") })).token, null);
    assert.equal((await read({ HF_TOKEN: "two\r\nlines\n" })).token, "twolines"); // as Python joins them
    for (const bad of ["bl ank", "ü"]) {
      await assert.rejects(read({ HF_TOKEN: bad }), /HF_TOKEN .* copy the token again/);
    }
    await Deno.writeTextFile(join(folder, "elsewhere"), "other");
    assert.equal((await read({ HF_HOME: folder, HF_TOKEN_PATH: join(folder, "elsewhere") })).token, "other");
  }));

Deno.test("free space is a number of bytes", async () => {
  const free = await (await read({})).freeBytes(import.meta.dirname!);
  assert.ok(free !== null && free > 0);
});
