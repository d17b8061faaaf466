// Which test files share a process. To load the app, to warm up and to start a browser takes longer than the tests of
// most files, so files of one subject do it once.

/** Files, or folders with all below them, whose tests run in one isolate, one file after the other: the longest group
 * first, so that none is left alone at the end. A file belongs to the longest of these paths that it lies in. */
const GROUPS: readonly (readonly string[])[] = [
  ["tests/browser"],
  ["tests/browser/accessibility_test.ts", "tests/browser/states_test.ts"],
  ["tests/worker", "tests/decode"],
  ["tests/engine"],
  ["tests/attribution", "tests/onnx"],
  ["tests/clients"],
  ["tests/constraints"],
  ["tests/ort", "tests/runners"],
  ["tests/text", "tests/sandbox"],
  ["tests"],
  // The build that is current is the isolate's, and other tests build and install apps of their own.
  ["tests/fresh/contract_test.ts", "tests/fresh/contract_islands_test.ts"],
];

/** Memory belongs to a whole process: each file here has one of its own. */
export const MEMORY = "tests/memory";

const isIn = (file: string, path: string) => file === path || file.startsWith(`${path}/`);

/** The place in `GROUPS` of the group that a file belongs to. */
function groupOf(file: string): number {
  const fits = GROUPS.map((paths) => Math.max(...paths.map((path) => isIn(file, path) ? path.length : 0)));
  return fits.indexOf(Math.max(...fits));
}

/** The files, as paths from the root, by the process that runs them, in the order in which these begin: the files of
 * memory, which mostly wait, before the groups. */
export function groupFiles(files: readonly string[]): string[][] {
  const sorted = files.toSorted();
  const shared = sorted.filter((file) => !isIn(file, MEMORY));
  return [
    ...sorted.filter((file) => isIn(file, MEMORY)).map((file) => [file]),
    ...GROUPS.map((_, index) => shared.filter((file) => groupOf(file) === index)),
  ].filter((group) => group.length > 0);
}
