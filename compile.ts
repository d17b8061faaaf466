// `deno task compile`: one binary with the model, the page and the runtime library of one platform inside. Extra
// arguments go to `deno compile` (for example --target). A binary extracts itself once, because native code reads
// real files only.
import { join, relative } from "node:path";
import { BUILT_FOLDER } from "./lib/basics/program.ts";
import { ENTRIES } from "./lib/build/program.ts";

const ROOT = import.meta.dirname!;
const RUNTIME = `${packageFolder("onnxruntime-node")}/bin/napi-v6`;

/** Workers are started by URL: nothing imports them, so they are named. */
const WORKERS = ENTRIES.filter((entry) => entry !== "main.ts");

/** Packages that only tests use; everything in node_modules is packed otherwise. */
const TEST_PACKAGES = ["playwright-core", "axe-core", "fast-check", "ajv", "ajv-formats", "openai"];

/** The runtime folders that onnxruntime-node ships, by the target triple they serve. */
const PLATFORMS: Readonly<Record<string, string>> = {
  "x86_64-unknown-linux-gnu": "linux/x64",
  "aarch64-unknown-linux-gnu": "linux/arm64",
  "aarch64-apple-darwin": "darwin/arm64",
  "x86_64-pc-windows-msvc": "win32/x64",
  "aarch64-pc-windows-msvc": "win32/arm64",
};

const PERMISSIONS = [
  "--no-prompt",
  "--allow-net",
  "--allow-read",
  "--allow-ffi",
  "--allow-env",
  "--allow-write",
  "--allow-sys=systemMemoryInfo,statfs,networkInterfaces,cpus",
];

/** Where the installed package lies, relative to the root. An exclude of any outer folder has no effect. */
function packageFolder(name: string): string {
  const real = Deno.realPathSync(join(ROOT, "node_modules", name));
  return relative(ROOT, real).replaceAll("\\", "/");
}

function targetOf(args: readonly string[]): string {
  const at = args.indexOf("--target");
  const inline = args.find((argument) => argument.startsWith("--target="))?.slice("--target=".length);
  return inline ?? (at >= 0 ? args[at + 1] ?? "" : Deno.build.target);
}

/** Arguments of `deno compile` for a target; ends the process where there is no runtime library for it. */
function compileArgs(target: string, extra: readonly string[]): string[] {
  const kept = Object.hasOwn(PLATFORMS, target) ? PLATFORMS[target] : undefined;
  if (kept === undefined) {
    const reason = target === "" ? "--target names none" : `ONNX Runtime has no build for ${target}`;
    console.error(`${reason}. Use one of ${Object.keys(PLATFORMS).join(", ")}.`);
    Deno.exit(1);
  }
  const others = Object.values(PLATFORMS).filter((platform) => platform !== kept);
  const output = extra.some((argument) => argument.startsWith("--output") || argument === "-o");
  return [
    ...["compile", "--no-check", "--self-extracting", ...PERMISSIONS],
    ...[...WORKERS, "models", "static", "_fresh"].flatMap((path) => ["--include", path]),
    ...others.flatMap((platform) => ["--exclude", `${RUNTIME}/${platform}`]),
    ...["--exclude", BUILT_FOLDER], // the sources are inside
    ...TEST_PACKAGES.flatMap((name) => ["--exclude", packageFolder(name)]),
    ...(output ? [] : ["--output", "next-token"]),
    ...extra,
    "main.ts",
  ];
}

async function deno(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ ok: boolean; text: string }> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env,
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return { ok: success, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** Whether a program is Deno with its tools; denort runs what is packed with it, and knows no command. */
async function isDeno(path: string): Promise<boolean> {
  if (Deno.realPathSync(path) === Deno.realPathSync(Deno.execPath())) return true;
  const args = ["eval", "console.log('deno'.toUpperCase())"];
  const answer = await new Deno.Command(path, { args, stdin: "null" }).output().catch(() => null);
  return answer !== null && new TextDecoder().decode(answer.stdout).includes("DENO");
}

const args = compileArgs(targetOf(Deno.args), Deno.args);
const build = await deno(["task", "build"]);
if (!build.ok) {
  console.error(build.text);
  Deno.exit(1);
}

let standIn = false;
let result = await deno(args);
const unreachable = /denort|download|error sending request|dns error/i;
if (!result.ok && !Deno.env.get("DENORT_BIN") && unreachable.test(result.text)) {
  console.error(
    "The runtime for compiled programs (denort) could not be fetched. Packing with Deno itself instead:",
  );
  console.error("the file list is the same, and that is all it is good for.");
  standIn = true;
  result = await deno(args, { DENORT_BIN: Deno.execPath() });
}
console.log(result.text);
if (!result.ok) {
  console.error("No program was written: above, deno compile says why.");
  Deno.exit(1);
}
const packed = Deno.env.get("DENORT_BIN") ?? (standIn ? Deno.execPath() : null);
if (packed !== null && await isDeno(packed)) {
  console.error(
    "What was packed is Deno itself and not denort: the file that was written starts Deno, not Next Token. " +
      "Run this once where denort can be downloaded.",
  );
  Deno.exit(1);
}
console.log("Done.");
