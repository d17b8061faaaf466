// Runs a model file as it is on disk, and the same file prepared, for tests that compare them.
import { strict as assert } from "node:assert";
import { openGraph } from "../../lib/ort/addon_graph.ts";
import { createAddonRunner } from "../../lib/runners/addon/runner.ts";
import { createIntegerTensor } from "../../lib/runners/integers.ts";
import { slotDimsOf } from "../../lib/runners/slots.ts";
import { findLayout } from "../../lib/runners/layout.ts";
import { prepareGraph } from "../../lib/onnx/prepare.ts";
import type { Graph, Tensor } from "../../lib/ort/types.ts";
import type { LmLayout } from "../../lib/runners/types.ts";
import { largestDifference } from "../runners/goldens.ts";

export const IDS = [5, 17, 3, 99, 42, 8, 8, 250];

/** All logits of IDS, from the file as it is on disk: no cut, no runner. */
async function uncutLogits(path: string, layout: LmLayout): Promise<Tensor> {
  const graph = await openGraph({ path }, "cpu");
  const feeds: Record<string, Tensor> = {};
  for (const input of layout.integers) {
    if (graph.inputs.every(({ name }) => name !== input.name)) continue; // what the cut adds
    feeds[input.name] = createIntegerTensor(input, { batch: 1, past: 0, ids: IDS, logitsToKeep: 0 });
  }
  for (const slot of layout.slots) {
    const data = slot.type === "float16" ? new Uint16Array() : new Float32Array();
    feeds[slot.input] = { type: slot.type, dims: slotDimsOf(slot, 0), data };
  }
  const { logits } = await graph.run(feeds, ["logits"]);
  await graph.dispose();
  assert.ok(logits);
  return logits;
}

function asFloats({ data }: Tensor): Float32Array {
  return data instanceof Float32Array
    ? data
    : Float32Array.from(new Float16Array(data.buffer as ArrayBuffer, data.byteOffset, data.length));
}

/** The cut graph, opened, and its wiring. */
export async function openPrepared(
  path: string,
  config: unknown,
): Promise<{ graph: Graph; layout: LmLayout }> {
  const { source, sharedBuffers } = await prepareGraph(path);
  const graph = await openGraph(source, "cpu");
  return { graph, layout: findLayout(graph.inputs, graph.outputs, config, sharedBuffers) };
}

/** The cut graph gives the last n rows of what the uncut one gives. */
export async function assertCutEqualsUncut(path: string, config: unknown, limit: number): Promise<void> {
  const { graph, layout } = await openPrepared(path, config);
  const runner = createAddonRunner(graph, layout, "cpu");
  const expected = asFloats(await uncutLogits(path, layout));
  for (const logitsToKeep of [1, 3, 0]) {
    const { logits } = await runner.run(runner.empty(), IDS, { logitsToKeep });
    const rows = (logitsToKeep || IDS.length) * layout.vocabSize;
    assert.equal(logits.length, rows);
    const difference = largestDifference(logits, expected.subarray(expected.length - rows));
    assert.ok(difference <= limit, `keep ${logitsToKeep} differs by ${difference}`);
  }
  await runner.dispose();
}
