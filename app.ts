// The app without a server: routes over a set of services. main.ts gives it the real ones, tests fake ones.
import { App, staticFiles } from "fresh";
import type { Services, State } from "./lib/define.ts";

/** Routes, static files and guards over `services`; `handler()` needs a built snapshot (dev.ts, `_fresh/`). */
export function createApp(services: Services): App<State> {
  const app = new App<State>();
  app.use((ctx) => {
    Object.assign(ctx.state, services);
    return ctx.next();
  });
  app.use(staticFiles());
  app.fsRoutes();
  return app;
}
