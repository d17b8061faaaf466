// The house rules that a machine can check: who imports whom, circles, what must never be reached from main.ts, the
// sizes of files and functions. The folders and their imports are the table in CLAUDE.md.
import assert from "node:assert/strict";
import { findCircles, type Graph } from "./architecture/circles.ts";
import { listExports, listImportedNames, listUndocumented } from "./architecture/exports.ts";
import { folderOf, parseFolderTable, readFolderTable } from "./architecture/folder_table.ts";
import { lacksVerb, listFunctions } from "./architecture/function_names.ts";
import { findLongFunctions } from "./architecture/function_length.ts";
import { programFiles, readModules, ROOT, sourcesIn } from "./architecture/modules.ts";

/** Packages that only worker entries may reach: they are large, native or run untrusted programs. */
const WORKERS_ONLY = [
  "onnxruntime-node",
  "oniguruma-to-es",
];

/** What no start needs, and how long a processor takes to read it (Deno 2.9.6): node:crypto 13 ms, the next two 4 each,
 * the packages 6. */
const NOT_AT_A_START = [
  "node:crypto",
  "node:module",
  "node:fs/promises",
  "onnx-buf",
  "@bufbuild/protobuf",
  "zod",
];
/** Where the reading of a start begins: the process, the worker, and what that reads while weights load. */
const READ_AT_A_START = [
  "main.ts",
  "lib/worker/worker.ts",
  "lib/worker/jobs.ts",
  "lib/worker/rehearsal.ts",
  "lib/worker/opening/assemble.ts",
  "lib/text/codec.ts",
];

const MAX_LINES = 300;
const MAX_FUNCTION_LINES = 40;
/** Columns of a line that has a comment; code is folded by the formatter, comments are not. */
const MAX_COMMENT_WIDTH = 120;
/** The program inside a replay's file: one function, because it travels as its own text. */
const ONE_FUNCTION = "lib/explorer/share/exports/replay/player.ts";
/** Exports that built code imports, which lies in no folder of the house. */
const FOR_BUILDS = ["lib/fresh/client.ts boot", "lib/fresh/install.ts installFromDisk"];
/** Files that are one table: more lines make them no harder to read. */
const TABLES: readonly string[] = ["lib/sampling/table.ts"];

const FRESH = {
  "fresh": "lib/fresh/mod.ts",
  "fresh/runtime": "lib/fresh/runtime.ts",
  "fresh/dev": "lib/fresh/dev.ts",
};

const modules = await readModules();
const table = await readFolderTable();

Deno.test("every import keeps to the table of folders", () => {
  const wrong = new Set<string>();
  for (const [path, imports] of modules) {
    const from = folderOf(path, table);
    if (from === null) wrong.add(`${path} lies in no folder of the table in CLAUDE.md`);
    for (const { to, isPackage } of imports) {
      const target = isPackage ? to : folderOf(to, table);
      if (from === null || target === null || target === from || /^(_fresh\/|node:)/.test(to)) continue;
      const allowed = table.get(from)!;
      if (!allowed.has(target) && !allowed.has(target.split("/")[0]!)) wrong.add(`${path} imports ${target}`);
    }
  }
  assert.deepEqual([...wrong], []);
  assert.ok(modules.size > 300, "the walk saw the program");
});

Deno.test("the table lets no folder import one that may import it", () => {
  const arrows: Graph = new Map(
    [...table].map(([from, allowed]) => [from, [...allowed].filter((to) => to !== from && table.has(to))]),
  );
  assert.deepEqual(newCircles(arrows), []);
});

Deno.test("no file imports one that imports it, over however many others; types count", () => {
  const files: Graph = new Map(
    [...modules].map((
      [path, imports],
    ) => [path, imports.filter((one) => !one.isPackage).map((one) => one.to)]),
  );
  assert.deepEqual(newCircles(files), []);
});

function newCircles(graph: Graph): readonly string[] {
  return findCircles(graph);
}

Deno.test("nothing that main.ts reaches as it starts reaches what only workers may load", () => {
  const reached = reachedFrom("main.ts");
  assert.deepEqual([...reached].filter((name) => WORKERS_ONLY.includes(name)), []);
  assert.ok(reached.has("app.ts") && reached.size > 10, "the walk saw the app");
});

Deno.test("a start reads nothing that is slow to read and that it does not need", () => {
  const read = READ_AT_A_START.flatMap((entry) =>
    [...reachedFrom(entry)].filter((name) => NOT_AT_A_START.includes(name)).map((name) => `${entry}: ${name}`)
  );
  assert.deepEqual(read, []);
  const all = [...modules.values()].flat();
  assert.deepEqual(NOT_AT_A_START.filter((name) => all.every(({ to }) => to !== name)), [], "is of no use");
});

/** What is read when `entry` is: all that is imported, but not later. */
function reachedFrom(entry: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const walk = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    const begins = path === "main.ts"; // it imports the app when the worker has begun
    for (const { to, isType, isDynamic } of modules.get(path) ?? []) {
      if (!isType && (begins || !isDynamic)) walk(to);
    }
  };
  walk(entry);
  return reached;
}

Deno.test("no file is too long to read, and no line of code says any", async () => {
  const faults: string[] = [];
  for (const folder of ["routes/", "islands/", "components/", "lib/", "tests/", "bench/"]) {
    for await (const file of sourcesIn(folder)) {
      if (file.startsWith("tests/fixtures/")) continue;
      const text = await Deno.readTextFile(new URL(file, ROOT));
      const lines = text.split("\n").length - 1;
      if (lines > MAX_LINES && !TABLES.includes(file)) faults.push(`${file} has ${lines} lines`);
      if (
        folder === "lib/" && /(:|as|<)\s*any\b(?!\s*[a-z])/.test(text.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, ""))
      ) {
        faults.push(`${file} uses any`);
      }
    }
  }
  assert.deepEqual(faults, []);
});

Deno.test(`no comment goes beyond column ${MAX_COMMENT_WIDTH}`, async () => {
  const faults: string[] = [];
  for (const file of await sourcesAndTests()) {
    const lines = (await Deno.readTextFile(new URL(file, ROOT))).split("\n");
    lines.forEach((line, at) => {
      if (line.length > MAX_COMMENT_WIDTH && hasComment(line)) faults.push(`${file}:${at + 1}`);
    });
  }
  assert.deepEqual(faults, []);
});

/** Whether a line is of a comment, or ends with one. */
function hasComment(line: string): boolean {
  return /^\s*(\/\/|\/?\*)|[^:]\/\/ /.test(line);
}

/** The program's files, and those of tests and bench but for fixtures. */
async function sourcesAndTests(): Promise<readonly string[]> {
  const files = [...await programFiles()];
  for (const folder of ["tests/", "bench/"]) files.push(...await Array.fromAsync(sourcesIn(folder)));
  return files.filter((file) => !file.startsWith("tests/fixtures/"));
}

Deno.test(`no function is longer than ${MAX_FUNCTION_LINES} lines`, async () => {
  const faults: string[] = [];
  for (const file of await programFiles()) {
    if (file === ONE_FUNCTION) continue;
    const source = await Deno.readTextFile(new URL(file, ROOT));
    for (const { name, line, lines } of findLongFunctions(file, source, MAX_FUNCTION_LINES)) {
      faults.push(`${file}:${line} ${name} has ${lines} lines`);
    }
  }
  assert.deepEqual(faults, []);
});

Deno.test("functions are named by what they do: none by a participle alone, by where or by how many", async () => {
  const faults: string[] = [];
  let seen = 0;
  for (const file of await programFiles()) {
    for (const { name, line } of listFunctions(await Deno.readTextFile(new URL(file, ROOT)))) {
      if (lacksVerb(name)) faults.push(`${file}:${line} ${name}`);
      seen++;
    }
  }
  assert.deepEqual(faults, []);
  assert.ok(seen > 1000, "the walk saw the functions");
});

Deno.test("every exported function of lib says what it does", async () => {
  const faults: string[] = [];
  for await (const file of sourcesIn("lib/")) {
    const source = await Deno.readTextFile(new URL(file, ROOT));
    for (const { name, line } of listUndocumented(source)) faults.push(`${file}:${line} ${name}`);
  }
  assert.deepEqual(faults, []);
});

Deno.test("what a module exports is imported somewhere", async () => {
  const imported = new Set<string>();
  const exported = new Map<string, readonly string[]>();
  for (const folder of ["lib/", "components/", "islands/", "routes/", "tests/", "bench/", ""]) {
    const files = folder === "" ? await programFiles() : await Array.fromAsync(sourcesIn(folder));
    for (const file of files) {
      const source = await Deno.readTextFile(new URL(file, ROOT));
      for (const name of listImportedNames(source)) imported.add(resolveImport(file, name));
      if (/^(lib|components|tests|bench)\//.test(file) && !file.startsWith("tests/fixtures/")) {
        exported.set(file, listExports(source).map(({ name }) => name));
      }
    }
  }
  const dead = [...exported].flatMap(([file, names]) =>
    imported.has(`${file}:*`)
      ? []
      : names.filter((name) => !imported.has(`${file}:${name}`)).map((name) => `${file} ${name}`)
  );
  assert.deepEqual(dead.filter((one) => !FOR_BUILDS.includes(one)), []);
  assert.ok(imported.size > 1000, "the walk saw the imports");
});

/** "./x.ts:name" in `file` → "lib/a/x.ts:name"; names of the import map as deno.json has them. */
function resolveImport(file: string, imported: string): string {
  const at = imported.lastIndexOf(":");
  const [specifier, name] = [imported.slice(0, at), imported.slice(at)];
  if (specifier in FRESH) return `${FRESH[specifier as keyof typeof FRESH]}${name}`;
  if (!specifier.startsWith(".")) return imported;
  return new URL(specifier, new URL(file, "file:///")).pathname.slice(1) + name;
}

Deno.test("every file that CLAUDE.md names is there", async () => {
  const files = await sourcesAndTests();
  const text = await Deno.readTextFile(new URL("CLAUDE.md", ROOT));
  const named = [...text.matchAll(/`([\w./-]+\.tsx?)`/g)].map(([, path]) => path!);
  const missing = named.filter((path) => !files.some((file) => file === path || file.endsWith(`/${path}`)));
  assert.deepEqual(missing, []);
  assert.ok(named.length > 50, "the test saw the names");
});

Deno.test("the API routes are short: parse, one engine call, answer", async () => {
  const faults: string[] = [];
  for await (const file of sourcesIn("routes/api/")) {
    const text = await Deno.readTextFile(new URL(file, ROOT));
    const code = text.split("\n").filter((line) => line.trim() && !line.trim().startsWith("//"));
    if (code.length > 25) faults.push(`${file} has ${code.length} lines of code`);
  }
  assert.deepEqual(faults, []);
});

Deno.test("the checks of this file see what they look for", () => {
  const circles = findCircles(
    new Map([["a", ["b"]], ["b", ["c", "d"]], ["c", ["a"]], ["d", ["d2"]], ["d2", []]]),
  );
  assert.deepEqual(circles, ["a → b → c → a"]);

  const source = "export const f = () => {\n  return {\n    g() {\n      return 1;\n    },\n  };\n};\n";
  assert.deepEqual(findLongFunctions("f.ts", source, 3), [{ name: "f", line: 1, lines: 7 }]);
  assert.deepEqual(findLongFunctions("f.tsx", source, 2).map((one) => one.name), ["f", "g"]);

  assert.deepEqual(["// a", " * a", "f(); // a"].map(hasComment), [true, true, true]);
  assert.deepEqual(['get("http://a")', "a / b"].map(hasComment), [false, false]);

  assert.deepEqual(listFunctions("// function a\n  export async function* removed<T>() {}\n"), [
    { name: "removed", line: 2 },
  ]);
  const unsaid = ["removed", "built", "inFront", "only", "orElse", "otherBar"];
  assert.deepEqual(unsaid.filter(lacksVerb), unsaid);
  assert.deepEqual(["feed", "removedTokens", "otherBarOf", "includes", "not"].filter(lacksVerb), []);

  assert.deepEqual(
    listUndocumented("/** a */\nexport function a() {}\nexport function b() {}\nexport const c = 1;\n"),
    [{ name: "b", line: 3 }],
  );
  assert.deepEqual(listImportedNames('import { a as b, type C } from "./x.ts";\nawait import("./y.ts");\n'), [
    "./x.ts:a",
    "./x.ts:C",
    "./y.ts:*",
  ]);

  const rows =
    "| folder | holds | may import |\n| - | - | - |\n| `main.ts` | x | `a/*`, `zod` |\n| `lib/a/b/` | x | |\n";
  const small = parseFolderTable(`${rows}\nafter\n`);
  assert.deepEqual([...small.get("main.ts")!], ["lib/basics", "lib/fault.ts", "lib/a/b", "zod"]);
  assert.equal(folderOf("lib/a/b/c.ts", small), "lib/a/b");
  assert.equal(folderOf("lib/a/c.ts", small), null);
});

Deno.test("the page writes numbers in one place: no other file cuts one to some digits", async () => {
  const places = ["lib/basics/number_text.ts", "lib/basics/round.ts", "lib/explorer/words/format.ts"];
  const faults: string[] = [];
  for (const folder of ["lib/basics/", "lib/explorer/", "lib/attribution/", "components/", "islands/"]) {
    for await (const file of sourcesIn(folder)) {
      const source = await Deno.readTextFile(new URL(file, ROOT));
      const code = source.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, "");
      const cuts = /\.(toFixed|toPrecision|toExponential|toLocaleString)\(|\bNumberFormat\b/.test(code);
      if (cuts && !places.includes(file)) faults.push(file);
    }
  }
  assert.deepEqual(faults, []);
});
