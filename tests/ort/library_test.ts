// Where ONNX Runtime's library is found.
import assert from "node:assert/strict";
import { join } from "node:path";

const ROOT = join(import.meta.dirname!, "..", "..");

Deno.test("below a folder of any name, for a program that cannot resolve the package", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["100% own", "a%20b#c?d", "größe"]) {
      const root = join(folder, name);
      await Deno.mkdir(join(root, "node_modules"), { recursive: true });
      await Deno.symlink(
        join(ROOT, "node_modules", "onnxruntime-node"),
        join(root, "node_modules", "onnxruntime-node"),
      );
      const source = JSON.stringify(import.meta.resolve("../../lib/ort/library.ts"));
      const code = `import { findLibrary } from ${source}; console.log(findLibrary(${
        JSON.stringify(root)
      }));`;
      const args = ["eval", "--no-config", "--no-check", code]; // without a config nothing says which package is meant
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
      const [found, told] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
      assert.ok(found!.startsWith(join(root, "node_modules")), told);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
