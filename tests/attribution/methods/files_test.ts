// Every file of every tiny model: quantised, half precision, weights outside. The parts add up to the file's own logit,
// the taps change nothing, batches behind a cached prefix give what whole runs give.
import assert from "node:assert/strict";
import { splitLogit } from "../../../lib/attribution/methods/direct_logit.ts";
import { occlusion } from "../../../lib/attribution/methods/occlusion.ts";
import { measureVariants } from "../../../lib/attribution/methods/variants.ts";
import { OUTPUTS } from "../../../lib/attribution/taps/tap_graph.ts";
import { goldenFiles, largestDifference } from "../../runners/goldens.ts";
import { assertClose, logprobOf, type Model, withTaps } from "../references.ts";

/** Activations in 8 bits: what a run gives depends on what it reads, and parts lack what was rounded. */
const ROUGH = /quantized|keep\/model_q4.onnx/;

for (const { model, file, cases, tolerance } of goldenFiles()) {
  const rough = ROUGH.test(`${model}/${file}`);
  Deno.test(`${model}/${file}: taps change nothing, parts add up, batches are whole runs`, async () => {
    await withTaps(model as Model, async (session) => {
      for (const golden of cases.slice(0, 2)) {
        const results = await session.run({ ids: golden.ids }, [OUTPUTS.logits]);
        const logits = results[OUTPUTS.logits]!.data as Float32Array;
        const expected = golden.variants[file]?.last_logits ?? golden.logits.at(-1)!;
        assert.ok(largestDifference(logits, expected) <= tolerance, `${golden.name}: the model's logits`);
        const best = logits.indexOf(logits.reduce((most, logit) => Math.max(most, logit)));
        const question = {
          context: golden.ids,
          target: { quantity: "logit", ids: [best], rival: null },
        } as const;
        const split = await splitLogit(session, question);
        assertClose([split.total], [logits[best]!], { relative: rough ? 0.1 : 1e-4 }, golden.name);
        assert.ok(Math.abs(split.unexplained) <= (rough ? 0.3 : 1e-4), `unexplained: ${split.unexplained}`);
        assert.equal(session.graph.quantised, rough);
      }
      await checkBatches(session, cases[0]!.ids);
    }, file);
  });
}

async function checkBatches(
  session: Parameters<typeof occlusion>[0],
  context: readonly number[],
): Promise<void> {
  const target = logprobOf(7);
  for (const how of ["zero_embedding", "delete_token", "zero_value"] as const) {
    const batched = await occlusion(session, { context, target }, how);
    const alone = [];
    for (const position of context.keys()) {
      const positions = [position];
      const variant = how === "delete_token" ? { ids: context.toSpliced(position, 1), from: 0 } : {
        ids: context,
        from: 0,
        blank: { what: how === "zero_value" ? "value" : "token", positions } as const,
      };
      const { base, values } = await measureVariants(session, context, [variant], { id: 7, target });
      alone.push(base - values[0]!);
    }
    assertClose(batched, alone, { relative: 0, absolute: 1e-3 }, how);
  }
}
