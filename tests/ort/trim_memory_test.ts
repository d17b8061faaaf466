import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const CHILD = fileURLToPath(new URL("trim_memory_child.ts", import.meta.url));

Deno.test({
  name: "freed arrays of a click are kept at hand, freed weights of a model are given back",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const args = ["run", "--no-check", "--no-prompt", "--allow-ffi", "--allow-sys", CHILD];
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    const { click, model } = JSON.parse(new TextDecoder().decode(stdout)); // megabytes
    assert.ok(click > 3, `${click} MB of a click's 3.9 are kept`);
    assert.ok(model < 20, `${model} MB of a model's 105 are kept`);
  },
});
