// Golden checks that every LmRunner must pass, whatever it is made of; both runners' tests use them.
//
//   goldenFiles()                       every .onnx file of every tiny model, with its golden cases and tolerances
//   checkGoldens(t, file, runner)       all checks below, one step each; the runner stays open
//   checkReference(runner, names)       the bundled model's last logits against tests/fixtures/logits.json
//   largestDifference(a, b), lastRow(logits, vocabSize)
//
// `runner` is made by the caller from `file.path` and `file.config` (prepareGraph, findLayout, create…Runner), and
// disposed of by the caller.
import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import type { Kv, LmRunner } from "../../lib/runners/types.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url);
export const BUNDLED = new URL("../../models/HuggingFaceTB/SmolLM2-135M-Instruct/", import.meta.url);

interface Variant {
  readonly last_logits: readonly number[];
  readonly greedy: readonly number[];
}

interface GoldenCase {
  readonly name: string;
  readonly ids: readonly number[];
  readonly logits: readonly (readonly number[])[]; // [position][vocab], of the float32 weights
  readonly greedy: readonly number[];
  readonly variants: Readonly<Record<string, Variant>>;
}

/** One model file with what it must give. */
export interface GoldenFile {
  readonly model: string; // folder name
  readonly file: string; // "model_q4.onnx"
  readonly path: string;
  readonly config: unknown; // parsed config.json
  readonly cases: readonly GoldenCase[];
  /** Largest difference of a logit to the golden file, and between feeding ids at once and in pieces. */
  readonly tolerance: number;
}

/** Every model file that the goldens know. */
export function goldenFiles(): GoldenFile[] {
  const models = [...Deno.readDirSync(new URL("tiny-models/", FIXTURES))].map((entry) => entry.name).sort();
  return models.flatMap((model) => {
    const golden = json(`refs/${model}/golden.json`) as { onnx: object; cases: GoldenCase[] };
    const config = json(`tiny-models/${model}/config.json`);
    return Object.keys(golden.onnx).map((file): GoldenFile => {
      const path = fileURLToPath(new URL(`tiny-models/${model}/onnx/${file}`, FIXTURES));
      return { model, file, path, config, cases: golden.cases, tolerance: toleranceOf(model, file) };
    });
  });
}

// From the reference's notes: dynamic int8 chooses one activation scale for each run, so pieces give other values;
// accuracy_level 4 quantises activations as well.
function toleranceOf(model: string, file: string): number {
  if (file.includes("quantized")) return 3;
  if (file.includes("16")) return 0.03;
  return model === "tiny-llama-gqa-keep" && file.includes("q4") ? 0.1 : 1e-4;
}

function json(path: string): unknown {
  return JSON.parse(Deno.readTextFileSync(new URL(path, FIXTURES)));
}

/** All golden checks of one file, one test step each. */
export async function checkGoldens(t: Deno.TestContext, file: GoldenFile, runner: LmRunner): Promise<void> {
  const checks = {
    checkFull,
    checkKeep,
    checkSteps,
    checkTruncate,
    checkFork,
    checkLookahead,
    checkGreedy,
    checkOwnership,
  };
  for (const [name, check] of Object.entries(checks)) {
    await t.step(`${name} ${file.model}/${file.file}`, () => check(file, runner));
  }
}

/** One forward pass over each prompt gives the golden logits. */
async function checkFull(file: GoldenFile, runner: LmRunner): Promise<void> {
  for (const golden of file.cases) {
    const { logits, kv } = await runner.run(runner.empty(), golden.ids, { logitsToKeep: 0 });
    runner.release(kv);
    assert.equal(kv.length, golden.ids.length);
    assert.equal(logits.length, golden.ids.length * runner.vocabSize);
    const variant = golden.variants[file.file];
    const expected = variant === undefined ? golden.logits.flat() : variant.last_logits;
    const actual = logits.subarray(logits.length - expected.length);
    within(file.tolerance, largestDifference(actual, expected), `${golden.name}: logits`);
  }
}

/** logitsToKeep = 1, 2 and all positions give the last rows of logitsToKeep = 0. */
async function checkKeep(file: GoldenFile, runner: LmRunner): Promise<void> {
  const { ids } = longest(file);
  const all = await logitsOf(runner, ids, 0);
  for (const logitsToKeep of [1, 2, ids.length]) {
    const some = await logitsOf(runner, ids, logitsToKeep);
    assert.equal(some.length, logitsToKeep * runner.vocabSize);
    // The head works row by row, so only the order of additions may differ, dynamic int8 included.
    const limit = Math.min(file.tolerance, 0.05);
    within(limit, largestDifference(some, all.subarray(all.length - some.length)), `keep ${logitsToKeep}`);
  }
  const byDefault = await logitsOf(runner, ids, undefined);
  assert.equal(byDefault.length, runner.vocabSize);
  await assert.rejects(() => logitsOf(runner, ids, ids.length + 1), RangeError);
}

/** 1, 3 and 7 tokens at a time through the cache give what one pass gives. */
async function checkSteps(file: GoldenFile, runner: LmRunner): Promise<void> {
  const { ids } = longest(file);
  const all = await logitsOf(runner, ids, 0);
  for (const size of [1, 3, 7]) {
    let kv = runner.empty(ids.length);
    for (let start = 0; start < ids.length; start += size) {
      const part = ids.slice(start, start + size);
      const step = await runner.run(kv, part, { logitsToKeep: 0 });
      kv = step.kv;
      assert.equal(kv.length, start + part.length);
      const expected = all.subarray(start * runner.vocabSize, (start + part.length) * runner.vocabSize);
      within(file.tolerance, largestDifference(step.logits, expected), `${size} at a time, from ${start}`);
    }
    runner.release(kv);
  }
}

/** Truncated to n and continued differently = computed afresh; truncated to 0 = empty. */
async function checkTruncate(file: GoldenFile, runner: LmRunner): Promise<void> {
  const { ids } = longest(file);
  const other = ids.map((id) => (id + 7) % runner.vocabSize);
  for (const length of [ids.length, Math.floor(ids.length / 2), 1, 0]) {
    const { kv } = await runner.run(runner.empty(), ids);
    const cut = runner.truncate(kv, length);
    assert.equal(cut.length, length);
    const tail = other.slice(0, 4);
    const continued = await runner.run(cut, tail);
    runner.release(continued.kv);
    const fresh = await logitsOf(runner, [...ids.slice(0, length), ...tail], 1);
    within(file.tolerance, largestDifference(continued.logits, fresh), `truncated to ${length}`);
  }
}

/** Two forks go different ways and neither disturbs the other or what they came from. */
async function checkFork(file: GoldenFile, runner: LmRunner): Promise<void> {
  const { ids } = longest(file);
  const { kv: root } = await runner.run(runner.empty(), ids);
  let [left, right]: [Kv, Kv] = [runner.fork(root), runner.fork(root)];
  const paths: [number[], number[]] = [[...ids], [...ids]];
  for (const step of [1, 2, 3]) {
    for (const side of [0, 1] as const) {
      const id = (step * 31 + side * 17) % runner.vocabSize;
      paths[side].push(id);
      const { logits, kv } = await runner.run(side === 0 ? left : right, [id]);
      if (side === 0) left = kv;
      else right = kv;
      const fresh = await logitsOf(runner, paths[side], 1);
      within(file.tolerance, largestDifference(logits, fresh), `fork ${side}, step ${step}`);
    }
  }
  runner.release(left);
  runner.release(right);
  assert.equal(root.length, ids.length);
  const { logits, kv } = await runner.run(root, [5]);
  runner.release(kv);
  const fresh = await logitsOf(runner, [...ids, 5], 1);
  within(file.tolerance, largestDifference(logits, fresh), "root after its forks");
}

/** Lookahead gives the logits after each candidate and leaves the state as it was. */
async function checkLookahead(file: GoldenFile, runner: LmRunner): Promise<void> {
  const { ids } = longest(file);
  const { kv } = await runner.run(runner.empty(), ids);
  const candidates = [3, 11, 29];
  const rows = await runner.lookahead(kv, candidates);
  assert.equal(rows.length, candidates.length);
  assert.equal(kv.length, ids.length);
  for (const [index, id] of candidates.entries()) {
    const fresh = await logitsOf(runner, [...ids, id], 1);
    within(file.tolerance, largestDifference(rows[index] ?? [], fresh), `lookahead of ${id}`);
  }
  assert.deepEqual(await runner.lookahead(kv, []), []);
  runner.release(kv);
}

/** Greedy paths agree as long as the best logit leads by more than rounding can change. */
async function checkGreedy(file: GoldenFile, runner: LmRunner): Promise<void> {
  for (const golden of file.cases) {
    const expected = golden.variants[file.file]?.greedy ?? golden.greedy;
    let { logits, kv } = await runner.run(runner.empty(), golden.ids);
    for (const [step, id] of expected.entries()) {
      if (margin(logits) <= 2 * file.tolerance) break;
      assert.equal(argmax(logits), id, `${golden.name}: greedy step ${step}`);
      ({ logits, kv } = await runner.run(kv, [id]));
    }
    runner.release(kv);
  }
}

/** A failed run leaves the state good, a successful one replaces it. */
async function checkOwnership(file: GoldenFile, runner: LmRunner): Promise<void> {
  const { ids } = longest(file);
  const { kv } = await runner.run(runner.empty(), ids.slice(0, 4));
  const bytes = runner.bytes(kv);
  assert.ok(bytes > 0);
  await assert.rejects(() => runner.run(kv, [runner.vocabSize]), RangeError);
  await assert.rejects(() => runner.run(kv, [-1]), RangeError);
  await assert.rejects(() => runner.run(kv, []), RangeError);
  assert.throws(() => runner.truncate(kv, 5), RangeError);
  const aborted = AbortSignal.abort();
  await assert.rejects(() => runner.run(kv, [1], { signal: aborted }), { name: "AbortError" });
  await assert.rejects(() => runner.lookahead(kv, [1], { signal: aborted }), { name: "AbortError" });
  assert.equal(kv.length, 4);
  const next = await runner.run(kv, ids.slice(4, 6));
  await assert.rejects(() => runner.run(kv, [1]));
  within(
    file.tolerance,
    largestDifference(next.logits, await logitsOf(runner, ids.slice(0, 6), 1)),
    "after failures",
  );
  runner.release(next.kv);
}

interface ReferenceCase {
  readonly name: string;
  readonly ids: readonly number[];
  readonly last: { readonly top: [number, number][]; readonly checks: [number, number, number][] };
}

/** The bundled model's logits after the prompts of these names agree with PyTorch's to 5e-4. */
export async function checkReference(runner: LmRunner, names: readonly string[]): Promise<void> {
  const { cases } = json("logits.json") as { cases: ReferenceCase[] };
  for (const name of names) {
    const found = cases.find((candidate) => candidate.name === name);
    assert.ok(found, `logits.json has no case ${name}`);
    const logits = await logitsOf(runner, found.ids, 1);
    assert.equal(argmax(logits), found.last.top[0]?.[0], `${name}: best token`);
    for (const [id, expected] of [...found.last.top, ...found.last.checks]) {
      within(5e-4, Math.abs((logits[id] ?? NaN) - expected), `${name}: logit of ${id}`);
    }
  }
}

async function logitsOf(
  runner: LmRunner,
  ids: readonly number[],
  logitsToKeep?: number,
): Promise<Float32Array> {
  const empty = runner.empty();
  try {
    const { logits, kv } = await runner.run(empty, ids, logitsToKeep === undefined ? {} : { logitsToKeep });
    runner.release(kv);
    return logits;
  } catch (error) {
    runner.release(empty); // still ours when the run failed
    throw error;
  }
}

function longest(file: GoldenFile): GoldenCase {
  return file.cases.reduce((best, golden) => golden.ids.length > best.ids.length ? golden : best);
}

/** The largest absolute difference of two rows; NaN counts as infinite, as does a difference in length. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs((actual[i] ?? NaN) - (expected[i] ?? NaN));
    largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
  }
  return largest;
}

function argmax(row: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if ((row[i] ?? -Infinity) > (row[best] ?? -Infinity)) best = i;
  return best;
}

function margin(row: Float32Array): number {
  const [first = 0, second = 0] = row.toSorted((a, b) => b - a);
  return first - second;
}

function within(limit: number, difference: number, what: string): void {
  assert.ok(difference <= limit, `${what} differ by ${difference}, more than ${limit}`);
}
