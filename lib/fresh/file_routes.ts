// Route files: `routes/api/models.ts` answers /api/models, an `index` file its folder, `items/[id].ts` every /items/7,
// and `files/[...path].ts` whatever is below /files.
import type { Build, RouteModule } from "./build.ts";
import { renderPage, type Site } from "./render.ts";
import type { Middleware, PageComponent } from "./types.ts";

const APP = /^_app\.[jt]sx?$/;

/** What answers a URL path, and the parts of the path that its file's name leaves open. */
export interface Found<S> {
  readonly answer: Middleware<S>;
  readonly params: Readonly<Record<string, string>>;
}

/** A path as a file has it, "/items/[id]", and what answers there. */
export interface Route<S> {
  readonly path: string;
  readonly answer: Middleware<S>;
}

/** Finds what answers a URL path; null: nothing does. */
export type RouteTable<S> = (pathname: string) => Found<S> | null;

/** The routes of a build. Throws an Error that names the file for what Fresh knows and this stand-in does not: groups,
 * layouts, handler objects and the like; of a module that is read later when it has been. */
export function listFileRoutes<S>(build: Build): Route<S>[] {
  const app = build.routes.find(({ path }) => APP.test(path));
  if (typeof app?.module === "object") asPage(app.module.default, "_app");
  const readSite = keepOnce(() => siteOf<S>(app, build));
  return build.routes.filter(({ path }) => !APP.test(path)).map(({ path, module }) => ({
    path: urlPathOf(path),
    answer: typeof module === "function"
      ? answerLater(async () => answerOf(path, await module(), readSite))
      : answerOf(path, module, readSite),
  }));
}

async function siteOf<S>(
  app: RouteModule | undefined,
  { islands, client }: Build,
): Promise<Site<S>> {
  const { default: component } = await (typeof app?.module === "function" ? app.module() : app?.module) ?? {};
  return { app: asPage<S>(component, "_app"), islands: await islands(), client };
}

/** An answer that is made for the first request. */
function answerLater<S>(make: () => Promise<Middleware<S>>): Middleware<S> {
  const made = keepOnce(make);
  return async (ctx) => (await made())(ctx);
}

/** What `make` gives, asked for once. A failure stays too: that of an import Deno (2.9.6) keeps by its address, so to
 * ask again would not help. */
function keepOnce<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => made ??= make();
}

/** A path as `App.all` takes it, "/items/:id" or "/files/:rest*", as a file has it. */
export function filePathOf(path: string): string {
  return path.replaceAll(/(?<=\/):(\w+)(\*?)/g, (_, name, rest) => rest === "" ? `[${name}]` : `[...${name}]`)
    .replace(/\/$/, "");
}

/** A path with parameters never answers with a slash at its end; every other one does. */
export function createRouteTable<S>(routes: readonly Route<S>[]): RouteTable<S> {
  const fixed = new Map(routes.map(({ path, answer }) => [path, answer]));
  const patterns = routes.filter(({ path }) => path.includes("[")).sort(comparePatterns).map(patternOf);
  return (pathname) => {
    const exact = fixed.get(pathname.replace(/\/$/, ""));
    if (exact !== undefined && !pathname.includes("[")) return { answer: exact, params: {} };
    for (const { match, answer } of patterns) {
      const groups = match.exec(pathname)?.groups;
      if (groups !== undefined) return { answer, params: decodeGroups(groups) };
    }
    return null;
  };
}

/** A segment that is fixed goes before one that is open, and that before an open rest. */
function comparePatterns<S>({ path: a }: Route<S>, { path: b }: Route<S>): number {
  const kind = (path: string) =>
    path.split("/").map((part) => part.startsWith("[...") ? 2 : part.startsWith("[") ? 1 : 0);
  const [left, right] = [kind(a), kind(b)];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? 0 : left[at]! - (right[at] ?? 0);
}

function patternOf<S>(
  { path, answer }: Route<S>,
): { readonly match: RegExp; readonly answer: Middleware<S> } {
  const source = path.split("/").slice(1).map((part) => {
    const [, rest, name] = /^\[(\.\.\.)?(\w+)\]$/.exec(part) ?? [];
    if (name === undefined) return `/${part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`;
    return rest === undefined ? `/(?<${name}>[^/]+)` : `(?:/(?<${name}>.*))?`;
  });
  return { match: new RegExp(`^${source.join("")}$`), answer };
}

/** Escapes are decoded, but for those of what has a meaning in a path (%2F stays). */
function decodeGroups(groups: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value = ""]) => [name, decodeURI(value)]));
}

function urlPathOf(file: string): string {
  const path = `/${file.replace(/\.[^./]+$/, "")}`;
  const open = path.replaceAll(/(?<=\/)\[\w+\](?=\/|$)|(?<=\/)\[\.\.\.\w+\]$/g, "");
  if (/[[\]()]|\/_/.test(open)) {
    throw unsupportedError(file, "parameters that are whole segments, no groups and no underscore in front");
  }
  return path.replace(/\/index$/, "");
}

function answerOf<S>(
  path: string,
  { handler, handlers, config, default: component }: Readonly<Record<string, unknown>>,
  readSite: () => Promise<Site<S>>,
): Middleware<S> {
  const page = asPage<S>(component, path);
  if (handlers !== undefined || config !== undefined || (handler === undefined) === (page === null)) {
    throw unsupportedError(path, "one export: a handler function or a default page component");
  }
  if (page !== null) return async (ctx) => renderPage(ctx, page, await readSite());
  if (typeof handler !== "function") throw unsupportedError(path, "a handler that is a function");
  return handler as Middleware<S>;
}

function asPage<S>(component: unknown, path: string): PageComponent<S> | null {
  if (component === undefined) return null;
  if (typeof component === "function" && component.constructor.name === "Function") {
    return component as PageComponent<S>;
  }
  throw unsupportedError(path, "a page component that is a function and not async");
}

function unsupportedError(path: string, wanted: string): Error {
  return new Error(`Expected the route file ${path} to have ${wanted}: lib/fresh supports nothing else`);
}
