// The bars of a step that is inspected are those it was drawn from, whatever is asked about them besides.
import assert from "node:assert/strict";
import { receiveStatus } from "../../../lib/explorer/moves/model_moves.ts";
import { inspectStep, step } from "../../../lib/explorer/moves/path_moves.ts";
import {
  changeDisplay,
  changeSampling,
  setConstraint,
  unconstrain,
} from "../../../lib/explorer/moves/setting_moves.ts";
import { isCurrent, shownSettingsOf } from "../../../lib/explorer/session/question.ts";
import { ledgerView } from "../../../lib/explorer/views/ledger_view.ts";
import { setParam } from "../../../lib/explorer/settings/sampling.ts";
import { saveSession } from "../../../lib/explorer/storage/saved/session.ts";
import type { Session, TreeNode } from "../../../lib/explorer/session/types.ts";
import type { DistResult } from "../../../lib/wire/distribution.ts";
import { choose, make, opened, READY, steps, type World } from "../fake_api.ts";

const regex = (schema: string) => (now: Session) =>
  setConstraint(now, { enabled: true, type: "regex", schema });
const openSampling = (now: Session) => changeDisplay(now, { expert: true, tab: "sampling" });
const inspectFirst = (now: Session) => inspectStep(now, 0);

/** A distribution as the bars show it: without the ledger. */
function barsOf({ tokens, ...dist }: DistResult) {
  return { ...dist, tokens: tokens.map((token) => ({ ...token, stages: [], restore: null })) };
}

function assertOwnBars(world: World): void {
  const { answer } = world.session;
  assert.deepEqual(barsOf(answer!.dist), barsOf(steps(world)[0]!.dist!));
  assert.ok(isCurrent(world.session));
  assert.equal(world.session.activity.kind, "idle");
}

Deno.test("a step drawn under a constraint keeps its bars and has its ledger under another one, or none", async () => {
  for (const later of [unconstrain, regex(" [a-z]+.*")]) {
    const world = await opened();
    await make(world, regex(" P.*"), choose(0), later, openSampling, inspectFirst);
    assert.equal(steps(world)[0]!.dist!.constraint_active, true);
    assertOwnBars(world);
    assert.equal(world.session.answer!.ledger, true);
    const { enabled, schema } = shownSettingsOf(world.session).constraint;
    assert.deepEqual([enabled, schema], [true, " P.*"]);
    assert.ok(
      !("constraint" in saveSession(world.session, new Date(0)).steps[0]!),
      "files stay as they were",
    );
  }
});

Deno.test("a step drawn without a constraint has its ledger under one that came later", async () => {
  const world = await opened();
  await make(world, choose(0), regex(" [a-z]+.*"), openSampling, inspectFirst);
  assertOwnBars(world);
  assert.equal(world.session.answer!.ledger, true);
  assert.equal(shownSettingsOf(world.session).constraint.enabled, false);
});

Deno.test("where the constraint of a step is not known, its bars stay and the ledger says what it lacks", async () => {
  for (const later of [unconstrain, regex(" [a-z]+.*")]) {
    const world = await opened();
    await make(world, regex(" P.*"), choose(0), later, openSampling, forgetConstraints, inspectFirst);
    assertOwnBars(world);
    assert.equal(world.session.answer!.ledger, false);
    const { answer } = world.session;
    const { note } = ledgerView(answer!.dist.tokens[0]!, answer!);
    assert.match(note, /cannot be computed again/);
  }
});

/** As a session that was stored comes back: a step says only that it had a constraint. */
function forgetConstraints(now: Session): Session {
  const forget = (node: TreeNode): TreeNode => {
    if (node.kind === "root") return node;
    const { constraint: _, ...record } = node.record;
    return { ...node, parent: forget(node.parent), record };
  };
  const branches = now.tree.branches.map((branch) => ({ ...branch, tip: forget(branch.tip) }));
  return { ...now, tree: { ...now.tree, branches } };
}

Deno.test("a question about a step's bars that is refused leaves them, and the ledger says why", async () => {
  for (const kind of ["refused", "trouble", "unreachable"] as const) {
    const world = await opened();
    await make(world, choose(0), openSampling);
    world.failWith({ kind, message: "It does not fit.", detail: "", field: null });
    await make(world, inspectFirst);
    assertOwnBars(world);
    assert.deepEqual([world.session.answer!.ledger, world.session.answer!.lacks], [
      false,
      "It does not fit.",
    ]);
    assert.equal(world.session.connected, kind !== "unreachable");
    if (kind !== "unreachable") continue;
    world.failWith(null);
    await make(world, (now) => receiveStatus(now, READY));
    assertOwnBars(world);
    assert.equal(world.session.answer!.ledger, true, "asked for again when the server is back");
  }
});

Deno.test("a step whose own number did not act in XTC keeps its bars; one whose number acted has its ledger", async () => {
  for (const [u, acts] of [[0.9, false], [0.1, true]] as const) {
    const world = await opened({ u: () => u });
    const xtc = (now: Session) =>
      changeSampling(now, setParam(setParam(now.settings, "xtc_probability", 0.5), "xtc_threshold", 0.01));
    await make(world, xtc, (now) => step(now, "drawn"), openSampling, inspectFirst);
    assertOwnBars(world);
    assert.equal(world.session.answer!.ledger, acts);
  }
});
