// The command line as a process of its own, for tests.
import { join } from "node:path";
import { type FakeHub, fakeHub } from "./fake_hub.ts";
import { smallRepository, WEIGHTS, withFolder } from "./support.ts";

export const ROOT = join(import.meta.dirname!, "..", "..");
export const ID = "acme/tiny";

/** Starts `models.ts` with `args`, over the hub at `hub` and the cache in `cache`. */
export function models(
  hub: string,
  cache: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-A", join(ROOT, "models.ts"), ...args],
    env: {
      ...{ DENO_NO_UPDATE_CHECK: "1" }, // as in the task: once a day Deno asks for its newest version
      ...{ HF_ENDPOINT: hub, HF_HUB_CACHE: cache, HF_TOKEN: "", HF_TOKEN_PATH: join(cache, "none") },
      ...env,
    },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** How a process ended, and all that it wrote. */
export async function outcome(child: Deno.ChildProcess): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await child.output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

/** Runs `work` with a hub that has one small repository, an empty cache, and the weights. */
export async function withHub(
  work: (hub: FakeHub, cache: string, weights: Uint8Array) => Promise<void>,
): Promise<void> {
  const repositories = await smallRepository();
  const hub = await fakeHub(repositories);
  try {
    await withFolder((cache) => work(hub, cache, repositories[ID]![WEIGHTS]!));
  } finally {
    await hub.close();
  }
}
