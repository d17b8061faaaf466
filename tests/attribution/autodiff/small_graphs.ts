// Small graphs made in a test, and gradients checked against finite differences.
import { strict as assert } from "node:assert";
import { create, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema, TensorProto_DataType as DataType } from "onnx-buf";
import { differentiate } from "../../../lib/attribution/autodiff/backward.ts";
import { Emitter } from "../../../lib/attribution/autodiff/emitter.ts";
import { GraphDraft } from "../../../lib/onnx/graph_draft.ts";
import { createTensorInfo } from "../../../lib/onnx/graph_values.ts";
import { openNativeGraph } from "../../../lib/ort/native_graph.ts";
import type { Graph, Tensor } from "../../../lib/ort/types.ts";
import { openLibrary } from "../../runners/native_fixture.ts";

/** A tensor of numbers in a test. */
export interface Values {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** An empty graph with these float inputs of free sizes. */
export function smallDraft(inputs: Readonly<Record<string, Values>>, opset = 21): GraphDraft {
  const model = create(ModelProtoSchema, {
    irVersion: 10n,
    opsetImport: [{ domain: "", version: BigInt(opset) }],
    graph: {
      name: "small",
      input: Object.entries(inputs).map(([name, { dims }]) =>
        createTensorInfo(name, DataType.FLOAT, dims.map((_, axis) => `${name}_${axis}`))
      ),
    },
  });
  const bytes = toBinary(ModelProtoSchema, model);
  return new GraphDraft({ path: "small.onnx", bytes, onDisk: bytes, model, graph: model.graph! }, {
    prefix: "test",
  });
}

async function openDraft(draft: GraphDraft): Promise<Graph> {
  return await openNativeGraph(openLibrary(), await draft.source(), { threads: 1 });
}

function tensor({ dims, data }: Values): Tensor {
  return { type: "float32", dims, data };
}

/** Numbers that repeat for a seed, spread over [low, high]. */
export function random(seed: number, dims: readonly number[], low = -1.5, high = 1.5): Values {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0; // mulberry32
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const count = dims.reduce((product, size) => product * size, 1);
  return { dims, data: Float32Array.from({ length: count }, () => low + (high - low) * next()) };
}

/** Checks the gradient of F = sum of (weights · y) for each of `wanted`: `build` adds the nodes from the inputs to y
 * and returns y's name, or the names of several outputs, which all count. */
export async function checkGradient(
  inputs: Readonly<Record<string, Values>>,
  build: (draft: GraphDraft) => string | readonly string[],
  { wanted = Object.keys(inputs), opset = 21, step = 5e-3, tolerance = 4e-3 } = {},
): Promise<void> {
  const draft = smallDraft(inputs, opset);
  const outputs = [build(draft)].flat();
  const e = new Emitter(draft);
  // Weights that are all different: cos of a running number, in the shape of the output.
  const weights = new Map(outputs.map((name, index) => {
    const flat = e.cast(e.range(e.count(name)));
    return [name, e.reshapeLike(e.op("Cos", [e.add(flat, e.number(index + 1))]), name)];
  }));
  const gradients = wanted.map((name) => differentiate(draft, name, weights));
  draft.setOutputs(new Map([...weights].flat().concat(gradients).map((name) => [name, DataType.FLOAT])));
  const graph = await openDraft(draft);
  try {
    const feeds = Object.fromEntries(Object.entries(inputs).map(([name, values]) => [name, tensor(values)]));
    const results = await graph.run(feeds, gradients);
    for (const [index, name] of wanted.entries()) {
      const gradient = results[gradients[index]!]!;
      assert.deepEqual(gradient.dims, inputs[name]!.dims, `the gradient has the shape of ${name}`);
      const expected = await differences(
        (input) => weightedSum(graph, weights, { ...feeds, [name]: input }),
        inputs[name]!,
        step,
      );
      const scale = Math.max(1, ...expected.map(Math.abs));
      expected.forEach((difference, element) => {
        const found = Number(gradient.data[element]);
        const message = `d/d${name}[${element}]: expected ${difference} but found ${found}`;
        assert.ok(Math.abs(found - difference) <= tolerance * scale, message);
      });
    }
  } finally {
    await graph.dispose();
  }
}

/** F, added up in double precision: of 6,561 terms in single precision the rounding would be in the differences. */
async function weightedSum(
  graph: Graph,
  weights: ReadonlyMap<string, string>,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<number> {
  const results = await graph.run(feeds, [...weights].flat());
  let sum = 0;
  for (const [output, weight] of weights) {
    const factors = results[weight]!.data;
    (results[output]!.data as Float32Array).forEach((y, index) => sum += y * Number(factors[index]));
  }
  return sum;
}

/** Central differences of F by one input, with an error of fourth order:
 * (8 (F(+h) - F(-h)) - (F(+2h) - F(-2h))) / 12 h. */
async function differences(
  valueAt: (input: Tensor) => Promise<number>,
  base: Values,
  step: number,
): Promise<number[]> {
  const at = async (element: number, shift: number) => {
    const data = Float32Array.from(base.data);
    data[element] = data[element]! + shift;
    return await valueAt(tensor({ ...base, data }));
  };
  const found: number[] = [];
  for (let element = 0; element < base.data.length; element++) {
    const near = await at(element, step) - await at(element, -step);
    const far = await at(element, 2 * step) - await at(element, -2 * step);
    found.push((8 * near - far) / (12 * step));
  }
  return found;
}
