// The app with its real routes over a fake engine, asked without a network or through a real server.
import { h } from "preact";
import { createApp } from "../../app.ts";
import type { Config } from "../../lib/config/config.ts";
import { installBuild } from "../../lib/fresh/install.ts";
import { createLog } from "../../lib/log.ts";
import { listen } from "../../lib/server/listen.ts";
import { refuseBadUrls } from "../../lib/api/http/protect.ts";
import { fakeChecks } from "../fake_checks.ts";
import { fakeConfig } from "../fake_config.ts";
import { createFakeEngine, type FakeEngine, type FakeOptions } from "../fakes.ts";

/** Every route file of the API, as the server would find it. */
export const API_ROUTES = await Promise.all(
  walk("routes").filter((path) => path.endsWith(".ts")).map(async (path) => ({
    path: path.slice("routes/".length),
    module: await import(`../../${path}`) as Record<string, unknown>,
  })),
);

/** Routes that a test of the edges needs. */
const EXTRA_ROUTES = [
  { path: "index.ts", module: { handler: () => page("<!DOCTYPE html><title>The page</title>") } },
  { path: "rendered.ts", module: { default: () => h("script", null, "1") } },
  { path: "broken.ts", module: { handler: () => Promise.reject(new Error("secret detail <b>")) } },
  { path: "elsewhere.ts", module: { handler: () => Response.redirect("http://localhost:5005/") } },
  { path: "api/broken.ts", module: { handler: () => Promise.reject(new Error("secret detail")) } },
];
const STYLES = new TextEncoder().encode("body { margin: 0 }");

/** URL paths of `API_ROUTES`, as OpenAPI writes them. */
export const API_PATHS = API_ROUTES.map(({ path }) =>
  `/${path.replace(/\.ts$/, "").replace(/\[(?:\.\.\.)?(\w+)\]/, "{$1}")}`
).sort();

export interface FakeApp {
  readonly engine: FakeEngine;
  readonly logged: readonly string[];
  readonly handler: (request: Request, info: Deno.ServeHandlerInfo) => Promise<Response>;
  /** Asks under http://localhost:5005. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** POST of JSON. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

export function fakeApp(options: FakeOptions & { config?: Partial<Config> } = {}): FakeApp {
  const engine = createFakeEngine(options);
  const logged: string[] = [];
  const log = createLog("debug", (_, line) => logged.push(line));
  const app = createApp({ engine, checks: fakeChecks(), config: fakeConfig(options.config), log });
  const manifest = { id: "build", mode: "production", client: "", islands: [] } as const;
  const modules = { routes: [...API_ROUTES, ...EXTRA_ROUTES], islands: [] };
  installBuild(app, manifest, modules, new Map([["/styles.css", STYLES]]));
  const handler = refuseBadUrls(app.handler());
  const ask = (path: string, init?: RequestInit) =>
    handler(new Request(`http://localhost:5005${path}`, init), INFO);
  return {
    engine,
    logged,
    handler,
    ask,
    post: (path, body, headers = {}) =>
      ask(path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
  };
}

/** The app behind a real server on a free port, for what only a network shows. */
export async function withServer(
  app: FakeApp,
  use: (address: { port: number; url: string }) => Promise<void>,
): Promise<void> {
  const server = await listen(app.handler, "127.0.0.1", 0);
  try {
    await use({ port: server.port, url: `http://127.0.0.1:${server.port}` });
  } finally {
    await server.close(500);
  }
}

function page(html: string): Response {
  return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
}

const INFO: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 40000 },
  completed: Promise.resolve(),
};

function walk(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory ? walk(path) : [path];
  });
}
