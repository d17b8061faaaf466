// A text read in pieces of three tokens gives what it gives in one piece.
import assert from "node:assert/strict";
import { attentionRollout, attentionRows } from "../../../lib/attribution/methods/attention.ts";
import { type Part, removeParts, splitLogit } from "../../../lib/attribution/methods/direct_logit.ts";
import { logitLens } from "../../../lib/attribution/methods/logit_lens.ts";
import { occlusion } from "../../../lib/attribution/methods/occlusion.ts";
import { OUTPUTS } from "../../../lib/attribution/taps/tap_graph.ts";
import type { TapSession } from "../../../lib/attribution/taps/tap_session.ts";
import { assertClose, logprobOf, type Model, splitCases, withTaps } from "../references.ts";

const MODELS: readonly Model[] = ["tiny-llama-gqa", "tiny-qwen3", "tiny-gpt2"];
const REMOVED: readonly Part[] = [
  { kind: "embedding", layer: null, head: null },
  { kind: "head", layer: 0, head: 1 },
  { kind: "mlp", layer: 1, head: null },
];

for (const model of MODELS) {
  Deno.test(`${model}: in pieces as in one`, async () => {
    const { ids } = splitCases(model)[1]!;
    const context = ids.slice(0, 14);
    let whole: Record<string, number[]> = {};
    await withTaps(model, async (session) => void (whole = await everything(session, context)));
    await withTaps(
      model,
      async (session) => {
        for (const [name, values] of Object.entries(await everything(session, context))) {
          assertClose(values, whole[name]!, { relative: 1e-4 }, name);
        }
        const { [OUTPUTS.logits]: logits } = await session.run({ ids: context }, [OUTPUTS.logits]);
        assert.equal(logits!.dims[0], 1);
      },
      "model.onnx",
      { pieceTokens: 3 },
    );
  });
}

async function everything(
  session: TapSession,
  context: readonly number[],
): Promise<Record<string, number[]>> {
  const question = { context, target: logprobOf(5) };
  const one = { context, target: { quantity: "logit", ids: [5], rival: 9 } } as const;
  const last = await removeParts(session, context, REMOVED);
  const everywhere = await removeParts(session, context, REMOVED, { everywhere: true });
  return {
    attention: (await attentionRows(session, question)).flat().flatMap((row) => [...row]),
    rollout: await attentionRollout(session, question),
    lens: (await logitLens(session, question)).flatMap(({ top, tokens }) =>
      [...top, ...tokens].map(({ logit }) => logit)
    ),
    split: (await splitLogit(session, one)).parts.map(({ value }) => value),
    predicted: [...last.predicted],
    last: [...last.after],
    everywhere: [...everywhere.after],
    deleted: await occlusion(session, question, "delete_token"),
    blank: await occlusion(session, question, "zero_embedding"),
    silent: await occlusion(session, question, "zero_value"),
  };
}
