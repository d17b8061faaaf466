// The app without a server: routes over a set of services. main.ts gives it the real ones, tests fake ones.
import { App, staticFiles } from "fresh";
import { protect } from "./lib/api/http/protect.ts";
import type { ModelLock } from "./lib/engine/model_lock.ts";
import { AnswerBudget } from "./lib/engine/answer_budget.ts";
import type { Services, State } from "./lib/define.ts";

/** Routes, static files and guards over the services of each request: the same ones for all in the product.
 * `handler()` needs a built snapshot (dev.ts, `_fresh/`). */
export function createApp(services: Services | ((request: Request) => Services)): App<State> {
  const servicesOf = typeof services === "function" ? services : () => services;
  const app = new App<State>();
  const answers = new AnswerBudget();
  const lock: ModelLock = { locked: false };
  app.use((ctx) => {
    Object.assign(ctx.state, { answers, lock }, servicesOf(ctx.req));
    return ctx.next();
  });
  app.use(protect); // before the static files, which get its headers too
  app.use(staticFiles());
  app.fsRoutes();
  return app;
}
