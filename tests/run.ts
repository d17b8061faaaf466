// The test command: all test files in one process, but those of tests/memory, which have one each beside it. Arguments
// go to `deno test`; files or folders of tests among them take the place of all.
import { fileURLToPath } from "node:url";
import { THREADS_VARIABLE } from "../lib/basics/thread_count.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const MEMORY = "tests/memory";

function runTests(
  args: readonly string[],
  env: Record<string, string>,
  output: "inherit" | "piped",
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["test", "--quiet", "--no-check", "--no-prompt", "-P=tools", ...Deno.args, ...args],
    ...{ cwd: ROOT, env, stdout: output, stderr: output },
  }).spawn();
}

/** Memory belongs to a whole process: each file runs in one of its own, with the usual number of threads, while the
 * others run. What it measures does not depend on how busy the machine is. What it says is printed when it ends. */
async function runMemoryTest(path: string): Promise<boolean> {
  const { success, stdout, stderr } = await runTests([path], { [THREADS_VARIABLE]: "" }, "piped").output();
  for (const bytes of [stdout, stderr]) writeAll(bytes);
  return success;
}

function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}

/** Many tests wait for timers and processes, so there is one lane more than there are processors. Deno has an order of
 * its own, whatever it is given. */
async function runFiles(args: readonly string[]): Promise<boolean> {
  const env = { [THREADS_VARIABLE]: "1", DENO_JOBS: String(navigator.hardwareConcurrency + 1) };
  return (await runTests(["--parallel", ...args], env, "inherit").status).success;
}

const named = Deno.args.some((arg) => /^(\.\/)?tests\//.test(arg));
const memory = Array.from(Deno.readDirSync(ROOT + MEMORY), ({ name }) => `${MEMORY}/${name}`)
  .filter((path) => path.endsWith("_test.ts")).sort();
const passed = await Promise.all([
  runFiles(named ? [] : [`--ignore=${MEMORY}`, "tests/"]),
  ...(named ? [] : memory).map(runMemoryTest),
]);
Deno.exit(passed.every(Boolean) ? 0 : 1);
