// The real app with the bundled model behind a real server, for clients that are programs of their own.
import { createApp } from "../../app.ts";
import { refuseBadUrls } from "../../lib/api/http/protect.ts";
import type { Engine } from "../../lib/engine/types.ts";
import { createLog } from "../../lib/log.ts";
import type { LoadSpec } from "../../lib/protocol/messages.ts";
import { listen } from "../../lib/server/listen.ts";
import { withEngine } from "../engine/real_engine.ts";
import { specFor } from "../engine/spec.ts";
import { fakeChecks } from "../fake_checks.ts";
import { fakeConfig } from "../fake_config.ts";
import { withApiRoutes } from "../routes/fake_app.ts";

/** Runs `work` with the address of a server and the engine behind it; `more`: what else the engine is to know. */
export async function withServedModel(
  work: (url: string, engine: Engine) => Promise<void>,
  model = "HuggingFaceTB/SmolLM2-135M-Instruct",
  more: Partial<LoadSpec> = {},
): Promise<void> {
  await withEngine(
    specFor(model, { cacheBytes: 256 * 2 ** 20, ...more }),
    async ({ engine }) => {
      const app = withApiRoutes(createApp({
        engine,
        checks: fakeChecks(),
        config: fakeConfig(),
        log: createLog("warn", () => {}),
      }));
      const server = await listen(refuseBadUrls(app.handler()), "127.0.0.1", 0);
      try {
        await work(`http://127.0.0.1:${server.port}`, engine);
      } finally {
        await server.close(500);
      }
    },
  );
}
