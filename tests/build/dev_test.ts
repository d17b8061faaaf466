// `deno task dev` as a process: what it cannot do is a sentence, as at a start.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { PATIENCE } from "../patience.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MODEL = `${ROOT}tests/fixtures/tiny-models/tiny-gpt2`;

/** What it says, without colours, when it ends by itself. */
async function dev(env: Record<string, string>): Promise<{ code: number; said: string }> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--no-prompt", "-P=serve", "dev.ts"],
    cwd: ROOT,
    env: { NO_COLOR: "1", NEXTTOKEN_MODEL: MODEL, NEXTTOKEN_THREADS: "1", ...env },
    stdout: "null",
    stderr: "piped",
  }).output();
  return { code, said: new TextDecoder().decode(stderr) };
}

Deno.test("dev with a port that is in use or is none says so and ends with 1", PATIENCE, async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const [used, none] = await Promise.all([dev({ PORT: ` ${port} ` }), dev({ PORT: "5e3" })]);
  assert.equal(used.code, 1);
  assert.match(used.said, new RegExp(`^Port ${port} is in use\\.`, "m"));
  assert.doesNotMatch(used.said, /AddrInUse/);
  assert.deepEqual(none, {
    code: 1,
    said: 'PORT must be a whole number from 0 to 65535, but is "5e3".\n',
  });
});

Deno.test("the build's program begins with no more rights than the build has", PATIENCE, async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--no-prompt", "-P=build", "dev.ts", "nothing"],
    cwd: ROOT,
    env: { NO_COLOR: "" }, // what looks for colours reads other variables then
    stdout: "null",
    stderr: "piped",
  }).output();
  assert.equal(new TextDecoder().decode(stderr), "Usage: dev.ts [build [--force | --if-stale]]\n");
  assert.equal(code, 1);
});
