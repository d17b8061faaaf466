import assert from "node:assert/strict";
import { estimateMemory, sizeText } from "../../../lib/hub/folder/memory.ts";
import {
  createProgressMeter,
  estimateSecondsLeft,
  timeText,
  writeProgressLine,
} from "../../../lib/hub/fetch/progress.ts";
import type { LoadProgress } from "../../../lib/hub/folder/types.ts";

Deno.test("bytes of the cache count as received but not for the speed", () => {
  const seen: LoadProgress[] = [];
  let time = 0;
  const meter = createProgressMeter((state) => void seen.push(state), () => time);
  meter.expect(10_000);
  meter.phase("downloading");
  meter.add("a", 4_000, false);
  for (let step = 0; step < 4; step++) {
    time += 500;
    meter.add("b", 1_000, true);
  }
  const last = seen.at(-1)!;
  assert.deepEqual([last.phase, last.file, last.received, last.total], ["downloading", "b", 8_000, 10_000]);
  assert.equal(last.bytesPerSecond, 2_000);
  assert.equal(estimateSecondsLeft(last), 1);
  meter.add("b", -9_000, false);
  time += 200;
  meter.add("b", 1, true);
  assert.equal(seen.at(-1)!.received, 1);
});

Deno.test("reports come at most ten times a second, and always at the end", () => {
  let reports = 0;
  let time = 0;
  const meter = createProgressMeter(() => void reports++, () => time);
  meter.expect(1_000);
  for (let byte = 0; byte < 999; byte++) {
    time += 1;
    meter.add("a", 1, true);
  }
  assert.ok(reports <= 11, String(reports));
  const before = reports;
  meter.add("a", 1, true);
  assert.equal(reports, before + 1);
});

Deno.test("the speed forgets the past: what counts are the last seconds", () => {
  let last: LoadProgress | null = null;
  let time = 0;
  const meter = createProgressMeter((state) => last = state, () => time);
  meter.expect(1e9);
  for (let step = 0; step < 100; step++) {
    time += 200;
    meter.add("a", step < 50 ? 100_000 : 1_000, true);
  }
  assert.equal(last!.bytesPerSecond, 5_000);
});

Deno.test("lines for people", () => {
  const state = {
    phase: "downloading",
    file: "x",
    received: 194e6,
    total: 388e6,
    bytesPerSecond: 10e6,
  } as const;
  assert.equal(
    writeProgressLine(state),
    "████████████░░░░░░░░░░░░  50%  194 MB of 388 MB  10 MB/s  20 s left",
  );
  assert.equal(
    writeProgressLine({ ...state, bytesPerSecond: 0 }),
    "████████████░░░░░░░░░░░░  50%  194 MB of 388 MB",
  );
  assert.deepEqual([1, 59.2, 61, 3600, 5400].map(timeText), ["1 s", "60 s", "2 min", "60 min", "1.5 h"]);
  assert.deepEqual([1, 999, 1e6, 999.9e6, 1.26e9].map(sizeText), [
    "1 kB",
    "1 kB",
    "1 MB",
    "1.0 GB",
    "1.3 GB",
  ]);
});

Deno.test("the memory estimate: weights, and keys and values by the config's shapes", () => {
  const file = {
    path: "onnx/model.onnx",
    external: [],
    bytes: 1_000_000,
    quantization: "fp32",
    arithmetic: "float32" as const,
    fidelity: "",
  };
  const config = {
    hidden_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 128,
  };
  const plain = estimateMemory(file, {}, "cpu");
  // 2 (keys and values) · 2 layers · 2 heads · 16 · 128 tokens · 4 bytes
  assert.equal(estimateMemory(file, config, "cpu") - plain, 2 * 2 * 2 * 16 * 128 * 4);
  const half = { ...file, quantization: "fp16", arithmetic: "float16" as const };
  assert.equal(estimateMemory(half, {}, "cpu") - estimateMemory(half, {}, "cuda"), 1_000_000);
});
