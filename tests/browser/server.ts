// The real page and the real routes over a fake engine, on a free port.
import { fileURLToPath } from "node:url";
import { createApp } from "../../app.ts";
import { copyFonts } from "../../lib/build/fonts.ts";
import type { State } from "../../lib/define.ts";
import { Builder } from "fresh/dev";
import { listen } from "../../lib/server/listen.ts";
import { createLog } from "../../lib/log.ts";
import type { Config } from "../../lib/config/config.ts";
import type { Engine } from "../../lib/engine/types.ts";
import { fakeConfig } from "../fake_config.ts";
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

/** Builds the page once; the function that comes back serves it, each time with an engine of its own. */
export async function buildPage(): Promise<Start> {
  await copyFonts(`${ROOT}static/fonts`);
  const install = await new Builder<State>({ root: ROOT }).build({ snapshot: "memory" });
  return async (options = {}) => {
    const engine = createFakeEngine(options);
    const app = createApp({
      engine: options.real?.() ?? engine,
      config: fakeConfig(options.config),
      log: createLog("error", () => {}),
    });
    install(app);
    const { port = 0 } = options;
    const server = await listen(app.handler(), "127.0.0.1", port); // as the product does
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
