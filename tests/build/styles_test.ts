import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { joinStyles } from "../../lib/build/styles.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

Deno.test("the page's styles are one sheet with every rule, in the order of the parts", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await joinStyles(ROOT, `${folder}/page.css`);
    const sheet = await Deno.readTextFile(`${folder}/page.css`);
    for await (const { name } of Deno.readDir(`${ROOT}styles`)) {
      assert.ok(sheet.includes(await Deno.readTextFile(`${ROOT}styles/${name}`)), name);
    }
    assert.ok(sheet.indexOf(":root") < sheet.indexOf(".kept-open"));
    const before = (await Deno.stat(`${folder}/page.css`)).mtime!.getTime();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await joinStyles(ROOT, `${folder}/page.css`);
    assert.equal((await Deno.stat(`${folder}/page.css`)).mtime!.getTime(), before, "written once");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a sheet that nobody listed is no silent loss", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}/styles`);
    await Deno.writeTextFile(`${root}/styles/forgotten.css`, "a {}");
    await assert.rejects(joinStyles(root, `${root}/page.css`), /list styles\/forgotten\.css/);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
