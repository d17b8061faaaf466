// The test command: all test files in one process, but those of tests/memory, which have one each beside it. Arguments
// go to `deno test`; paths among them take the place of all files.
import { fileURLToPath } from "node:url";
import { THREADS_VARIABLE } from "../lib/basics/thread_count.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const MEMORY = "tests/memory";

/** Test files below a folder, in the order of their names. */
function findTests(folder: string): string[] {
  const entries = Array.from(Deno.readDirSync(ROOT + folder)).sort((a, b) => a.name < b.name ? -1 : 1);
  return entries.flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (isDirectory) return path === MEMORY ? [] : findTests(path);
    return /_test\.tsx?$/.test(name) ? [path] : [];
  });
}

/** Both lists as one, each spread evenly over it. */
function interleave<T>(one: readonly T[], other: readonly T[]): T[] {
  const places = [one, other].flatMap((list) =>
    list.map((value, n) => ({ value, at: (n + 0.5) / list.length }))
  );
  return places.sort((a, b) => a.at - b.at).map(({ value }) => value);
}

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

/** Tests of the page compute, many of the others wait for timers and processes: they take turns, and there is one lane
 * more than there are processors. */
async function runFiles(paths: readonly string[]): Promise<boolean> {
  const env = { [THREADS_VARIABLE]: "1", DENO_JOBS: String(navigator.hardwareConcurrency + 1) };
  return (await runTests(["--parallel", ...paths], env, "inherit").status).success;
}

const named = Deno.args.some((arg) => !arg.startsWith("-"));
const files = findTests("tests");
const inTurn = interleave(
  files.filter((path) => path.startsWith("tests/browser/")),
  files.filter((path) => !path.startsWith("tests/browser/")).toReversed(),
);
const memory = findTests(MEMORY);
const passed = await Promise.all([
  runFiles(named ? [] : inTurn),
  ...(named ? [] : memory).map(runMemoryTest),
]);
Deno.exit(passed.every(Boolean) ? 0 : 1);
