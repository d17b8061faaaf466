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
import { unwrittenSentence } from "./lib/build/unwritten.ts";
import type { State } from "./lib/define.ts";

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

/** Says what cannot be written, and ends with exit code 1; any other error stays one. */
function explainUnwritten(error: unknown): never {
  const sentence = unwrittenSentence(error, root);
  if (sentence === null) throw error;
  console.error(sentence);
  Deno.exit(1);
}

await copyFonts(`${root}/static/fonts`).catch(explainUnwritten);
const [command, ...flags] = Deno.args;
if (command === undefined) {
  await fillStatic();
  const port = Number(Deno.env.get("PORT") ?? 5005);
  const hostname = Deno.env.get("HOST") ?? "127.0.0.1";
  await new Builder<State>({ root }).listen(() => import("./main.ts"), { port, hostname });
} else if (command === "build" && flags.every((flag) => flag === "--force" || flag === "--if-stale")) {
  await build(flags.includes("--force")).catch(explainUnwritten);
} else {
  console.error("Usage: dev.ts [build [--force | --if-stale]]");
  Deno.exit(1);
}
