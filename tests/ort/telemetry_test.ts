import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");

/** What a process leaves in its user's folder. ONNX Runtime's telemetry keeps an identifier and a queue of events
 * there before anything is sent. */
async function leftAtHome(runner: string): Promise<string[]> {
  const home = await Deno.makeTempDir();
  try {
    const args = ["run", "--no-check", "--no-prompt", "--allow-read", "--allow-ffi", "--allow-env"];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args, "--allow-sys", `${ROOT}/tests/ort/telemetry_child.ts`, runner, ROOT],
      cwd: ROOT,
      clearEnv: true, // on a CI server ONNX Runtime is silent by itself
      env: { HOME: home, XDG_CACHE_HOME: `${home}/cache`, DENO_DIR: denoFolder(), PATH: "/usr/bin:/bin" },
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return await Array.fromAsync(Deno.readDir(home), ({ name }) => name);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

function denoFolder(): string {
  return Deno.env.get("DENO_DIR") ??
    `${Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`}/deno`;
}

for (const runner of ["native", "addon"]) {
  Deno.test(`ONNX Runtime tells nobody what the ${runner} runner opens`, async () => {
    assert.deepEqual(await leftAtHome(runner), []);
  });
}
