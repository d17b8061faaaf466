import assert from "node:assert/strict";
import fc from "fast-check";
import { currentTip } from "../../../lib/explorer/session/branches.ts";
import { collectReachable } from "../../../lib/explorer/session/history.ts";
import { createSession } from "../../../lib/explorer/session/new_session.ts";
import { append, changeBranches, inspectStep, step, undo } from "../../../lib/explorer/moves/path_moves.ts";
import { renameBranch } from "../../../lib/explorer/session/branches.ts";
import { checkSaved, readSavedFile } from "../../../lib/explorer/storage/saved/check.ts";
import { isSameToStore, restoreSession, saveSession } from "../../../lib/explorer/storage/saved/session.ts";
import type { SavedSession } from "../../../lib/explorer/storage/saved/types.ts";
import { changeDisplay, setTemperature } from "../../../lib/explorer/moves/setting_moves.ts";
import { stepsOf } from "../../../lib/explorer/session/tree.ts";
import type { Session } from "../../../lib/explorer/session/types.ts";
import { openWorld, READY } from "../fake_api.ts";

const NOW = new Date("2026-03-01T12:00:00Z");

/** A session with two branches, an inspected step, scores, an undone move. */
async function explored(): Promise<Session> {
  const world = openWorld();
  world.explorer.open();
  const choose = (at: number) => (now: Session) => append(now, now.answer!.dist.tokens[at]!.id);
  for (
    const move of [
      (now: Session) => now,
      choose(0),
      (now: Session) => step(now, "drawn"),
      choose(2),
      (now: Session) => setTemperature(now, 1.2),
      (now: Session) => inspectStep(now, 1),
      choose(5),
      (now: Session) => changeBranches(now, (tree) => renameBranch(tree, tree.current!, "Mine"), ""),
      (now: Session) => changeDisplay(now, { expert: true }),
      choose(0),
      undo,
    ]
  ) {
    world.explorer.dispatch(move);
    await world.settled();
  }
  return world.session;
}

const blank = () => createSession({ prompt: "", model: READY });
const copy = (saved: SavedSession) => JSON.parse(JSON.stringify(saved));

Deno.test("a file from when tokens were called pills is read as one of today", async () => {
  const saved = saveSession(await explored(), NOW);
  const old = copy(saved) as unknown as Record<"roots" | "steps", Record<string, unknown>[]>;
  for (const root of old.roots) {
    const { tokens, ...rest } = root.read as Record<string, unknown>;
    root.read = { ...rest, pills: tokens };
  }
  old.steps = old.steps.map(({ token, ...rest }) => ({ ...rest, pill: token }));
  assert.deepEqual(checkSaved(old), checkSaved(copy(saved)));
});

Deno.test("a session comes back whole from JSON: paths, branches, undo, settings, what is inspected", async () => {
  const session = await explored();
  const saved = checkSaved(copy(saveSession(session, NOW)));
  const restored = restoreSession(blank(), saved);
  assert.deepEqual(restored.tree, session.tree);
  assert.deepEqual(restored.past, session.past);
  assert.deepEqual(restored.future, session.future);
  assert.deepEqual(restored.draft, session.draft);
  assert.deepEqual(restored.settings, session.settings);
  assert.deepEqual(restored.promptScores, session.promptScores);
  assert.equal(restored.nextId, session.nextId);
  const [main, mine] = restored.tree.branches;
  assert.equal(stepsOf(main!.tip)[0], stepsOf(mine!.tip)[0], "what branches share is one node again");
  assert.equal(collectReachable(restored).size, collectReachable(session).size);
  assert.deepEqual(saveSession(restored, NOW), saved);
  assert.ok(currentTip(restored.tree) !== null);
});

Deno.test("a saved step keeps what its mask did", async () => {
  const saved = copy(saveSession(await explored(), NOW));
  const forced = { text: "ab", ids: [3, 4], ends: false };
  const numbers = { may_end: false, must_end: false, allowed: 4, masked_mass: 0.57, kl_bits: 1.2 };
  const constraint = { ...numbers, forced, only_unusual: true, expected: [], more_expected: 0, notes: [] };
  saved.steps[0].dist.constraint = constraint;
  const { tree } = restoreSession(blank(), checkSaved(saved));
  const { dist } = stepsOf(tree.branches[0]!.tip)[0]!.record;
  assert.deepEqual(dist!.constraint, constraint);
});

Deno.test("only what is stored counts as a change", async () => {
  const session = await explored();
  assert.ok(isSameToStore(session, { ...session, announcement: "x", asked: 99 }));
  assert.ok(!isSameToStore(session, undo(session)));
});

const CASES: readonly [string, (saved: ReturnType<typeof copy>) => unknown, RegExp][] = [
  ["no object", () => 7, /^The file is 7, but it must be an object\.$/],
  ["another file", () => ({ hello: 1 }), /^format is missing, but it must be "next-token-session"\.$/],
  ["a later version", (saved) => ({ ...saved, version: 2 }), /^version is 2; this page reads version 1\.$/],
  ["no steps", (saved) => ({ ...saved, steps: undefined }), /^steps is missing, but it must be a list\.$/],
  ["a text for a number", (saved) => {
    saved.steps[1].p = "0.5";
    return saved;
  }, /^steps\[1\]\.p is "0\.5", but it must be a number\.$/],
  ["a probability above 1", (saved) => {
    saved.steps[0].dist.tokens[2].id = -1;
    return saved;
  }, /^steps\[0\]\.dist\.tokens\[2\]\.id is -1, but it must be a whole number from 0 on\.$/],
  ["a parent that is not there", (saved) => {
    saved.steps[0].parent = 12345;
    return saved;
  }, /^steps\[0\]\.parent is 12345, but no node before it has that id\.$/],
  ["a branch to nowhere", (saved) => {
    saved.tree.branches[1].tip = 9999;
    return saved;
  }, /^The branch "Mine" ends at 9999, which is not there\.$/],
  ["two nodes of one id", (saved) => {
    saved.steps[1].id = saved.steps[0].id;
    return saved;
  }, /^steps\[1\]\.id is \d+, which another node has already\.$/],
  ["a setting out of the list", (saved) => {
    saved.settings.params.top_p_rule = "maybe";
    return saved;
  }, /^settings\.params\.top_p_rule is "maybe", but it must be "strict" or "at_least"\.$/],
  [
    "a bias for no token",
    (saved) => {
      saved.settings.params.logit_bias = { cat: 1 };
      return saved;
    },
    /^settings\.params\.logit_bias is \{"cat":1\}, but it must be numbers from -10000 to 10000 by token id\.$/,
  ],
];

for (const [name, change, expected] of CASES) {
  Deno.test(`a saved session is refused in words: ${name}`, async () => {
    const saved = copy(saveSession(await explored(), NOW));
    assert.throws(() => checkSaved(change(saved)), (error: Error) => {
      assert.match(error.message, expected);
      return true;
    });
  });
}

Deno.test("what is no JSON is refused in words", () => {
  assert.throws(() => readSavedFile("hello"), /^TypeError: The file is not JSON/);
});

Deno.test("any damage is either refused or harmless: the page never gets what it cannot show", async () => {
  const session = await explored();
  const text = JSON.stringify(saveSession(session, NOW));
  const values = [null, -1, 1.5, "x", [], {}, true, 1e9];
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(...values), (place, value) => {
      const saved = JSON.parse(text);
      const spots: [Record<string, unknown>, string][] = [];
      const walk = (object: Record<string, unknown>) => {
        for (const key of Object.keys(object)) {
          spots.push([object, key]);
          if (typeof object[key] === "object" && object[key] !== null) {
            walk(object[key] as Record<string, unknown>);
          }
        }
      };
      walk(saved);
      const [object, key] = spots[place % spots.length]!;
      object[key] = value;
      try {
        restoreSession(blank(), checkSaved(saved));
      } catch (error) {
        assert.ok(error instanceof TypeError && error.message.endsWith("."), String(error));
      }
    }),
    { numRuns: 60 },
  );
});
