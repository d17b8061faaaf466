import assert from "node:assert/strict";
import { KnownTokens, orderOf } from "../../lib/basics/token_ids.ts";

const TOKENS = ["b", "", "a", "ab", "é", "\ud83e", "🦜", "\uffff", "__proto__", "10", "9"];
const IDS = Int32Array.from([3, 0, 7, 1, 2, 5, 4, 9, 8, 6, 6]); // 10 has no token, 6 has two

Deno.test("tokens whose order is known have the ids of a Map, the first ones asked for and all others", () => {
  const map = new Map(TOKENS.map((token, place) => [token, IDS[place]!]));
  const known = new KnownTokens(TOKENS, IDS, orderOf(TOKENS));
  assert.equal(known.size, map.size);
  assert.deepEqual([...known], [...map]);
  const others = ["c", "aa", "\ud83e\udd9d", "zz", "\u0000", "1"];
  for (let round = 0; round < 300; round++) {
    for (const token of [...TOKENS, ...others]) {
      assert.equal(known.get(token), map.get(token), `${JSON.stringify(token)}, round ${round}`);
      assert.equal(known.has(token), map.has(token));
    }
  }
  const listed: string[] = [];
  for (const [token, id] of map) listed[id] = token;
  assert.deepEqual(known.list(), listed);
  assert.equal(new KnownTokens([], new Int32Array(0), orderOf([])).get("a"), undefined);
});
