import assert from "node:assert/strict";
import type { DistResult } from "../../../lib/wire/distribution.ts";
import { aheadCsv, answersOf, chooseNodes, parentOfMore } from "../../../lib/explorer/asking/ahead_view.ts";
import { createLookAhead } from "../../../lib/explorer/asking/look_ahead_store.ts";
import { FIRST_AHEAD } from "../../../lib/explorer/asking/look_ahead.ts";
import { type AheadTree, growTree } from "../../../lib/explorer/asking/tree_expansion.ts";
import { undo } from "../../../lib/explorer/moves/path_moves.ts";
import { layOutTreemap } from "../../../components/branches/treemap_layout.ts";
import { dist, distToken, token } from "../builders.ts";
import { choose, make, opened } from "../fake_api.ts";

const EMPTY: AheadTree = { nodes: [], covered: 0, asked: 0 };

function texts(probabilities: Readonly<Record<string, number>>): DistResult {
  const entries = Object.entries(probabilities);
  const tokens = entries.map(([text, p], id) => ({ ...distToken(id, p, { rank: id }), ...token(id, text) }));
  return { ...dist(), tokens };
}

const goal = (depth: number) => ({ depth, mass: 1, budget: 100, endIds: new Set<number>() });

Deno.test("children are drawn until they hold 90 % of their parent; the rest is one node that opens", () => {
  const tree = growTree(EMPTY, null, dist(0.6, 0.25, 0.08, 0.03, 0.02), goal(2));
  const deeper = growTree(tree, 0, dist(0.5, 0.3, 0.15, 0.03, 0.01), goal(2));
  const shown = chooseNodes(deeper, new Set(), 60);
  const keys = shown.map(({ parent, state, token }) => [parent, state === "more" ? token.text : token.id]);
  assert.deepEqual(keys, [[null, 0], [0, 0], [0, 1], [0, 2], [0, "+2"], [null, 1], [null, 2], [null, "+2"]]);
  const more = shown.at(-1)!;
  assert.ok(Math.abs(more.probability - 0.05) < 1e-12);
  assert.equal(parentOfMore(more.key), null);
  assert.equal(parentOfMore(shown[4]!.key), 0);
  const all = chooseNodes(deeper, new Set([null, 0]), 60);
  assert.deepEqual(all.filter(({ state }) => state === "more"), []);
  assert.equal(all.length, 10);
});

Deno.test("answers have at least what their ways add up to; what is left may belong to any", () => {
  const first = growTree(EMPTY, null, texts({ " Par": 0.5, " Paris": 0.3, " It": 0.1 }), goal(2));
  const second = growTree(first, 0, texts({ "is": 0.8, "k": 0.1 }), goal(2));
  const third = growTree(second, 1, texts({ ".": 0.9 }), goal(2));
  const whole = answersOf(third, "text");
  assert.deepEqual(whole.answers.map(({ text, count }) => [text, count]), [["Paris", 1], ["Paris.", 1], [
    "Park",
    1,
  ]]);
  assert.ok(Math.abs(whole.rest - (1 - 0.4 - 0.05 - 0.27)) < 1e-12);
  const words = answersOf(third, "word");
  assert.deepEqual(words.answers.map(({ text, count }) => [text, count]), [["Paris", 2], ["Park", 1]]);
  assert.ok(Math.abs(words.answers[0]!.least - (0.4 + 0.27)) < 1e-12);
  assert.ok(Math.abs(words.rest + 0.67 + 0.05 - 1) < 1e-12);
});

Deno.test("a first word counts as soon as something ends it, and nothing behind it twice", () => {
  const first = growTree(EMPTY, null, texts({ "Yes,": 0.6, "No": 0.3 }), goal(3));
  const second = growTree(first, 0, texts({ " it": 0.5 }), goal(3));
  assert.deepEqual(answersOf(second, "word").answers, [{ text: "Yes", least: 0.6, count: 1 }]);
});

Deno.test("areas are joint probabilities", () => {
  const tree = growTree(growTree(EMPTY, null, dist(0.6, 0.3), goal(2)), 0, dist(0.5, 0.25), goal(2));
  const areas = layOutTreemap(tree);
  const total = areas.reduce((sum, { width, height }) => sum + width * height, 0);
  for (const { node, width, height } of areas) {
    if (node === null) continue;
    assert.ok(Math.abs(width * height / total - node.probability) < 0.02, `${node.key}`);
  }
  assert.equal(
    areas.filter(({ node }) => node === null).length,
    2,
    "behind the text and behind the first token",
  );
});

Deno.test("a table has every node with its continuation", () => {
  const tree = growTree(
    growTree(EMPTY, null, texts({ "=a": 0.6 }), goal(2)),
    0,
    texts({ "b": 0.5 }),
    goal(2),
  );
  const [head, first, second] = aheadCsv(tree).trim().split("\r\n");
  assert.equal(head, "node,parent,depth,id,token,continuation,p,together,state");
  assert.equal(first, "0,,1,0,'=a,'=a,0.6,0.6,expanded");
  assert.equal(second, "1,0,2,0,b,'=ab,0.5,0.3,complete");
});

Deno.test("a tree is kept: it is there again when its text is", async () => {
  const world = await opened();
  const store = createLookAhead({ explorer: world.explorer, api: world.api, onNotice: () => {} });
  const close = store.open();
  store.start({ ...FIRST_AHEAD, depth: 2, percent: 10, budget: 20 });
  while (store.working.value) await new Promise((resolve) => setTimeout(resolve, 1));
  const found = store.ahead.value;
  assert.ok(found !== null && found.tree.nodes.length > 0);
  await make(world, choose(0));
  assert.equal(store.ahead.value, null);
  await make(world, undo);
  assert.equal(store.ahead.value, found);
  close();
});
