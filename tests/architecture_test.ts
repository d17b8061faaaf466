// The house rules that a machine can check: who imports whom, what must never be reached from main.ts, file sizes.
import assert from "node:assert/strict";
import { fromFileUrl, relative, toFileUrl } from "./paths.ts";

const ROOT = new URL("..", import.meta.url);

interface Dependency {
  readonly specifier: string;
  readonly code?: { readonly specifier?: string };
  readonly isDynamic?: boolean;
}
interface Module {
  readonly specifier: string;
  readonly kind?: string;
  readonly local?: string;
  readonly dependencies?: readonly Dependency[];
}

/** Folder → what code in it may import: other folders, or packages by name. Type-only imports are free. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  "main.ts": [
    "app.ts",
    "_fresh",
    "lib/api",
    "lib/config",
    "lib/engine",
    "lib/hub",
    "lib/log",
    "lib/server",
  ],
  "app.ts": ["fresh", "lib/define", "lib/api"],
  "dev.ts": ["fresh", "main.ts", "lib/build", "@fontsource-variable"],
  "models.ts": ["lib/config", "lib/hub"],
  "routes": ["fresh", "preact", "lib/define", "lib/api", "islands", "components"],
  "islands": ["components", "lib/explorer", "fresh", "preact", "@preact/signals"],
  "components": [
    "fresh",
    "preact",
    "@preact/signals",
    "lucide-preact",
    "d3-hierarchy",
    "lib/explorer",
  ],
  "lib/fresh": ["preact", "@preact/signals", "preact-render-to-string"],
  "lib/define": ["fresh"],
  "lib/config": ["lib/log", "lib/hub"],
  "lib/server": ["srvx"],
  "lib/log": [],
  "lib/fault": [],
  "lib/build": ["lib/fresh", "fresh"],
  "lib/api": ["zod", "fresh", "lib/define", "lib/fault", "lib/log", "lib/config"],
  "lib/engine": ["lib/worker", "lib/hub", "lib/ort", "lib/fault"],
  "lib/worker": [
    "lib/attribution",
    "lib/decode",
    "lib/fault",
    "lib/hub",
    "lib/onnx",
    "lib/ort",
    "lib/runners",
    "lib/sampling",
    "lib/sandbox",
    "lib/text",
    "lru-cache",
  ],
  "lib/attribution": [
    "lib/fault",
    "lib/onnx",
    "lib/ort",
    "lib/runners",
    "lib/sampling",
    "onnx-buf",
    "@bufbuild/protobuf",
  ],
  "lib/runners": ["lib/fault", "lib/ort"],
  "lib/ort": ["onnxruntime-node", "onnx-buf", "@bufbuild/protobuf", "lib/fault"],
  "lib/onnx": ["lib/ort", "onnx-buf", "@bufbuild/protobuf", "lib/fault"],
  "lib/decode": ["lib/sampling", "lib/constraints", "lib/text", "lib/fault"],
  "lib/sampling": [],
  "lib/wire": ["lib/sampling"],
  "lib/constraints": ["lib/fault", "@eslint-community/regexpp", "refa"],
  "lib/text": ["@huggingface/tokenizers", "lib/sandbox", "lib/fault"],
  "lib/sandbox": ["@huggingface/jinja", "lib/fault"],
  "lib/hub": ["lib/fault"],
  "lib/explorer": ["lib/sampling", "@preact/signals", "eventsource-parser", "idb-keyval"],
};

/** Packages that only worker entries may reach: they are large, native or run untrusted programs. */
const WORKERS_ONLY = [
  "onnxruntime-node",
  "@huggingface/tokenizers",
  "@huggingface/jinja",
];

const MAX_LINES = 300;
/** Files that are one table: more lines make them no harder to read. */
const TABLES: readonly string[] = [];

async function graphOf(entry: string): Promise<readonly Module[]> {
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", fromFileUrl(new URL(entry, ROOT))],
    stdout: "piped",
    stderr: "null",
  }).output();
  return (JSON.parse(new TextDecoder().decode(output.stdout)) as { modules: Module[] }).modules;
}

/** "lib/text/codec.ts" → "lib/text"; "npm:zod@4.6.7" → "zod"; node: and data: → null. */
function placeOf(specifier: string): string | null {
  const name = /^npm:\/?((?:@[^/]+\/)?[^@/]+)/.exec(specifier)?.[1];
  if (name) return name;
  if (!specifier.startsWith("file:")) return null;
  const path = relative(ROOT, specifier);
  const packaged = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  if (packaged) return packaged;
  const [top, second] = path.split("/");
  if (top === "lib") return `lib/${second!.replace(/(_\w+)?\.tsx?$/, "")}`;
  return top!;
}

function allows(from: string, to: string, specifier: string): boolean {
  if (from === to) return true;
  if (to === "lib/fresh") return (MAY_IMPORT[from] ?? []).includes("fresh");
  const allowed = MAY_IMPORT[from];
  assert.ok(allowed, `No rule for the folder ${from}; add it to tests/architecture_test.ts and CLAUDE.md.`);
  return allowed.some((name) =>
    name === to || specifier.startsWith(`npm:${name}/`) || to.startsWith(`${name}/`)
  );
}

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(new URL(folder, ROOT))) {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory) yield* sources(`${path}/`);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

const ENTRIES = ["main.ts", "dev.ts", "lib/worker/worker.ts", "lib/worker/opening/background_opener.ts"];

Deno.test("every import keeps to the table of folders", async () => {
  const wrong = new Set<string>();
  const files = [...ENTRIES];
  for (const folder of ["routes/", "islands/", "components/", "lib/"]) {
    for await (const file of sources(folder)) files.push(file);
  }
  const seen = new Set<string>();
  for (const entry of files) {
    if (seen.has(entry)) continue;
    for (const module of await graphOf(entry)) {
      if (!module.specifier.startsWith("file:") || module.specifier.includes("/node_modules/")) continue;
      const path = relative(ROOT, module.specifier);
      if (seen.has(path) || path.startsWith("_fresh/")) continue;
      seen.add(path);
      const from = placeOf(module.specifier)!;
      for (const { code } of module.dependencies ?? []) {
        const to = code?.specifier ? placeOf(code.specifier) : null;
        if (to && !allows(from, to, code!.specifier!)) wrong.add(`${path} imports ${to}`);
      }
    }
  }
  assert.deepEqual([...wrong], []);
});

Deno.test("nothing reached statically from main.ts reaches what only workers may load", async () => {
  const modules = new Map((await graphOf("main.ts")).map((module) => [module.specifier, module]));
  const reached = new Set<string>();
  const walk = (specifier: string) => {
    if (reached.has(specifier)) return;
    reached.add(specifier);
    for (const { code, isDynamic } of modules.get(specifier)?.dependencies ?? []) {
      if (code?.specifier && !isDynamic) walk(code.specifier);
    }
  };
  walk(toFileUrl(new URL("main.ts", ROOT)));
  const forbidden = [...reached].map(placeOf).filter((place) => place && WORKERS_ONLY.includes(place));
  assert.deepEqual(forbidden, []);
  assert.ok(reached.size > 10, "the walk saw the app");
});

Deno.test("no file is too long to read, and no line of code says any", async () => {
  const faults: string[] = [];
  for (const folder of ["routes/", "islands/", "components/", "lib/", "tests/", "bench/"]) {
    for await (const file of sources(folder)) {
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

Deno.test("the API routes are short: parse, one engine call, answer", async () => {
  const faults: string[] = [];
  for await (const file of sources("routes/api/")) {
    const text = await Deno.readTextFile(new URL(file, ROOT));
    const code = text.split("\n").filter((line) => line.trim() && !line.trim().startsWith("//"));
    if (code.length > 25) faults.push(`${file} has ${code.length} lines of code`);
  }
  assert.deepEqual(faults, []);
});
