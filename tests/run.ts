// The test command: the test files by groups (groups.ts), each in a process of its own, several at once. Arguments go
// to `deno test`; files or folders of tests among them take the place of all.
import { fileURLToPath, pathToFileURL } from "node:url";
import { THREADS_VARIABLE } from "../lib/basics/thread_count.ts";
import { buildWorker } from "./build_worker.ts";
import { groupFiles, measuresMemory } from "./groups.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const TEST_FILE = /_test\.tsx?$/;
/** Many tests wait for timers and processes, so there is one lane more than there are processors, and another one for
 * those of memory, which wait for a minute without a thread at work. */
const LANES = navigator.hardwareConcurrency + 1;

const isPath = (arg: string) => /^(\.\/)?tests\//.test(arg);

/** The test files at a path from the root, which is one or a folder. */
function filesAt(path: string): string[] {
  if (Deno.statSync(ROOT + path).isFile) return [path];
  return Array.from(Deno.readDirSync(ROOT + path))
    .filter(({ isDirectory, name }) => isDirectory ? name !== "fixtures" : TEST_FILE.test(name))
    .flatMap(({ name }) => filesAt(`${path}/${name}`));
}

/** The module whose import is the tests of all these files. */
function writeEntry(folder: string, group: readonly string[]): string {
  const entry = `${folder}/${group[0]!.replaceAll(/\W/g, "_")}_test.ts`;
  const imports = group.map((file) => `import ${JSON.stringify(pathToFileURL(ROOT + file).href)};\n`);
  Deno.writeTextFileSync(entry, imports.join(""));
  return entry;
}

const named = Deno.args.filter(isPath).map((path) => path.replaceAll(/^\.\/|\/$/g, ""));
/** A few files are done before their workers were built. */
const builtWorker = named.length === 0 ? await buildWorker() : {};

/** Each session has one thread, as the lanes share the processors; but where memory is measured. */
function startTests(
  files: readonly string[],
  folder: string,
  output: "inherit" | "piped",
): Deno.ChildProcess {
  const path = files.length === 1 ? files[0]! : writeEntry(folder, files);
  const threads = measuresMemory(files) ? "" : "1";
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "--quiet", "--no-check", "--no-prompt", "-P=tools", "--config=deno.json"],
      ...[...Deno.args.filter((arg) => !isPath(arg)), path],
    ],
    ...{ cwd: ROOT, env: { ...builtWorker, [THREADS_VARIABLE]: threads }, stdout: output, stderr: output },
  }).spawn();
}

function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}

/** Runs a group, and prints what it says when it ends. Whether all of it passed. */
async function runGroup(files: readonly string[], folder: string): Promise<boolean> {
  const { success, stdout, stderr } = await startTests(files, folder, "piped").output();
  for (const bytes of [stdout, stderr]) writeAll(bytes);
  return success;
}

async function runAll(groups: string[][], folder: string): Promise<boolean> {
  if (groups.length === 1) return (await startTests(groups[0]!, folder, "inherit").status).success;
  const passed: boolean[] = [];
  const lane = async (waiting: string[][]) => {
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      passed.push(await runGroup(group, folder));
    }
  };
  const others = groups.filter((group) => !measuresMemory(group));
  await Promise.all([
    lane(groups.filter(measuresMemory)),
    ...Array.from({ length: LANES }, () => lane(others)),
  ]);
  return passed.every(Boolean);
}

const files = new Set((named.length === 0 ? ["tests"] : named).flatMap(filesAt));
const folder = await Deno.makeTempDir({ prefix: "tests-" });
const passed = await runAll(groupFiles([...files]), folder);
await Deno.remove(folder, { recursive: true });
Deno.exit(passed ? 0 : 1);
