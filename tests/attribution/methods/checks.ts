// The checks of every method without gradients against PyTorch's values.
import assert from "node:assert/strict";
import {
  attentionRollout,
  attentionRows,
  attentionScores,
} from "../../../lib/attribution/methods/attention.ts";
import { splitLogit } from "../../../lib/attribution/methods/direct_logit.ts";
import { logitLens } from "../../../lib/attribution/methods/logit_lens.ts";
import { occlusion } from "../../../lib/attribution/methods/occlusion.ts";
import type { TapSession } from "../../../lib/attribution/taps/tap_session.ts";
import { assertClose, attributionCases, logprobOf, type Model, splitCases } from "../references.ts";
import type { OcclusionKind } from "../../../lib/wire/attribution_methods.ts";

/** Of the largest value: float32 against float64. */
const STRICT = { relative: 1e-4, absolute: 1e-5 };

export async function checkAttention(model: Model, session: TapSession): Promise<void> {
  for (const { name, ids: context, targets, attention } of attributionCases(model)) {
    const question = { context, target: logprobOf(targets[0]!.id) };
    const rows = await attentionRows(session, question);
    assertClose(attentionScores(rows), attention.mean, STRICT, `${name}: mean`);
    assertClose(
      attentionScores(rows, { layer: -1 }),
      attention.last_layer_mean,
      STRICT,
      `${name}: last layer`,
    );
    attention.last_row_per_layer_head?.forEach((heads, layer) =>
      heads.forEach((expected, head) => {
        assertClose(attentionScores(rows, { layer, head }), expected, STRICT, `${name}: ${layer}.${head}`);
      })
    );
    assertClose(await attentionRollout(session, question), attention.rollout, STRICT, `${name}: rollout`);
  }
}

export async function checkLens(model: Model, session: TapSession): Promise<void> {
  for (const { name, ids: context, targets, lens } of attributionCases(model)) {
    const [first, rival] = targets;
    const question = { context, target: logprobOf(first!.id) };
    const layers = await logitLens(session, question, { rivals: [rival!.id] });
    assert.equal(layers.length, lens.length);
    for (const expected of lens) {
      const { layer, top, tokens } = layers[expected.layer]!;
      const what = `${name}: layer ${layer}`;
      assert.deepEqual(top.map(({ id }) => id), expected.top_ids, what);
      assertClose(top.map(({ prob }) => prob), expected.top_probs, {}, what);
      assertClose(tokens.map(({ logit }) => logit), expected.targets.map(({ logit }) => logit), {}, what);
      expected.targets.forEach(({ rank }, i) => {
        // Beyond the first ones neighbours lie closer together than float32 tells apart.
        assert.ok(
          Math.abs(tokens[i]!.rank - rank) <= rank / 1000,
          `${what}: rank ${tokens[i]!.rank}, not ${rank}`,
        );
      });
    }
  }
}

export async function checkOcclusion(model: Model, session: TapSession, longest = Infinity): Promise<void> {
  for (
    const { name, ids: context, targets } of attributionCases(model).filter(({ ids }) =>
      ids.length <= longest
    )
  ) {
    for (const target of targets) {
      for (const [how, expected] of Object.entries(target.occlusion)) {
        const question = { context, target: logprobOf(target.id) };
        const found = () => occlusion(session, question, how as OcclusionKind);
        if (expected === null) await assert.rejects(found, /nothing left/);
        else assertClose(await found(), expected, {}, `${name}: ${how} of ${target.id}`);
      }
    }
  }
}

export async function checkSplit(model: Model, session: TapSession): Promise<void> {
  for (const { name, ids: context, parts, targets, contrast } of splitCases(model)) {
    const cases = [
      ...targets.map(({ id, logit, ...rest }) => ({ ids: [id], rival: null, total: logit, ...rest })),
      { ids: [contrast.target], total: contrast.value, ...contrast },
    ];
    for (const { ids, rival, total, values, constant } of cases) {
      const split = await splitLogit(session, { context, target: { quantity: "logit", ids, rival } });
      assert.deepEqual(split.parts.map(nameOf), parts);
      const exact = { relative: 0, absolute: 1e-4 };
      assertClose(split.parts.map(({ value }) => value), values, exact, `${name}: ${ids}`);
      assertClose([split.constant, split.total, split.unexplained], [constant, total, 0], exact, name);
    }
  }
}

function nameOf({ kind, layer, head }: { kind: string; layer: number | null; head: number | null }): string {
  if (kind === "embedding") return kind;
  return `layer ${layer} ${kind === "head" ? `head ${head}` : kind === "mlp" ? "mlp" : "attention bias"}`;
}
