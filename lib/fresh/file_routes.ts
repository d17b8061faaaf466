// Route files: `routes/api/models.ts` answers /api/models, an `index` file its folder.
import type { Build, RouteModule } from "./build.ts";
import { renderPage } from "./render.ts";
import type { Middleware, PageComponent } from "./types.ts";

const APP = /^_app\.[jt]sx?$/;

/** What answers at each URL path, which has no slash at its end ("" is the root). Throws an Error that names the
 * file for what Fresh knows and this stand-in does not: parameters, groups, layouts, handler objects and the like. */
export function fileRoutes<S>(build: Build): Map<string, Middleware<S>> {
  const app = build.routes.find(({ path }) => APP.test(path))?.module.default;
  const routes = build.routes.filter(({ path }) => !APP.test(path));
  return new Map(
    routes.map((route) => [urlPath(route.path), answerOf(route, asPage<S>(app, "_app"), build)]),
  );
}

function urlPath(file: string): string {
  const path = `/${file.replace(/\.[^./]+$/, "")}`;
  if (/[[\]()]|\/_/.test(path)) {
    throw unsupported(file, "a name without brackets, groups or an underscore in front");
  }
  return path.replace(/\/index$/, "");
}

function answerOf<S>(
  { path, module }: RouteModule,
  app: PageComponent<S> | null,
  build: Build,
): Middleware<S> {
  const { handler, handlers, config } = module;
  const page = asPage<S>(module.default, path);
  if (handlers !== undefined || config !== undefined || (handler === undefined) === (page === null)) {
    throw unsupported(path, "one export: a handler function or a default page component");
  }
  if (page !== null) return (ctx) => renderPage(ctx, page, app, build);
  if (typeof handler !== "function") throw unsupported(path, "a handler that is a function");
  return handler as Middleware<S>;
}

function asPage<S>(component: unknown, path: string): PageComponent<S> | null {
  if (component === undefined) return null;
  if (typeof component === "function" && component.constructor.name === "Function") {
    return component as PageComponent<S>;
  }
  throw unsupported(path, "a page component that is a function and not async");
}

function unsupported(path: string, wanted: string): Error {
  return new Error(`Expected the route file ${path} to have ${wanted}: lib/fresh supports nothing else`);
}
