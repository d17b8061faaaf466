// The API's real routes over any engine, behind the real server, and a client of it.
import { createApp } from "../../app.ts";
import type { Engine } from "../../lib/engine/types.ts";
import type { JobProgress } from "../../lib/wire/progress.ts";
import { listen } from "../../lib/server/listen.ts";
import { createLog } from "../../lib/log.ts";
import { fakeConfig } from "../fake_config.ts";
import { fakeChecks } from "../fake_checks.ts";
import { withApiRoutes } from "../routes/fake_app.ts";

/** The API over `engine` on a free port of this machine. */
export async function withApi(engine: Engine, work: (url: string) => Promise<void>): Promise<void> {
  const app = withApiRoutes(createApp({
    engine,
    checks: fakeChecks(),
    config: fakeConfig(),
    log: createLog("error", () => {}),
  }));
  const server = await listen(app.handler(), "127.0.0.1", 0);
  try {
    await work(`http://127.0.0.1:${server.port}`);
  } finally {
    await server.close(0);
  }
}

export interface AskOptions {
  /** X-NextToken-Client. */
  readonly page?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: JobProgress) => void;
}

/** POST /api/next-token; with `onProgress` as events. */
export async function askApi(url: string, ids: readonly number[], options: AskOptions = {}) {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (options.page) headers["x-nexttoken-client"] = options.page;
  if (options.onProgress) headers["accept"] = "text/event-stream";
  const init = { method: "POST", headers, body: JSON.stringify({ ids, top_k: 5 }) };
  const response = await fetch(`${url}/api/next-token`, {
    ...init,
    ...(options.signal && { signal: options.signal }),
  });
  if (!options.onProgress) return { status: response.status, body: await response.json() };
  let text = "";
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    for (const [, data] of part.matchAll(/event: progress\r?\ndata: (.*)/g)) {
      options.onProgress(JSON.parse(data!));
    }
  }
  const result = /event: result\r?\ndata: (.*)/.exec(text)?.[1];
  return { status: response.status, body: result === undefined ? null : JSON.parse(result) };
}
