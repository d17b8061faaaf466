// Builds the page and serves it while it is being worked on.
//   deno run -A dev.ts build            builds into _fresh/ unless that still fits its sources
//   deno run -A dev.ts build --force    builds in any case
//   deno run -A --watch dev.ts          serves, building again after a change
import { Builder } from "fresh/dev";
import { copyFonts } from "./lib/build/fonts.ts";
import { joinStyles } from "./lib/build/styles.ts";
import { bundleWorkers } from "./lib/build/workers.ts";
import { bundleProgram } from "./lib/build/program.ts";
import { hashInputs, readHash, recordHash } from "./lib/build/stale.ts";
import { describeNotWritable } from "./lib/build/not_writable.ts";
import { isMalformed, readConfig } from "./lib/config/config.ts";
import type { State } from "./lib/define.ts";
import { whyNotListening } from "./lib/server/why_not_listening.ts";

const root = import.meta.dirname!;
const outDir = `${root}/_fresh`;

/** Puts into static/ what is made of other files. */
async function fillStatic(): Promise<void> {
  await joinStyles(root, `${root}/static/page.css`);
  await bundleWorkers(`${root}/static/workers`);
}

/** Builds where the sources have changed since the last build. */
async function build(force: boolean): Promise<void> {
  // The same sources give another build with Fresh itself than with the stand-in.
  const fresh = import.meta.resolve("fresh");
  const hash = await hashInputs(root, fresh);
  if (!force && await readHash(outDir) === hash) return;
  await fillStatic();
  await new Builder<State>({ root }).build();
  if (fresh.startsWith("file:")) await bundleProgram(root); // Fresh itself serves from the sources
  await recordHash(outDir, hash);
  console.log("Built the page into _fresh/.");
}

/** Serves what it builds in memory; what it cannot do is said as by the start. */
async function serve(): Promise<void> {
  const config = readConfig((name) => Deno.env.get(name), { model: "", memoryBytes: null });
  if (isMalformed(config)) {
    for (const sentence of config) console.error(sentence);
    Deno.exit(1);
  }
  await fillStatic();
  const { host, port } = config;
  const serving = new Builder<State>({ root }).listen(() => import("./main.ts"), { port, hostname: host });
  await serving.catch((error) => {
    const sentence = whyNotListening(error, config);
    if (sentence === null) throw error;
    console.error(sentence);
    Deno.exit(1);
  });
}

/** Says what cannot be written, and ends with exit code 1; any other error stays one. */
function explainNotWritable(error: unknown): never {
  const sentence = describeNotWritable(error, root);
  if (sentence === null) throw error;
  console.error(sentence);
  Deno.exit(1);
}

await copyFonts(`${root}/static/fonts`).catch(explainNotWritable);
const [command, ...flags] = Deno.args;
if (command === undefined) {
  await serve();
} else if (command === "build" && flags.every((flag) => flag === "--force" || flag === "--if-stale")) {
  await build(flags.includes("--force")).catch(explainNotWritable);
} else {
  console.error("Usage: dev.ts [build [--force | --if-stale]]");
  Deno.exit(1);
}
