// Route files: their paths give patterns and their modules give routes.
import type { RouteModule } from "./build.ts";
import type { Router } from "./router.ts";
import type { HandlerByMethod, Middleware, PageComponent, Route, RouteConfig } from "./types.ts";
import { runRoute } from "./route.ts";

const SPECIAL = new Set(["_app", "_middleware", "_error", "_500", "_404"]);

/** Registers every module: the special files first, then the routes, the more exact pattern before the other. */
export function addFileRoutes<S>(router: Router<S>, modules: readonly RouteModule[]): void {
  const files = modules.map(({ path, module }) => ({ ...place(path), path, module }));
  for (const { name, folder, path, module } of files) {
    if (SPECIAL.has(name)) addSpecial(router, name, folder, exportsOf<S>(path, module), path);
  }
  const routes = files.filter(({ name }) => !SPECIAL.has(name));
  routes.sort((a, b) => sortKey(a) < sortKey(b) ? -1 : 1);
  for (const file of routes) {
    const route = exportsOf<S>(file.path, file.module);
    router.add("ALL", patternOf(file), file.folder, (ctx) => runRoute(ctx, route));
  }
}

interface Place {
  folder: string[];
  name: string;
}

function place(path: string): Place {
  const folder = path.replace(/\.[^./]+$/, "").split("/");
  const name = folder.pop() ?? "";
  if (name.startsWith("_") && !SPECIAL.has(name)) {
    throw new Error(`Expected a route file but found ${path}, which this stand-in does not support`);
  }
  return { folder, name };
}

function urlParts({ folder, name }: Place): string[] {
  return [...folder, name === "index" ? "" : name].filter((part) => part !== "" && !/^\(.*\)$/.test(part));
}

function patternOf(file: Place): string {
  const parts = urlParts(file).map((part) => {
    if (part.startsWith("[[")) return `{/:${part.slice(2, -2)}}?`;
    if (part.startsWith("[...")) return `/:${part.slice(4, -1)}*`;
    return "/" + part.replaceAll(/\[([^\]]+)\]/g, ":$1");
  });
  return parts.join("") || "/";
}

/** Sorts fixed parts before `[x]` before `[[x]]` before `[...x]`. */
function sortKey(file: Place): string {
  const rank = (part: string) =>
    part.startsWith("[...") ? 3 : part.startsWith("[[") ? 2 : part.includes("[") ? 1 : 0;
  return urlParts(file).map((part) => `${rank(part)}${part}`).join("/");
}

function addSpecial<S>(
  router: Router<S>,
  name: string,
  folder: string[],
  route: Route<S>,
  path: string,
): void {
  if (name === "_app") {
    if (route.component !== undefined) router.app = route.component as PageComponent<null, S>;
  } else if (name === "_404") {
    router.notFound = route;
  } else if (name === "_middleware") {
    const found = (route.handler ?? route.component) as unknown as Middleware<S> | Middleware<S>[];
    if (typeof found === "function") router.use(folder, found);
    else if (Array.isArray(found)) router.use(folder, ...found);
    else throw new Error(`Expected ${path} to export a function or an array of functions`);
  } else {
    router.onError(folder, route);
  }
}

function exportsOf<S>(path: string, module: Record<string, unknown>): Route<S> {
  const handler = module.handlers ?? module.handler;
  if (handler === undefined && module.default === undefined) {
    throw new Error(`Expected ${path} to export a default component, handler or handlers`);
  }
  if (typeof handler === "function" && handler.length > 1) {
    throw new Error(`Expected the handler of ${path} to take one argument but found ${handler.length}`);
  }
  return {
    component: module.default as PageComponent<never, S> | undefined,
    handler: handler as HandlerByMethod<unknown, S> | undefined,
    config: module.config as RouteConfig | undefined,
  };
}
