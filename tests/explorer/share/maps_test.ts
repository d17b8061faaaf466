import assert from "node:assert/strict";
import { listMaps } from "../../../lib/explorer/share/exports/replay/maps.ts";
import { replayOf } from "../../../lib/explorer/share/exports/replay/data.ts";
import { FIRST_CHOICE } from "../../../lib/explorer/attribution/methods.ts";
import type { Computed } from "../../../lib/explorer/attribution/run.ts";
import type { TreeNode } from "../../../lib/explorer/session/types.ts";
import { path, readRoot } from "../builders.ts";
import { attributionAnswer, PARTS } from "../attribution/answers.ts";

const root = readRoot(1, 1, 2);
const tip = path(root, 7, 8);

function computed(place: TreeNode, scores: readonly number[], more = {}): Computed {
  const subject = { place, id: 5, end: null, rival: null };
  const query = {
    subject,
    choice: FIRST_CHOICE,
    modelKey: null,
    faithfulness: true,
    comparison: false,
    remove: [],
  };
  return { query, result: attributionAnswer(scores, more) };
}

Deno.test("a replay has the maps of each place: shares of the largest, and the strongest in words", () => {
  const all = [
    computed(root, [0.25, -0.5]),
    computed(root, [], { method: "direct_logit", parts: PARTS }),
    computed(tip, [1, 2, 3, 4], { method: "attention" }),
  ];
  const [map, ...others] = listMaps(all, root);
  assert.equal(others.length, 0, "parts of the model are no map of the text");
  assert.equal(map!.title, "Occlusion of <5>");
  assert.deepEqual(map!.shares, [0.5, -1]);
  assert.equal(map!.strongest, "Strongest, for and against: <1> −0.50, <0> +0.25.");
  const tree = { branches: [{ id: 1, name: "Main", tip }], current: 1 };
  const replay = replayOf(tree, { date: new Date(0), maps: (place) => listMaps(all, place) });
  assert.deepEqual(replay.paths[0]!.steps.map(({ maps }) => maps.length), [1, 0]);
});

Deno.test("the same picture twice is one map: the later answer", () => {
  const twice = [computed(root, [1, 0]), computed(root, [0, 1])];
  assert.deepEqual(listMaps(twice, root).map(({ shares }) => shares), [[0, 1]]);
});
