// What `deno task compile` packs, read from the list of embedded files. Where denort cannot be fetched the task packs
// with Deno itself, so the binary is not run here.
import assert from "node:assert/strict";

const ROOT = new URL("..", import.meta.url);
// deno-lint-ignore no-control-regex -- colours in the output of deno compile
const COLOURS = /\x1b\[[0-9;]*m/g;

/** The tree that deno compile prints, as paths from the root of the packed files. */
function embeddedPaths(output: string): string[] {
  const folders: string[] = [];
  const paths: string[] = [];
  for (const line of output.split("\n")) {
    const match = /^((?:[│ ] )*)[├└]─[─┬] (\S+)/.exec(line);
    if (!match) continue;
    const depth = match[1]!.length / 2;
    folders.length = depth;
    folders[depth] = match[2]!;
    paths.push(folders.join("/"));
  }
  return paths;
}

/** Packages of deno.json that nothing imports but tests and bench. */
async function testPackages(): Promise<string[]> {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  let sources = "";
  const read = async (folder: URL) => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) await read(new URL(`${name}/`, folder));
      else if (/\.tsx?$/.test(name)) sources += await Deno.readTextFile(new URL(name, folder));
    }
  };
  for (const folder of ["components/", "islands/", "lib/", "routes/"]) await read(new URL(folder, ROOT));
  sources += await Deno.readTextFile(new URL("dev.ts", ROOT));
  return Object.entries(imports as Record<string, string>)
    .filter(([name, target]) =>
      target.startsWith("npm:") && !new RegExp(`(?:from |\\()["\`]${name}["/]`).test(sources)
    )
    .map(([name]) => name.replace("/", "+"));
}

Deno.test("compile packs model, page, workers and one platform's runtime, and no test packages", async () => {
  const folder = await Deno.makeTempDir({ prefix: "next-token-" });
  const output = `${folder}/next-token`;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "compile", "--output", output],
    cwd: ROOT,
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = (new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr)).replace(COLOURS, "");
  await Deno.remove(folder, { recursive: true });
  // With no network there is no denort: the list is the same, and the task says that the file is no program.
  const standIn = text.includes("What was packed is Deno itself and not denort");
  assert.equal(success, !standIn, text);
  const paths = embeddedPaths(text);
  const has = (part: string) => paths.some((path) => path.includes(part));
  for (const part of ["models", "static", "_fresh", "lib", "main.ts", "onnxruntime-node/bin/napi-v6"]) {
    assert.ok(has(part), `${part} is missing in\n${paths.join("\n")}`);
  }
  const platform = { linux: "linux", darwin: "darwin", windows: "win32" }[Deno.build.os as string]!;
  assert.ok(text.includes(`${platform}/${Deno.build.arch === "x86_64" ? "x64" : "arm64"}/*`), text);
  for (const part of ["axe-core@4.14.1/node_modules/axe-core/axe.js", "win32/x64", "darwin/arm64"]) {
    assert.ok(part.startsWith(platform) || !has(part), `${part} is packed`);
  }
  // "name@1.0.0/*" is a package whole; of one that is left out only the empty folder is listed.
  const packages = await testPackages();
  assert.ok(packages.includes("axe-core") && packages.length < 10, packages.join(", "));
  const whole = new RegExp(`/(?:${packages.join("|")})@[^/]+/\\*$`);
  assert.deepEqual(paths.filter((path) => whole.test(path) || /^[^/]+\/tests\//.test(path)), []);
  const total = Number(/Files: ([\d.]+)MB/.exec(text)?.[1]);
  assert.ok(total > 150 && total < 210, `${total} MB are packed`);
});

Deno.test("a target that there is no runtime library for is named in a sentence, before anything is built", async () => {
  for (
    const [args, named] of [
      [["--target", "nowhere"], "ONNX Runtime has no build for nowhere"],
      [["--target"], "--target names none"],
    ] as const
  ) {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", "--no-prompt", "-P=compile", "compile.ts", ...args],
      cwd: ROOT,
      stdout: "null",
      stderr: "piped",
    }).output();
    const said = new TextDecoder().decode(stderr);
    assert.match(said, new RegExp(`^${named}\\. Use one of .*\\.\n$`));
    assert.equal(code, 1);
  }
});
