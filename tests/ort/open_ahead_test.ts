import assert from "node:assert/strict";
import { openAhead, openOrt } from "../../lib/ort/api.ts";
import { findLibrary } from "../../lib/ort/library.ts";
import { ROOT } from "../engine/spec.ts";

Deno.test("a library that was opened ahead, once or twice, opens as it does else", async () => {
  const library = findLibrary(ROOT);
  await Promise.all([openAhead(library), openAhead(library)]);
  const [one, other] = [openOrt(library), openOrt(library)];
  assert.deepEqual(one.environment, other.environment);
  assert.match(one.version, /^1\.\d+/);
});

Deno.test("what is no library rejects, and leaves nothing that keeps another from opening", async () => {
  await assert.rejects(openAhead(`${ROOT}/README.md`));
  await assert.rejects(openAhead(`${ROOT}/no/such/library.so`));
  await openAhead(findLibrary(ROOT));
});
