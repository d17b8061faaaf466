// The page's workers: bundled by themselves into static/workers, so that the page's own scripts hold nothing of them.
import { fileURLToPath } from "node:url";
import { writeChanged } from "./write_changed.ts";

/** What static/workers holds: its files by name, and what each is made of. */
const WORKERS = { "constraint.js": "../explorer/constraints/worker/worker.ts" } as const;

/** Writes the workers that differ from what is there. Throws an Error that says what could not be built. */
export async function bundleWorkers(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, source] of Object.entries(WORKERS)) {
    const { success, errors, outputFiles = [] } = await Deno.bundle({
      entrypoints: [fileURLToPath(new URL(source, import.meta.url))],
      platform: "browser",
      format: "esm",
      minify: true,
      write: false,
    });
    const [built] = outputFiles;
    if (!success || built === undefined) {
      throw new Error(`The worker ${name} does not build: ${errors.map(({ text }) => text).join("; ")}`);
    }
    await writeChanged(`${folder}/${name}`, built.text());
  }
}
