// The app with its real routes over a fake engine, asked without a network or through a real server.
import type { App, Context } from "fresh";
import { createApp } from "../../app.ts";
import type { State } from "../../lib/define.ts";
import type { Config } from "../../lib/config/config.ts";
import { createLog } from "../../lib/log.ts";
import { listen } from "../../lib/server/listen.ts";
import { refuseBadUrls } from "../../lib/api/http/protect.ts";
import { fakeChecks } from "../fake_checks.ts";
import { fakeConfig } from "../fake_config.ts";
import { createFakeEngine, type FakeEngine, type FakeOptions } from "../fakes.ts";

interface ApiRoute {
  readonly handler: (ctx: Context<State>) => Response | Promise<Response>;
}

/** Every route file of the API, as the server would find it. */
const API_ROUTES = await Promise.all(
  walk("routes").filter((path) => path.endsWith(".ts")).map(async (path) => ({
    path: path.slice("routes/".length),
    module: await import(`../../${path}`) as ApiRoute,
  })),
);

/** Makes `app` answer by the route files of the API. */
export function withApiRoutes(app: App<State>): App<State> {
  for (const { path, module } of API_ROUTES) {
    const pattern = path.replace(/\.ts$/, "").replace(/\[\.\.\.(\w+)\]/, ":$1*").replace(/\[(\w+)\]/, ":$1");
    app.all(`/${pattern}`, module.handler);
  }
  return app;
}

/** Answers that a test of the edges needs. */
const EXTRA_ROUTES: Readonly<Record<string, ApiRoute["handler"]>> = {
  "/": ({ state }) =>
    page(`<!DOCTYPE html><title>The page</title><script nonce="${state.nonce()}"></script>`),
  // What Fresh's static files say to every method but GET and HEAD.
  "/styles.css": () => Promise.resolve(new Response("Method Not Allowed", { status: 405 })),
  "/broken": () => Promise.reject(new Error("secret detail <b>")),
  "/elsewhere": () => Response.redirect("http://localhost:5005/"),
  "/api/broken": () => Promise.reject(new Error("secret detail")),
};

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

interface FakeAppOptions extends FakeOptions {
  readonly config?: Partial<Config>;
  /** A build that the app serves as well. */
  readonly install?: (app: App<State>) => void;
}

export function fakeApp(options: FakeAppOptions = {}): FakeApp {
  const engine = createFakeEngine(options);
  const logged: string[] = [];
  const log = createLog("debug", (_, line) => logged.push(line));
  const app = createApp({ engine, checks: fakeChecks(), config: fakeConfig(options.config), log });
  withApiRoutes(app);
  for (const [path, answer] of Object.entries(EXTRA_ROUTES)) app.all(path, answer);
  options.install?.(app);
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
  app: Pick<FakeApp, "handler">,
  use: (address: { port: number; url: string }) => Promise<void>,
): Promise<void> {
  const server = await listen(app.handler, "127.0.0.1", 0);
  try {
    await use({ port: server.port, url: `http://127.0.0.1:${server.port}` });
  } finally {
    await server.close(500);
  }
}

/** Sends bytes as they are and returns the answer up to the end of the connection. */
export async function raw(port: number, text: string): Promise<string> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const answer = new Response(connection.readable).text(); // closes the connection at its end
  const writer = connection.writable.getWriter();
  await writer.write(new TextEncoder().encode(text));
  writer.releaseLock();
  return await answer;
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
