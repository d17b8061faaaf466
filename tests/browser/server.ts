// The real page and the real routes over a fake engine, on a free port.
import { fileURLToPath } from "node:url";
import { copyFonts } from "../../lib/build/fonts.ts";
import { joinStyles } from "../../lib/build/styles.ts";
import { bundleWorkers } from "../../lib/build/workers.ts";
import { hashInputs, readHash, recordHash } from "../../lib/build/stale.ts";
import { serveBelowBasePath } from "../../lib/api/http/base_path.ts";
import type { State } from "../../lib/define.ts";
import { Builder } from "fresh/dev";
import { listen, type Listening } from "../../lib/server/listen.ts";
import { createLog } from "../../lib/log.ts";
import type { Config } from "../../lib/config/config.ts";
import type { Engine } from "../../lib/engine/types.ts";
import { fakeConfig } from "../fake_config.ts";
import { toFileUrl } from "../paths.ts";
import { app, serveOn } from "./entry.ts";
import { fakeChecks } from "../fake_checks.ts";
import { createFakeEngine, type FakeEngine, type FakeOptions } from "../fakes.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface PageServer {
  readonly url: string;
  readonly port: number;
  readonly engine: FakeEngine;
  close(): Promise<void>;
}

export interface StartOptions extends FakeOptions {
  readonly config?: Partial<Config>;
  readonly port?: number; // default: a free one
  /** A real engine in the place of the fake one; whoever made it closes it. */
  readonly real?: () => Engine;
}
export type Start = (options?: StartOptions) => Promise<PageServer>;

/** The page as the product builds it, in a folder of the tests: made anew where its sources have changed, by the first
 * process that needs it, while the others wait. */
async function buildOnce(): Promise<string> {
  const outDir = `${ROOT}tests/_fresh`; // not in _fresh/, which goes into the binary
  await Deno.mkdir(outDir, { recursive: true });
  using lock = await Deno.open(`${outDir}/lock`, { create: true, write: true });
  await lock.lock(true); // given back with the file
  const hash = await hashInputs(ROOT, "tests");
  if (await readHash(outDir) !== hash) {
    await copyFonts(`${ROOT}static/fonts`);
    await joinStyles(ROOT, `${ROOT}static/page.css`);
    await bundleWorkers(`${ROOT}static/workers`);
    await new Builder<State>({ root: ROOT, outDir, serverEntry: "tests/browser/entry.ts" }).build();
    await recordHash(outDir, hash);
  }
  return outDir;
}

/** Listens as the product does; on a free port where another server has this one. */
async function listenAt(port: number, config: Config): Promise<Listening> {
  const handler = serveBelowBasePath(app.handler(), config);
  try {
    return await listen(handler, "127.0.0.1", port);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    return await listen(handler, "127.0.0.1", 0);
  }
}

/** The function that comes back serves the page, each time with an engine of its own. */
export async function buildPage(): Promise<Start> {
  const outDir = await buildOnce();
  await import(toFileUrl(`${outDir}/server.js`)); // gives `app` its routes and islands
  let port = 0; // the same for all servers, one after the other, of this suite
  return async (options = {}) => {
    const engine = createFakeEngine(options);
    const services = {
      engine: options.real?.() ?? engine,
      checks: fakeChecks(),
      config: fakeConfig(options.config),
      log: createLog("error", () => {}),
    };
    const server = await listenAt(options.port ?? port, services.config);
    port ||= server.port;
    serveOn(server.port, services);
    return {
      port: server.port,
      url: `http://127.0.0.1:${server.port}`,
      engine,
      close: async () => {
        engine.release();
        await engine.close();
        await server.close(100);
      },
    };
  };
}
