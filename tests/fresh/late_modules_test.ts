import assert from "node:assert/strict";
import { type FunctionComponent, h } from "preact";
import { App } from "../../lib/fresh/app.ts";
import type { Modules } from "../../lib/fresh/build.ts";
import { installBuild, readModules } from "../../lib/fresh/install.ts";

const ISLANDS = [{ name: "Counter", chunk: "/counter.js" }];
const manifest = { id: "1", mode: "production", client: "/client.js", islands: ISLANDS } as const;
const Counter = () => h("p", null, "0");

function Around({ Component }: { Component: FunctionComponent }) {
  return h("body", null, h(Component, null));
}

/** Modules that say when they are read. */
function lateModules(): { modules: Modules; read: string[] } {
  const read: string[] = [];
  const later = <T>(name: string, module: T) => () => {
    read.push(name);
    return Promise.resolve(module);
  };
  const routes = [
    { path: "_app.tsx", module: later("_app", { default: Around }) },
    { path: "index.tsx", module: later("index", { default: () => h(Counter, null) }) },
    { path: "named.ts", module: later("named", { handler: () => new Response("named") }) },
    { path: "other.ts", module: later("other", { handlers: {} }) },
  ] as Modules["routes"];
  return { modules: { routes, islands: later("islands", [{ default: Counter }]) }, read };
}

Deno.test("Modules that are read later are read by the first request to them, once", async () => {
  const { modules, read } = lateModules();
  const app = new App().fsRoutes();
  installBuild(app, manifest, modules, new Map());
  const handler = app.handler();
  const textOf = async (path: string) => await (await handler(new Request(`http://localhost${path}`))).text();
  assert.deepEqual(read, []);
  assert.equal(await textOf("/named"), "named");
  assert.equal(await textOf("/named"), "named");
  assert.deepEqual(read, ["named"]);
  for (let time = 0; time < 2; time++) assert.match(await textOf("/"), /<!--frsh:island:Counter:0:-->/);
  assert.deepEqual(read.toSorted(), ["_app", "index", "islands", "named"]);
});

Deno.test("All modules of a build can be read before they are asked for", async () => {
  const { modules, read } = lateModules();
  await readModules(modules);
  assert.deepEqual(read.toSorted(), ["_app", "index", "islands", "named", "other"]);
});

Deno.test("One that cannot be read keeps none of the others from being read", async () => {
  const { modules, read } = lateModules();
  const lost = () => Promise.reject(new Error("No such file"));
  await readModules({ routes: [{ path: "lost.ts", module: lost }, ...modules.routes], islands: lost });
  assert.deepEqual(read.toSorted(), ["_app", "index", "named", "other"]);
});
