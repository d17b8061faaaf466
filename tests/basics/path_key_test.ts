import assert from "node:assert/strict";
import { pathKeyOf } from "../../lib/basics/path_key.ts";

Deno.test("paths have one key only where they are the same, however long and whatever their ids", () => {
  const long = Array.from({ length: 9000 }, (_, at) => (at * 7919) % 300_000);
  const paths = [[], [0], [0, 0], [1], [65_536], [1, 0], [0, 1], [65_537, 2], [1, 1, 2, 0], long, [
    ...long,
    1,
  ]];
  assert.equal(new Set(paths.map(pathKeyOf)).size, paths.length);
  assert.equal(pathKeyOf(long), pathKeyOf([...long]));
  const other = long.with(5000, 1);
  assert.notEqual(pathKeyOf(long), pathKeyOf(other));
});
