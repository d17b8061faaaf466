import assert from "node:assert/strict";
import { bytesOfRanges, hasByte } from "../../../lib/constraints/ir/byte_set.ts";
import { compileConstraint } from "../../../lib/constraints/compile.ts";
import { findLoopBytes } from "../../../lib/constraints/engine/steady.ts";
import { PLAIN_IN_JSON, SlicedVocabulary, takeCovered } from "../../../lib/constraints/tokens/slices.ts";
import { idsOf } from "../../../lib/constraints/tokens/token_set.ts";
import { buildTokenTrie } from "../../../lib/constraints/tokens/trie.ts";
import type { TokenTrie } from "../../../lib/constraints/tokens/trie.ts";
import { openBundled } from "../vocabularies.ts";

function build(tokens: readonly (string | null)[]): TokenTrie {
  const encoder = new TextEncoder();
  const bytes = (id: number) => tokens[id] === null ? null : encoder.encode(tokens[id]);
  const building = buildTokenTrie({ size: tokens.length, bytes });
  let step = building.next();
  while (!step.done) step = building.next();
  return step.value;
}

/** Token ids with their bytes, as a walk over the tree finds them. */
function readBack(trie: TokenTrie): Map<number, string> {
  const found = new Map<number, string>();
  const path: number[] = [];
  for (let node = 1; node < trie.nodeCount; node++) {
    path.length = trie.depth[node]! - 1;
    path.push(trie.byte[node]!);
    for (let t = trie.firstToken[node]!; t < trie.firstToken[node + 1]!; t++) {
      found.set(trie.ids[t]!, path.join(","));
    }
  }
  return found;
}

Deno.test("a small tree: order, subtrees, equal and empty tokens", () => {
  const trie = build(["ab", "a", null, "b", "ab", "", "abc", "é"]);
  assert.deepEqual(Array.from(trie.byte), [0, 97, 98, 99, 98, 0xc3, 0xa9]);
  assert.deepEqual(Array.from(trie.depth), [0, 1, 2, 3, 1, 1, 2]);
  assert.deepEqual(Array.from(trie.skip), [7, 4, 4, 4, 5, 7, 7]);
  assert.deepEqual(Array.from(trie.ids), [1, 0, 4, 6, 3, 7]);
  assert.equal(trie.longest, 3);
});

Deno.test("the bundled vocabulary is in its tree, token by token", () => {
  const { vocabulary: { trie }, bytes } = openBundled();
  const found = readBack(trie);
  bytes.forEach((token, id) => {
    assert.equal(
      found.get(id),
      token === null || token.length === 0 ? undefined : token.join(","),
      `token ${id}`,
    );
  });
});

Deno.test("a slice and its rest are the whole vocabulary; the slice has bytes of the set alone", () => {
  const { vocabulary, bytes } = openBundled();
  const set = bytesOfRanges([0x20, 0x21], [0x23, 0x5b], [0x5d, 0x7e]);
  const slice = vocabulary.slice(set);
  assert.equal(vocabulary.slice(set), slice);
  const [covered, rest] = [idsOf(slice.covered), readBack(slice.rest)];
  assert.equal(covered.length + rest.size, vocabulary.trie.ids.length);
  assert.ok(covered.length > 30_000 && slice.rest.nodeCount < vocabulary.trie.nodeCount / 2);
  for (const id of covered) assert.ok(!rest.has(id) && bytes[id]!.every((byte) => hasByte(set, byte)));
  for (const [id, path] of rest) assert.equal(path, bytes[id]!.join(","));
  const short = covered.filter((id) => bytes[id]!.length <= 4);
  assert.deepEqual(idsOf(takeCovered(slice, 4)), short);
  assert.equal(new SlicedVocabulary(vocabulary.trie).trie, vocabulary.trie);
});

Deno.test("the slice that is cut at once is that of a free JSON string", () => {
  const compiled = compileConstraint({ type: "json_schema", schema: '{"type": "string"}' });
  assert.ok(compiled.ok);
  const { recogniser } = compiled.constraint;
  const inside = recogniser.advance(recogniser.initial, 0x22);
  const { table } = recogniser.machine;
  const { at } = recogniser.threads(inside)[0]!;
  const set = findLoopBytes(table, at, (kind) => table.stepClass(at, kind));
  assert.deepEqual(PLAIN_IN_JSON, set);
});
