import { strict as assert } from "node:assert";
import type { Device, DeviceSetting } from "../../lib/wire/device.ts";
import { listDevicesToTry, openOnFirst } from "../../lib/ort/devices.ts";

const LINUX = ["cpu", "webgpu", "cuda", "tensorrt"];

/** Opens with only these devices working; says what was tried and logged. */
async function attempt(setting: DeviceSetting, working: Device[], inBuild: string[] = LINUX) {
  const tried: Device[] = [];
  const lines: string[] = [];
  const open = (device: Device) => {
    tried.push(device);
    return working.includes(device)
      ? Promise.resolve(`session on ${device}`)
      : Promise.reject(new Error(`no ${device}\nat some address`));
  };
  const result = await openOnFirst(setting, inBuild, open, (line) => lines.push(line));
  return { ...result, tried, lines };
}

Deno.test("devices: auto goes from the fastest to the CPU, mps to what reaches Apple's GPU", () => {
  assert.deepEqual(listDevicesToTry("auto"), ["cuda", "coreml", "dml", "webgpu", "cpu"]);
  assert.deepEqual(listDevicesToTry("mps"), ["coreml", "webgpu", "cpu"]);
  assert.deepEqual(listDevicesToTry("cpu"), ["cpu"]);
  assert.deepEqual(listDevicesToTry("dml"), ["dml", "cpu"]);
});

Deno.test("devices: auto logs a line for each that fails and is silent about those not in the build", async () => {
  const { device, warning, tried, lines } = await attempt("auto", ["cpu"]);
  assert.equal(device, "cpu");
  assert.equal(warning, null);
  assert.deepEqual(tried, ["cuda", "webgpu", "cpu"]);
  assert.deepEqual(lines, [
    "Device cuda is not usable here (no cuda).",
    "Device webgpu is not usable here (no webgpu).",
  ]);
});

Deno.test("devices: the first that opens is used and no other is tried", async () => {
  const { opened, device, warning, tried } = await attempt("auto", ["webgpu", "cpu"]);
  assert.equal(opened, "session on webgpu");
  assert.equal(device, "webgpu");
  assert.equal(warning, null);
  assert.deepEqual(tried, ["cuda", "webgpu"]);
});

Deno.test("devices: a device asked for by name that fails gives the CPU and a warning", async () => {
  const failing = await attempt("cuda", ["cpu", "webgpu"]);
  assert.equal(failing.device, "cpu");
  assert.match(
    failing.warning ?? "",
    /"cuda" is not usable here, so the model runs on the CPU \(cuda: no cuda\)/,
  );
  assert.deepEqual(failing.tried, ["cuda", "cpu"]);
  assert.ok(failing.lines.includes(failing.warning ?? ""));
  const absent = await attempt("mps", ["cpu"]);
  assert.match(absent.warning ?? "", /coreml: not in this build of ONNX Runtime; webgpu: no webgpu/);
  const named = await attempt("webgpu", ["cpu", "webgpu"]);
  assert.deepEqual([named.device, named.warning], ["webgpu", null]);
});

Deno.test("devices: the CPU asked for by name is no reason for a warning", async () => {
  const { device, warning, tried, lines } = await attempt("cpu", ["cpu"]);
  assert.deepEqual([device, warning, tried, lines], ["cpu", null, ["cpu"], []]);
});

Deno.test("devices: what the CPU cannot open is an error", async () => {
  await assert.rejects(() => attempt("auto", []), /no cpu/);
});
