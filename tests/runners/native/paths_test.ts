// Random edit paths over the native runner: whatever was forked, cut, cancelled, looked at or collected before, the
// logits are those of a fresh computation.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { Kv, LmRunner } from "../../../lib/runners/types.ts";
import { type GoldenFile, goldenFiles, largestDifference } from "../goldens.ts";
import { collector, contextLength, openNative } from "../native_fixture.ts";

interface Line {
  kv: Kv;
  ids: readonly number[];
}

/** One random step; the numbers choose among what is there. */
interface Step {
  readonly kind: "run" | "fork" | "truncate" | "cancel" | "lookahead" | "release" | "collect";
  readonly which: number;
  readonly ids: readonly number[];
  readonly share: number; // of the length, for truncate
}

const STEP: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constant("run" as const) },
    { weight: 4, arbitrary: fc.constant("fork" as const) },
    { weight: 8, arbitrary: fc.constantFrom("truncate" as const, "cancel", "lookahead", "release") },
    { weight: 1, arbitrary: fc.constant("collect" as const) }, // slow
  ),
  which: fc.nat(1000),
  ids: fc.array(fc.nat(350), { minLength: 1, maxLength: 9 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});
const FILES = [
  "tiny-llama-gqa/model.onnx",
  "tiny-llama-gqa-keep/model_q4.onnx",
  "tiny-llama-gqa/model_fp16.onnx",
  "tiny-gpt2/model.onnx",
  "tiny-qwen3/model_fp16.onnx",
];
const MOST_LINES = 6;
/** Where activations become int8, one rounding that falls otherwise (in other pieces the kernels are others) moves
 * logits beyond the tolerance of the goldens: the addon shows the same. What a wrong state does is larger. */
const PIECES = 3;

/** Several lines of text over one runner, and the steps that change them. */
class Paths {
  lines: Line[] = [];
  constructor(
    private readonly runner: LmRunner,
    private readonly limit: number,
    private readonly tolerance: number,
    private readonly collect: () => void,
  ) {}

  async step({ kind, which, ids, share }: Step): Promise<void> {
    if (this.lines.length === 0) this.lines.push({ kv: this.runner.empty(), ids: [] });
    const index = which % this.lines.length;
    const line = this.lines[index];
    assert.ok(line);
    const fits = line.ids.length + ids.length <= this.limit;
    if (kind === "collect") this.collect();
    else if (kind === "fork" && this.lines.length < MOST_LINES) {
      this.lines.push({ kv: this.runner.fork(line.kv), ids: line.ids });
    } else if (kind === "truncate" || !fits) {
      const length = Math.floor(line.ids.length * (fits ? share : 0.5));
      this.lines[index] = { kv: this.runner.truncate(line.kv, length), ids: line.ids.slice(0, length) };
    } else if (kind === "release") {
      this.lines.splice(index, 1);
      this.runner.release(line.kv);
      assert.throws(() => this.runner.release(line.kv), /released or consumed/);
    } else if (kind === "cancel") await this.#cancel(index, line, ids);
    else if (kind === "lookahead") await this.#lookahead(line, ids.slice(0, 3));
    else await this.#run(index, line, ids);
  }

  async #run(index: number, line: Line, ids: readonly number[]): Promise<void> {
    const { logits, kv } = await this.runner.run(line.kv, ids);
    const grown = { kv, ids: [...line.ids, ...ids] };
    this.lines[index] = grown;
    this.#same(logits, await this.#fresh(grown.ids), "run");
  }

  /** An abort that comes before, within or after the run: the state is as before, or the run has succeeded. */
  async #cancel(index: number, line: Line, ids: readonly number[]): Promise<void> {
    const controller = new AbortController();
    const pending = this.runner.run(line.kv, ids, { signal: controller.signal }).then(
      ({ kv }) => ({ kv, ids: [...line.ids, ...ids] }),
      (error: Error) => {
        assert.equal(error.name, "AbortError");
        return line;
      },
    );
    controller.abort();
    this.lines[index] = await pending;
  }

  async #lookahead(line: Line, ids: readonly number[]): Promise<void> {
    const rows = await this.runner.lookahead(line.kv, ids);
    assert.equal(line.kv.length, line.ids.length);
    const fresh = await this.#fresh([...line.ids, ids[0] ?? 0]);
    this.#same(
      rows[0] ?? new Float32Array(),
      fresh.subarray(fresh.length - this.runner.vocabSize),
      "lookahead",
    );
  }

  async #fresh(ids: readonly number[]): Promise<Float32Array> {
    const { logits, kv } = await this.runner.run(this.runner.empty(), ids);
    this.runner.release(kv);
    return logits;
  }

  #same(actual: Float32Array, expected: Float32Array, what: string): void {
    const difference = largestDifference(actual, expected);
    assert.ok(difference <= this.tolerance, `${what}: the logits differ by ${difference}`);
  }

  /** Every line goes on rightly; then all are given back. */
  async end(): Promise<void> {
    for (const [index, line] of this.lines.entries()) {
      if (line.ids.length < this.limit) await this.#run(index, line, [index + 1]);
    }
    for (const line of this.lines.splice(0)) this.runner.release(line.kv);
  }
}

/** The files without their goldens, which would make every garbage collection slow. */
function files(): Pick<GoldenFile, "model" | "file" | "path" | "config" | "tolerance">[] {
  const found = goldenFiles().filter(({ model, file }) => FILES.includes(`${model}/${file}`));
  assert.equal(found.length, FILES.length);
  return found.map(({ model, file, path, config, tolerance }) => ({ model, file, path, config, tolerance }));
}

for (const file of files()) {
  Deno.test(`native runner: random edit paths, ${file.model}/${file.file}`, async () => {
    const runner = await openNative(file.path, file.config);
    const [limit, collect] = [contextLength(file.config), collector()];
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(STEP, { minLength: 5, maxLength: 40 }), async (steps) => {
          const tolerance = file.tolerance * (file.file.includes("q4") ? PIECES : 1);
          const paths = new Paths(runner, limit, tolerance, collect);
          for (const step of steps) await paths.step(step);
          await paths.end();
        }),
        { numRuns: 12, endOnFailure: false },
      );
    } finally {
      await runner.dispose();
    }
  });
}
