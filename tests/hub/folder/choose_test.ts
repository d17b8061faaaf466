import assert from "node:assert/strict";
import fc from "fast-check";
import { faultOf } from "../../../lib/fault.ts";
import { chooseFile } from "../../../lib/hub/folder/choose.ts";
import type { ListedFile } from "../../../lib/hub/folder/types.ts";
import { listQuantizations } from "../../../lib/hub/folder/quantizations.ts";
import { findModelFiles } from "../../../lib/hub/folder/variants.ts";

const MB = 1e6;
const listing = (sizes: Record<string, number>): ListedFile[] =>
  Object.entries(sizes).map(([path, megabytes]) => ({ path, bytes: megabytes * MB }));

/** The sizes of a half-billion model as exporters write it. */
const HALF_BILLION = listing({
  "config.json": 0.001,
  "onnx/model.onnx": 0.7,
  "onnx/model.onnx_data": 1900,
  "onnx/model_fp16.onnx": 987,
  "onnx/model_q4.onnx": 786,
  "onnx/model_q4f16.onnx": 483,
  "onnx/model_bnb4.onnx": 770,
  "onnx/model_int8.onnx": 508,
  "onnx/model_uint8.onnx": 508,
  "onnx/model_quantized.onnx": 508,
});
const choose = (
  files: ListedFile[],
  device: "cpu" | "cuda",
  more: { variant?: string; memory?: number } = {},
) => chooseFile("m", findModelFiles(files), { device, ...more }).quantization;

Deno.test("names: every ending the exporters use, with external data in any number of files", () => {
  const files = findModelFiles(listing({
    "onnx/model.onnx": 1,
    "onnx/model.onnx_data": 10,
    "onnx/model.onnx_data_1": 100,
    "onnx/model_q4.onnx": 2,
    "onnx/model_q4.onnx.data": 20,
    "onnx/model_q4f16.onnx": 3,
    "onnx/model_unheard.onnx": 4,
    "onnx/decoder_model.onnx": 5,
    "model_fp16.onnx": 6,
  }));
  assert.deepEqual(
    files.map((file) => [file.quantization, file.arithmetic, file.bytes / MB, file.external.length]),
    [["fp32", "float32", 111, 2], ["q4", "float32", 22, 1], ["q4f16", "float16", 3, 0]],
  );
  assert.deepEqual(findModelFiles(listing({ "model_fp16.onnx": 6 })).map((file) => file.path), [
    "model_fp16.onnx",
  ]);
});

Deno.test("names: a decoder under an older name, the one with a cache first", () => {
  const paths = (files: Record<string, number>) => findModelFiles(listing(files)).map((file) => file.path);
  const old = { "onnx/decoder_model.onnx": 1, "onnx/decoder_with_past_model.onnx": 2 };
  assert.deepEqual(paths(old), ["onnx/decoder_model.onnx"]);
  const merged = { "onnx/decoder_model_merged.onnx": 3, "onnx/decoder_model_merged_quantized.onnx": 4 };
  assert.deepEqual(paths({ ...old, ...merged }), Object.keys(merged));
  assert.deepEqual(paths({ ...old, ...merged, "model_q4.onnx": 5 }), ["model_q4.onnx"]);
});

Deno.test("CPU: full weights up to a sensible size, then 4-bit weights with 32-bit arithmetic", () => {
  assert.equal(choose(HALF_BILLION, "cpu"), "q4");
  assert.equal(choose(listing({ "onnx/model.onnx": 540, "onnx/model_q4.onnx": 180 }), "cpu"), "fp32");
  assert.equal(
    choose(listing({ "onnx/model_q4f16.onnx": 480, "onnx/model_int8.onnx": 500 }), "cpu"),
    "q4f16",
  );
  assert.equal(choose(listing({ "onnx/model.onnx": 5000 }), "cpu"), "fp32");
});

Deno.test("GPU: 16-bit first", () => {
  assert.equal(choose(HALF_BILLION, "cuda"), "fp16");
  assert.equal(choose(listing({ "onnx/model.onnx": 540, "onnx/model_q4.onnx": 180 }), "cuda"), "fp32");
});

Deno.test("memory: what does not fit is passed over, and where nothing fits the smallest is tried", () => {
  assert.equal(choose(HALF_BILLION, "cuda", { memory: 800 * MB }), "q4f16");
  assert.equal(choose(HALF_BILLION, "cpu", { memory: 600 * MB }), "q4f16");
  assert.equal(choose(HALF_BILLION, "cpu", { memory: 10 * MB }), "q4f16");
});

Deno.test("a dtype by any of its names; auto is none", () => {
  assert.equal(choose(HALF_BILLION, "cpu", { variant: "float16" }), "fp16");
  assert.equal(choose(HALF_BILLION, "cpu", { variant: "Quantized" }), "q8");
  assert.equal(choose(HALF_BILLION, "cuda", { variant: "fp32" }), "fp32");
  assert.equal(choose(HALF_BILLION, "cpu", { variant: "auto" }), "q4");
  assert.throws(() => choose(HALF_BILLION, "cpu", { variant: "q2" }), /has no q2 file; it has fp32, fp16/);
  assert.throws(() => choose(HALF_BILLION, "cpu", { variant: "\nx" }), (error) => {
    assert.deepEqual(faultOf(error), { code: "invalid_request", field: "dtype" });
    return true;
  });
});

Deno.test("any set of variants: one of them is chosen, never worse without need", () => {
  const endings = ["", "_fp16", "_q4", "_q4f16", "_bnb4", "_int8", "_uint8", "_quantized", "_q2"];
  const file = fc.record({
    ending: fc.constantFrom(...endings),
    megabytes: fc.integer({ min: 1, max: 9000 }),
  });
  fc.assert(fc.property(fc.uniqueArray(file, { selector: (x) => x.ending, minLength: 1 }), (files) => {
    const all = findModelFiles(
      files.map((x) => ({ path: `onnx/model${x.ending}.onnx`, bytes: x.megabytes * MB })),
    );
    const cpu = chooseFile("m", all, { device: "cpu" });
    assert.ok(all.includes(cpu) && listQuantizations().includes(cpu.quantization));
    if (all.some((x) => x.quantization === "q4")) assert.ok(["fp32", "q4"].includes(cpu.quantization));
  }));
});
