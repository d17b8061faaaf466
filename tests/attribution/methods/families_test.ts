// Structures that the tiny models do not have: found, split into parts that add up, and silenced part by part.
import assert from "node:assert/strict";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import { logitLens } from "../../../lib/attribution/methods/logit_lens.ts";
import { occlusion } from "../../../lib/attribution/methods/occlusion.ts";
import { type Part, removeParts, splitLogit } from "../../../lib/attribution/methods/direct_logit.ts";
import { openTaps, type TapSession } from "../../../lib/attribution/taps/tap_session.ts";
import { feedContext } from "../../../lib/attribution/draft_model.ts";
import { openNativeGraph } from "../../../lib/ort/native_graph.ts";
import { inFolder } from "../../onnx/onnx_edit.ts";
import { openLibrary } from "../../runners/native_fixture.ts";
import { assertClose, logprobOf } from "../references.ts";
import { FAMILIES } from "../families.ts";
import { type Family, HEADS, smallModel, VOCABULARY, WIDTH } from "../small_models.ts";

const CONTEXT = [3, 11, 5, 30, 8, 22];

for (const [name, family] of Object.entries(FAMILIES)) {
  Deno.test(`${name}: parts add up, and a silent part is one whose weights are zero`, async () => {
    await withSmall(family, async (session, plain) => {
      const logits = await plain(CONTEXT);
      await checkParts(session, family, logits);
      await checkLastLens(session, logits);
      await checkDeletion(session, plain);
      if (!family.normsWrites) await checkSilence(session, family);
    });
  });
}

Deno.test("a model that normalises its stream is refused by name", async () => {
  const normalising = (bytes: Uint8Array) => {
    const model = fromBinary(ModelProtoSchema, bytes);
    const { graph } = model;
    // The first block's sum goes through a normalisation before the second block reads and adds to it.
    const [first, second] = graph!.node.filter(({ opType }) => opType === "SimplifiedLayerNormalization")
      .slice(1);
    const sum = second!.input[0]!;
    for (const node of graph!.node) {
      if (node !== second) {
        node.input = node.input.map((input) => input === sum && node !== first ? second!.output[0]! : input);
      }
    }
    return toBinary(ModelProtoSchema, model);
  };
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/model.onnx`, normalising(smallModel({ norm: "rms" })));
    await assert.rejects(
      () => openTaps(openLibrary(), `${folder}/model.onnx`, {}),
      /Attribution did not find/,
    );
  });
});

async function checkParts(session: TapSession, family: Family, logits: Float32Array): Promise<void> {
  for (const id of [0, 7, VOCABULARY - 1]) {
    const split = await splitLogit(session, {
      context: CONTEXT,
      target: { quantity: "logit", ids: [id], rival: null },
    });
    assert.equal(split.parts.length, 1 + 2 * (HEADS + 1 + (family.biases ? 1 : 0)));
    assert.ok(Math.abs(split.unexplained) < 1e-4);
    const logit = family.softcap === undefined
      ? split.total
      : family.softcap * Math.tanh(split.total / family.softcap);
    assertClose([logit], [logits[id]!], { relative: 1e-5 }, `logit of ${id}`);
    assert.equal(split.softcap, family.softcap !== undefined);
  }
}

async function checkLastLens(session: TapSession, logits: Float32Array): Promise<void> {
  const layers = await logitLens(session, { context: CONTEXT, target: logprobOf(9) });
  assert.equal(layers.length, 3);
  const { tokens: [token], top: [best] } = layers[2]!;
  assertClose(
    [token!.logit, best!.logit],
    [logits[9]!, Math.max(...logits)],
    { relative: 1e-5 },
    "last layer",
  );
}

async function checkDeletion(
  session: TapSession,
  plain: (ids: number[]) => Promise<Float32Array>,
): Promise<void> {
  const scores = await occlusion(session, { context: CONTEXT, target: logprobOf(9) }, "delete_token");
  const logprob = (logits: Float32Array) => {
    const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
    return logits[9]! - Math.log(sum);
  };
  const whole = logprob(await plain(CONTEXT));
  const expected = [];
  for (const at of CONTEXT.keys()) expected.push(whole - logprob(await plain(CONTEXT.toSpliced(at, 1))));
  assertClose(scores, expected, { relative: 1e-4 }, "deletion");
}

async function checkSilence(session: TapSession, family: Family): Promise<void> {
  const cases: [Part, string, [number, number]][] = [
    [{ kind: "head", layer: 0, head: 1 }, "layer0.o.weight", [8, 16]],
    [{ kind: "head", layer: 1, head: 2 }, "layer1.o.weight", [16, 24]],
  ];
  if (family.biases) {
    cases.push([{ kind: "attention_bias", layer: 0, head: null }, "layer0.o.bias", [0, WIDTH]]);
  }
  for (const [part, weight, rows] of cases) {
    const { after } = await removeParts(session, CONTEXT, [part], { everywhere: true });
    await withSmall(family, async (_, plain) => {
      assertClose([...after], [...await plain(CONTEXT)], { relative: 1e-5 }, weight);
    }, { weight, rows });
  }
}

/** Calls `use` with the taps of a small model and its plain logits; `silent`: rows of a weight that are zero. */
async function withSmall(
  family: Family,
  use: (session: TapSession, plain: (ids: readonly number[]) => Promise<Float32Array>) => Promise<void>,
  silent?: { readonly weight: string; readonly rows: readonly [number, number] },
): Promise<void> {
  await inFolder(async (folder) => {
    const path = `${folder}/model.onnx`;
    const model = fromBinary(ModelProtoSchema, smallModel(family));
    if (silent !== undefined) {
      const tensor = model.graph!.initializer.find(({ name }) => name === silent.weight)!;
      const width = Number(tensor.dims[1] ?? 1n);
      tensor.floatData.fill(0, silent.rows[0] * width, silent.rows[1] * width);
    }
    await Deno.writeFile(path, toBinary(ModelProtoSchema, model));
    const session = await openTaps(openLibrary(), path, {});
    const graph = await openNativeGraph(openLibrary(), { path });
    await use(session, async (ids) => {
      const feeds = feedContext(graph.inputs, session.graph.layout, ids);
      const { logits } = await graph.run(feeds, ["logits"]);
      return (logits!.data as Float32Array).slice(-VOCABULARY);
    });
    await graph.dispose();
    await session.close();
  });
}
