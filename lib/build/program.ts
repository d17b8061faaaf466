// The server's program in few files: reading its 500 modules one by one, with their types, takes 130 ms of a start.
import { dirname } from "node:path";
import { BUILT_FOLDER } from "../basics/program.ts";

/** What processes and Workers begin with; nothing imports the Workers. */
export const ENTRIES = [
  "main.ts",
  "lib/worker/worker.ts",
  "lib/worker/attribution/worker.ts",
  "lib/worker/opening/background_opener.ts",
  "lib/sandbox/worker.ts",
] as const;

/** What `server.js`, written for its own folder, is told of where it lies. */
const OF_SERVER = "await installFromDisk(app, import.meta.dirname,";
const OF_BUILT = "await installFromDisk(app, `${import.meta.dirname}/..`,";

/** Bundles the program below `root`, whose `_fresh/server.js` is there, into `_fresh/app`: an entry keeps its path,
 * what several share lies beside them. Throws an Error that says what could not be built. */
export async function bundleProgram(root: string): Promise<void> {
  const { success, errors, outputFiles = [] } = await Deno.bundle({
    entrypoints: ENTRIES.map((entry) => `${root}/${entry}`),
    platform: "deno",
    format: "esm",
    codeSplitting: true,
    external: ["onnxruntime-node"], // native code beside it
    outputDir: "/",
    write: false,
  });
  if (!success) throw new Error(`The program does not build: ${errors.map(({ text }) => text).join("; ")}`);
  const folder = `${root}/${BUILT_FOLDER}`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.remove(folder, { recursive: true });
  let placed = 0;
  for (const { path, contents } of outputFiles) {
    const code = new TextDecoder().decode(contents);
    if (code.includes(OF_SERVER)) placed++;
    const kept = withoutUnused(code);
    const place = folder + path.replaceAll("\\", "/").replace(/^.*?\//, "/");
    await Deno.mkdir(dirname(place), { recursive: true });
    await Deno.writeTextFile(place, kept.replace(OF_SERVER, OF_BUILT));
  }
  if (placed !== 1) {
    throw new Error("The program does not build: its server.js is not what the Builder writes.");
  }
}

/** `code` without the modules of Node that nothing in it uses: the bundler leaves them, in case reading them does
 * something, and a start would wait for them (10 ms for srvx's node:http2). */
function withoutUnused(code: string): string {
  return code.replaceAll(/^import (\w+) from "node:[^"]+";\n/gm, (line, name) => {
    const uses = code.match(new RegExp(`(?<![\\w$])${name}(?![\\w$])`, "g"))!;
    return uses.length > 1 ? line : "";
  });
}
