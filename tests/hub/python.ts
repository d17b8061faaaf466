// Python's huggingface_hub, for the tests that hold ours against it: NEXTTOKEN_TEST_PYTHON or `python3` with that
// package. Without it the tests are left out aloud, and with NEXTTOKEN_REQUIRE_PYTHON=1 they fail.
import assert from "node:assert/strict";
import { join } from "node:path";

const PYTHON = Deno.env.get("NEXTTOKEN_TEST_PYTHON") ?? "python3";
const required = Deno.env.get("NEXTTOKEN_REQUIRE_PYTHON") === "1";
const there = await hasPackage();
if (!there && !required) {
  console.warn(`LEFT OUT: what is held against Python's hub. ${PYTHON} with huggingface_hub is missing.`);
}

async function hasPackage(): Promise<boolean> {
  try {
    return (await new Deno.Command(PYTHON, { args: ["-c", "import huggingface_hub"], stderr: "null" })
      .output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** A test that needs the package. */
export function pythonTest(name: string, work: () => Promise<void>): void {
  Deno.test({
    name: there ? name : `${name} (left out: no huggingface_hub)`,
    ignore: !there && !required,
    fn: async () => {
      assert.ok(there, "huggingface_hub is required (NEXTTOKEN_REQUIRE_PYTHON=1) and missing");
      await work();
    },
  });
}

/** What `script`, a file beside this one, prints; `input` is its standard input. Fails with what it says. */
export async function runPython(
  script: string,
  args: readonly string[],
  { input = "", ...options }: { input?: string; env?: Record<string, string>; cwd?: string } = {},
): Promise<string> {
  const process = new Deno.Command(PYTHON, {
    args: [join(import.meta.dirname!, script), ...args],
    ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
    ...options,
    env: { HF_HUB_DISABLE_TELEMETRY: "1", ...options.env },
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { success, stdout, stderr } = await process.output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
