// Shapes written into the graphs of attribution are those that values have when they run: ONNX Runtime gives the memory
// of one value to another where both say the same.
import { strict as assert } from "node:assert";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema, TensorProto_DataType as DataType } from "onnx-buf";
import { draftModel } from "../../../lib/attribution/draft_model.ts";
import { feedRun, type GradientRun } from "../../../lib/attribution/gradient/session.ts";
import { addGradient } from "../../../lib/attribution/graph/gradient_graph.ts";
import { buildTaps } from "../../../lib/attribution/taps/tap_graph.ts";
import { tapFeeds } from "../../../lib/attribution/taps/tap_session.ts";
import { createTensorInfo, dimensionsOf, elementTypeOf } from "../../../lib/onnx/graph_values.ts";
import { openNativeGraph } from "../../../lib/ort/native_graph.ts";
import type { GraphSource, Tensor, TensorInfo } from "../../../lib/ort/types.ts";
import { inFolder } from "../../onnx/onnx_edit.ts";
import { goldenFiles } from "../../runners/goldens.ts";
import { openLibrary } from "../../runners/native_fixture.ts";
import { FAMILIES } from "../families.ts";
import { smallModel } from "../small_models.ts";

const IDS = [3, 11, 5, 30, 8];
/** Values of a graph whose shapes only the run knows: those by the rows that the head reads, the same in every
 * model. */
const MOST_UNKNOWN = 40;

for (const { model, file, path, config } of goldenFiles()) checkModel(`${model}/${file}`, path, config);

for (const [name, family] of Object.entries(FAMILIES)) {
  Deno.test(`${name}: shapes in both graphs are those of their values, nearly all known`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/model.onnx`;
      await Deno.writeFile(path, smallModel(family));
      await checkGradients(path, {});
      await checkTaps(path, {});
    }));
}

function checkModel(name: string, path: string, config: unknown): void {
  Deno.test(`${name}: shapes in the graph of gradients are those of its values, nearly all known`, () =>
    checkGradients(path, config));
  Deno.test(`${name}: shapes in the graph with taps are those of its values, nearly all known`, () =>
    checkTaps(path, config));
}

async function checkGradients(path: string, config: unknown): Promise<void> {
  const { draft, layout } = await draftModel(path, config, "attribution");
  addGradient({ draft, layout });
  const run: GradientRun = {
    context: IDS,
    target: { quantity: "logprob", ids: [7, 9], rival: null },
    baseline: "zero",
    points: [{ alpha: 0.5, weight: 1 }, { alpha: 1, weight: 1 }],
  };
  await checkShapes(await draft.source(), (inputs) => feedRun(inputs, layout, run));
}

async function checkTaps(path: string, config: unknown): Promise<void> {
  const taps = await buildTaps(path, config);
  await checkShapes(taps.source, (inputs) => tapFeeds(taps, inputs, { ids: [...IDS, ...IDS], batch: 2 }));
}

/** Runs the graph with every value as an output: each has the dimensions that the graph says, and what has one name has
 * one size. */
async function checkShapes(
  source: GraphSource,
  feedsOf: (inputs: readonly TensorInfo[]) => Record<string, Tensor>,
): Promise<void> {
  assert.ok("bytes" in source);
  const model = fromBinary(ModelProtoSchema, source.bytes);
  const { graph } = model;
  assert.ok(graph !== undefined);
  const types = new Map(
    graph.valueInfo.map((info) => [info.name, elementTypeOf(info) ?? DataType.UNDEFINED]),
  );
  const dims = new Map(graph.valueInfo.map((info) => [info.name, dimensionsOf(info) ?? []]));
  const outputs = new Set(graph.output.map(({ name }) => name));
  const unknown = graph.node.filter(({ opType, output: [name = ""] }) =>
    opType !== "Constant" && !outputs.has(name) &&
    (dims.get(name) ?? ["?"]).some((size) => `${size}`.includes("?"))
  );
  assert.ok(
    unknown.length <= MOST_UNKNOWN,
    unknown.map(({ name, opType }) => `${opType} ${name}`).join(", "),
  );
  graph.output = [...types].map(([name, type]) => createTensorInfo(name, type, null));
  graph.valueInfo = [];
  const bytes = toBinary(ModelProtoSchema, create(ModelProtoSchema, model));
  const session = await openNativeGraph(openLibrary(), { ...source, bytes: Uint8Array.from(bytes) }, {
    threads: 1,
    optimised: true, // as it is: fused nodes do not give what was between them
  });
  try {
    checkSizes(dims, await session.run(feedsOf(session.inputs), [...types.keys()]));
  } finally {
    await session.dispose();
  }
}

function checkSizes(
  declared: ReadonlyMap<string, readonly (number | string)[]>,
  results: Readonly<Record<string, Tensor>>,
): void {
  const sizes = new Map<number | string, number>();
  for (const [name, dims] of declared) {
    const found = results[name]!.dims;
    const expected = dims.map((size, axis) =>
      typeof size === "number" ? size : sizes.get(size) ?? found[axis]!
    );
    assert.deepEqual(found, expected, `${name} is [${dims}]`);
    dims.forEach((size, axis) => sizes.set(size, found[axis]!));
  }
}
