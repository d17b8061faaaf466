import assert from "node:assert/strict";
import { readCacheFolder } from "../../lib/config/cache_folder.ts";

const folderFor = (variables: Record<string, string>) => readCacheFolder((name) => variables[name]);

Deno.test("what is remembered lies in the user's folder of caches", () => {
  assert.equal(folderFor({ XDG_CACHE_HOME: "/caches", HOME: "/home/a" }), "/caches/nexttoken");
  assert.equal(folderFor({ XDG_CACHE_HOME: " ", HOME: "/home/a" }), "/home/a/.cache/nexttoken");
  assert.equal(folderFor({ USERPROFILE: "/users/a" }), "/users/a/.cache/nexttoken");
  assert.equal(folderFor({}), null);
});
