import assert from "node:assert/strict";
import { hashInputs, readHash, recordHash } from "../../lib/build/stale.ts";

/** A folder with some of a site's files, removed afterwards. */
async function withSite(test: (root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    for (const folder of ["islands", "routes/api", "lib/x", "models"]) {
      await Deno.mkdir(`${root}/${folder}`, { recursive: true });
    }
    await Deno.writeTextFile(`${root}/islands/A.tsx`, "a");
    await Deno.writeTextFile(`${root}/routes/index.tsx`, "page");
    await test(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("The hash changes with every input's content and name, and with the flavour", async () => {
  await withSite(async (root) => {
    const seen = new Set([await hashInputs(root, "one")]);
    const isNew = async (flavour = "one") => {
      const hash = await hashInputs(root, flavour);
      const fresh = !seen.has(hash);
      seen.add(hash);
      return fresh;
    };
    assert.equal(await isNew(), false);
    assert.equal(await isNew("two"), true);
    await Deno.writeTextFile(`${root}/islands/A.tsx`, "b");
    assert.equal(await isNew(), true);
    await Deno.rename(`${root}/islands/A.tsx`, `${root}/islands/B.tsx`);
    assert.equal(await isNew(), true);
    await Deno.writeTextFile(`${root}/lib/x/y.ts`, "");
    assert.equal(await isNew(), true);
    await Deno.writeTextFile(`${root}/deno.json`, "{}");
    assert.equal(await isNew(), true);
  });
});

Deno.test("Routes go into the build, models do not", async () => {
  await withSite(async (root) => {
    const before = await hashInputs(root, "");
    await Deno.writeTextFile(`${root}/models/weights.bin`, "");
    assert.equal(await hashInputs(root, ""), before);
    await Deno.writeTextFile(`${root}/routes/index.tsx`, "another page");
    const changed = await hashInputs(root, "");
    assert.notEqual(changed, before);
    await Deno.writeTextFile(`${root}/routes/api/new.ts`, "");
    assert.notEqual(await hashInputs(root, ""), changed);
  });
});

Deno.test("A build counts only when it has finished", async () => {
  await withSite(async (root) => {
    assert.equal(await readHash(`${root}/none`), null);
    await recordHash(root, "abc");
    assert.equal(await readHash(root), null);
    await Deno.writeTextFile(`${root}/server.js`, "");
    assert.equal(await readHash(root), "abc");
  });
});
