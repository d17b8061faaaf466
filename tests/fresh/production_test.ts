import assert from "node:assert/strict";
import { App, staticFiles } from "fresh";
import { installFromDisk } from "../../lib/fresh/production.ts";

const NO_MODULES = { routes: [], islands: [] };

/** A root with a build of one file in it, removed afterwards. */
async function withBuild(test: (root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}/_fresh/static`, { recursive: true });
    await Deno.writeTextFile(`${root}/_fresh/static/a.txt`, "found");
    const entry = { type: "text/plain", hash: "1", size: 5, file: "_fresh/static/a.txt" };
    const manifest = { id: "x", client: "", islands: [], preloads: {}, assets: { "/a.txt": entry } };
    await Deno.writeTextFile(`${root}/_fresh/snapshot.json`, JSON.stringify(manifest));
    await test(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("The build is found from its own folder, and from the root to which a compiled program moves all code", async () => {
  await withBuild(async (root) => {
    for (const folder of [`${root}/_fresh`, root]) {
      const app = new App<unknown>().use(staticFiles());
      installFromDisk(app, folder, "_fresh/snapshot.json", NO_MODULES);
      assert.equal(app.config.root, root);
      assert.equal(await (await app.handler()(new Request("http://localhost/a.txt"))).text(), "found");
    }
  });
});

Deno.test("A missing build is told by the name of the file that lacks", async () => {
  const folder = await Deno.makeTempDir();
  try {
    assert.throws(
      () => installFromDisk(new App<unknown>(), folder, "_fresh/none.json", NO_MODULES),
      /^Error: Expected _fresh\/none\.json in .* or above; build the site first$/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
