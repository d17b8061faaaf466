// The small site in tests/fixtures/fresh_site, built for the tests of Fresh's API. Like them it imports nothing else.
// Built while the module loads: Fresh's own bundler leaves a process running, which no test may have started.
import { Builder } from "fresh/dev";
import { createApp } from "../fixtures/fresh_site/main.ts";
import type { State } from "../fixtures/fresh_site/state.ts";

export const ORIGIN = "http://localhost";

/** A Builder for the site; a build to disk goes to `outDir`. */
export function builderOf(outDir: string): Builder<State> {
  const root = decodeURIComponent(new URL("../fixtures/fresh_site", import.meta.url).pathname);
  return new Builder<State>({ root, outDir });
}

const unused = await Deno.makeTempDir();
const install = await builderOf(unused).build({ mode: "production", snapshot: "memory" });
await Deno.remove(unused, { recursive: true });
const app = createApp();
install(app);
const handler = app.handler();

/** Asks the site, whose build is in memory. */
export function fetchSite(path: string, init?: RequestInit): Promise<Response> {
  return handler(new Request(ORIGIN + path, init));
}

export async function textOf(path: string, init?: RequestInit): Promise<string> {
  return await (await fetchSite(path, init)).text();
}
