import assert from "node:assert/strict";
import { groupFiles, measuresMemory } from "./groups.ts";

Deno.test("files of one subject share a process, a file that is named apart does not, memory has one each", () => {
  const groups = groupFiles([
    ...["tests/text/codec_test.ts", "tests/log_test.ts", "tests/memory/soak_test.ts"],
    ...["tests/browser/states_test.ts", "tests/browser/share_test.ts", "tests/textual_test.ts"],
    ...["tests/sandbox/jinja_test.ts", "tests/memory/crowd_test.ts", "tests/browser/class_test.ts"],
  ]);
  const has = (...group: string[]) =>
    assert.ok(groups.some((files) => files.join() === group.join()), group.join());
  has("tests/browser/class_test.ts", "tests/browser/share_test.ts");
  has("tests/browser/states_test.ts");
  has("tests/sandbox/jinja_test.ts", "tests/text/codec_test.ts");
  has("tests/log_test.ts", "tests/textual_test.ts");
  has("tests/memory/crowd_test.ts");
  has("tests/memory/soak_test.ts");
  assert.equal(groups.length, 6);
  assert.deepEqual(groups.filter(measuresMemory).flat(), [
    "tests/memory/crowd_test.ts",
    "tests/memory/soak_test.ts",
  ]);
});
