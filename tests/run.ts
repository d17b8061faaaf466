// The test command: all test files but those of tests/memory, which tests/memory_test.ts runs. Arguments go to
// `deno test`; paths among them take the place of all files.
import { fileURLToPath } from "node:url";
import { THREADS_VARIABLE } from "../lib/basics/thread_count.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** Test files below a folder, in the order of their names. */
function findTests(folder: string): string[] {
  const entries = Array.from(Deno.readDirSync(ROOT + folder)).sort((a, b) => a.name < b.name ? -1 : 1);
  return entries.flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (isDirectory) return path === "tests/memory" ? [] : findTests(path);
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

// Tests of the page compute, many of the others wait for timers and processes: they take turns, and there is one lane
// more than there are processors. The others begin with those of the worker: a long one at the end has nothing beside it.
const files = findTests("tests");
const inTurn = interleave(
  files.filter((path) => path.startsWith("tests/browser/")),
  files.filter((path) => !path.startsWith("tests/browser/")).toReversed(),
);
const paths = Deno.args.some((arg) => !arg.startsWith("-")) ? [] : inTurn;
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["test", "--quiet", "--parallel", "--no-check", "--no-prompt", "-P=tools", ...Deno.args, ...paths],
  cwd: ROOT,
  env: { [THREADS_VARIABLE]: "1", DENO_JOBS: String(navigator.hardwareConcurrency + 1) },
}).spawn().status;
Deno.exit(code);
