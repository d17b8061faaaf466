// The models that are measured, opened as the worker opens them, and the clicks that are made on them.
import { readModelFolder } from "../lib/hub/folder/folder.ts";
import type { ModelFolder } from "../lib/hub/folder/types.ts";
import type { LogitsAnswer, Sliced } from "../lib/decode/types.ts";
import { LogitsSource } from "../lib/worker/logits/logits_source.ts";
import { openGraph } from "../lib/ort/addon_graph.ts";
import { createAddonRunner } from "../lib/runners/addon/runner.ts";
import { findLayout } from "../lib/runners/layout.ts";
import { openNativeGraph } from "../lib/ort/native_graph.ts";
import { createNativeRunner } from "../lib/runners/native/runner.ts";
import { openOrt } from "../lib/ort/api.ts";
import { findLibrary } from "../lib/ort/library.ts";
import { prepareGraph } from "../lib/onnx/prepare.ts";
import type { LmRunner } from "../lib/runners/types.ts";
import { distOf } from "../lib/sampling/dist.ts";
import { topIds } from "../lib/sampling/order.ts";
import { measureTime } from "./stats.ts";

/** The repository's folder, without a slash at the end. */
export const ROOT = import.meta.dirname!.replace(/[\\/]bench$/, "");
/** The bundled model: main.ts knows its name, which is also the folder's. */
export const BUNDLED = "HuggingFaceTB/SmolLM2-135M-Instruct";
export const BUNDLED_FOLDER = `${ROOT}/models/${BUNDLED}`;
export const TINY_FOLDER = `${ROOT}/tests/fixtures/tiny-models/tiny-llama-gqa`;

/** Candidates that a click sorts out. */
const SHOWN = 50;
const BIG_CACHE_BYTES = 2 ** 30;

export function readFolder(path: string): Promise<ModelFolder> {
  return readModelFolder(path, { id: path.split("/").at(-1)!, device: "cpu" });
}

/** Opens a model on the CPU with the runner that is asked for, and runs it once: the first run of a session is
 * slower than all others. */
export async function open(path: string, runner: "native" | "addon"): Promise<LmRunner> {
  const opened = await openCold(path, runner);
  const { kv } = await opened.run(opened.empty(), pathOf(0, 8, opened.vocabSize));
  opened.release(kv);
  return opened;
}

async function openCold(path: string, runner: "native" | "addon"): Promise<LmRunner> {
  const { onnxPath, config, contextLength } = await readFolder(path);
  const { source, sharedBuffers } = await prepareGraph(onnxPath);
  if (runner === "addon") {
    const graph = await openGraph(source, "cpu");
    return createAddonRunner(graph, findLayout(graph.inputs, graph.outputs, config, sharedBuffers), "cpu");
  }
  const graph = await openNativeGraph(openOrt(findLibrary(ROOT)), source);
  const layout = findLayout(graph.inputs, graph.outputs, config, sharedBuffers);
  return createNativeRunner(graph, layout, { contextLength });
}

export function createCachedSource(runner: LmRunner): LogitsSource {
  return new LogitsSource(runner, BIG_CACHE_BYTES);
}

/** Runs a job to its end, as a worker with one client does. */
export async function finish<T>(slices: Sliced<T>): Promise<T> {
  while (true) {
    const { done, value } = await slices.next();
    if (done) return value;
  }
}

/** The logits after `ids`, with what a click makes of them: softmax over the whole vocabulary, the best sorted out. */
export async function ask(
  source: LogitsSource,
  ids: readonly number[],
  signal: AbortSignal = new AbortController().signal,
): Promise<LogitsAnswer> {
  const answer = await finish(source.after(ids, signal));
  digest(answer.logits);
  return answer;
}

/** Times of the bundled model's run of one token behind 64, in milliseconds, on the native runner. */
export async function forwardPasses(count: number): Promise<number[]> {
  const runner = await open(BUNDLED_FOLDER, "native");
  const source = createCachedSource(runner);
  const path = pathOf(0, 64, runner.vocabSize);
  const ids = clickIds(runner.vocabSize);
  const signal = new AbortController().signal;
  await finish(source.after(path, signal));
  const times: number[] = [];
  while (times.length < count) {
    const id = ids.next().value;
    times.push(await measureTime(() => finish(source.after([...path, id], signal))));
  }
  source.clear();
  await runner.dispose();
  return times;
}

/** The part of a click that is JavaScript. */
export function digest(logits: Float32Array): Int32Array {
  return topIds(distOf(logits).probs, SHOWN);
}

/** `length` ids all over the vocabulary, the same for the same seed; different seeds differ from the first on. */
export function pathOf(seed: number, length: number, vocabSize: number): number[] {
  const ids: number[] = [];
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    ids.push(Math.floor(state / 2 ** 32 * vocabSize));
  }
  return ids;
}

/** Ids that do not repeat: the clicks after one path. */
export function* clickIds(vocabSize: number): Generator<number, never> {
  for (let i = 1;; i++) yield (i * 7919) % vocabSize;
}
