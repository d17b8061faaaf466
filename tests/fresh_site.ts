// The small site in fixtures/fresh_site, built for the tests of Fresh's API. Like them it imports nothing else.
import { App, staticFiles } from "fresh";
import { Builder } from "fresh/dev";
import type { State } from "./fixtures/fresh_site/state.ts";

export const ORIGIN = "http://localhost";
const ROOT = decodeURIComponent(new URL("..", import.meta.url).pathname).slice(0, -1);
const SITE = "tests/fixtures/fresh_site";

/** A Builder for the site; a build to disk goes to `outDir`. */
export function builderOf(outDir: string): Builder<State> {
  return new Builder<State>({
    root: ROOT,
    outDir,
    staticDir: `${SITE}/static`,
    islandDir: `${SITE}/islands`,
    routeDir: `${SITE}/routes`,
    serverEntry: `${SITE}/main.ts`,
  });
}

/** The site with its build in memory; `applyBuild` installs the same build into another app. */
export async function openSite() {
  const outDir = await Deno.makeTempDir();
  const applyBuild = await builderOf(outDir).build({ mode: "production", snapshot: "memory" });
  await Deno.remove(outDir, { recursive: true });
  const app = new App<State>().use(staticFiles()).fsRoutes();
  applyBuild(app);
  const handler = app.handler();
  const fetchSite = (path: string, init?: RequestInit) => handler(new Request(ORIGIN + path, init));
  const textOf = async (path: string, init?: RequestInit) => await (await fetchSite(path, init)).text();
  return { fetchSite, textOf, applyBuild };
}
