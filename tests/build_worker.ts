// What the test command builds before the tests start.
import { BUILT_FOLDER } from "../lib/basics/program.ts";

/** The variable that tells a test where the built worker lies, as a URL. */
export const BUILT_WORKER = "NEXTTOKEN_TEST_WORKER";

const ROOT = new URL("../", import.meta.url);

/** Builds the program where its sources have changed, as the start task does. The variables that tests find its worker
 * by; none where it does not build, which tests/build says. */
export async function buildWorker(): Promise<Record<string, string>> {
  const args = ["run", "--quiet", "--no-prompt", "-P=build", "dev.ts", "build", "--if-stale"];
  const built = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdout: "null", stderr: "null" })
    .output();
  return built.success ? { [BUILT_WORKER]: new URL(`${BUILT_FOLDER}/lib/worker/worker.js`, ROOT).href } : {};
}
