import assert from "node:assert/strict";
import { readSystemError } from "../../lib/basics/system_error.ts";
import { describeNotWritable } from "../../lib/build/not_writable.ts";
import { faultOf } from "../../lib/fault.ts";
import { readingError } from "../../lib/hub/folder/disk.ts";
import { withFolder } from "../hub/support.ts";

const DENIED = new Deno.errors.PermissionDenied(
  "Permission denied (os error 13): mkdir '/srv/app/static/fonts'",
);

Deno.test("what the system says comes apart: the reason and the path", async () => {
  assert.deepEqual(readSystemError(DENIED), { reason: "permission denied", path: "/srv/app/static/fonts" });
  assert.equal(readSystemError(new Error("permission denied")), null);
  assert.equal(readSystemError("text"), null);
  await withFolder(async (folder) => {
    const asks: readonly (() => Promise<unknown>)[] = [
      () => Deno.readTextFile(folder),
      () => Deno.readFile(folder),
      () => Deno.open(`${folder}/no/file`),
    ];
    for (const ask of asks) {
      const said = readSystemError(await ask().then(() => null, (error) => error));
      assert.match(said!.reason, /^[a-z][^()]+$/);
    }
    const { path } = readSystemError(await Deno.readFile(folder).catch((error) => error))!;
    assert.equal(path, folder);
  });
});

Deno.test("a file that may not be read, and a place that may not be written, are named in a sentence", () => {
  const given = readingError(DENIED) as Error;
  assert.equal(faultOf(given)?.code, "model_failed");
  assert.match(
    given.message,
    /^\/srv\/app\/static\/fonts cannot be read \(permission denied\)\. Make it readable/,
  );
  const other = new Error("else");
  assert.equal(readingError(other), other);
  assert.match(
    describeNotWritable(DENIED, "/srv/app")!,
    /^The page cannot be built: \/srv\/app\/static\/fonts cannot be written \(permission denied\)/,
  );
  assert.equal(describeNotWritable(other, "/srv/app"), null);
});
