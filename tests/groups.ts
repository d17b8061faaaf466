// Which test files share a process. To load the app, to warm up and to start a browser takes longer than the tests of
// most files, so files of one subject do it once.

/** Files, or folders with all below them, whose tests run in one isolate, one file after the other: the longest group
 * first, so that none is left alone at the end. A file belongs to the longest of these paths that it lies in. */
const GROUPS: readonly (readonly string[])[] = [
  ["tests/browser"],
  // As long as the rest of tests/browser, which would be alone at the end.
  [
    "tests/browser/clumsy_test.ts",
    "tests/browser/constraint_test.ts",
    "tests/browser/engine_away_test.ts",
    "tests/browser/helping_test.ts",
    "tests/browser/large_test.ts",
    "tests/browser/layout_test.ts",
    "tests/browser/lookahead_test.ts",
    "tests/browser/memory_test.ts",
    "tests/browser/models_test.ts",
    "tests/browser/retained_nodes_test.ts",
  ],
  ["tests/browser/accessibility_test.ts", "tests/browser/states_test.ts"],
  ["tests/clients"],
  ["tests"],
  ["tests/worker", "tests/decode"],
  ["tests/attribution", "tests/onnx"],
  ["tests/constraints"],
  ["tests/ort", "tests/runners"],
  ["tests/engine"],
  ["tests/text", "tests/sandbox"],
  ["tests/memory"],
  // The build that is current is the isolate's, and other tests build and install apps of their own.
  ["tests/fresh/contract_test.ts", "tests/fresh/contract_islands_test.ts"],
];

/** Memory belongs to a whole process: each file here has one of its own. */
const MEMORY = "tests/memory";

const isIn = (file: string, path: string) => file === path || file.startsWith(`${path}/`);

/** Whether the tests of a group measure their process. They wait for what is given back, most of their time. */
export function measuresMemory(group: readonly string[]): boolean {
  return group.some((file) => isIn(file, MEMORY));
}

/** The place in `GROUPS` of the group that a file belongs to. */
function groupOf(file: string): number {
  const fits = GROUPS.map((paths) => Math.max(...paths.map((path) => isIn(file, path) ? path.length : 0)));
  return fits.indexOf(Math.max(...fits));
}

/** The files, as paths from the root, by the process that runs them, in the order in which these begin. */
export function groupFiles(files: readonly string[]): string[][] {
  const sorted = files.toSorted();
  return GROUPS.map((_, index) => sorted.filter((file) => groupOf(file) === index))
    .flatMap((group) => measuresMemory(group) ? group.map((file) => [file]) : [group])
    .filter((group) => group.length > 0);
}
