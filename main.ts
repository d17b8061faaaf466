// Entry: configuration, engine, app, listen. Importing it gives `app` with the model loading; running it serves.
import { entryUrlOf, programFolder } from "./lib/basics/program.ts";
import { describeUnknownArgument, helpText, isMalformed, readConfig } from "./lib/config/config.ts";
import { beginRuntime } from "./lib/engine/runtime.ts";
import { createLog, createOutput } from "./lib/log.ts";

/** Bundled with the repository, so that the first start works with no network. */
const DEFAULT_MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct";
/** What the build exports; Fresh's own has no `readRest`. */
interface Server {
  readonly fetch: unknown;
  readonly readRest?: () => Promise<void>;
}
/** Milliseconds for the first requests to a model. */
const READ_AFTER_MS = 1000;
/** The same for a model that does not come: a download takes minutes, and another build may take the files away. */
const READ_ANYWAY_MS = 10_000;

// The only place that asks where the repository is; everything else is told.
const root = programFolder();
// As it was built, this module is a part of what the process begins with.
const begins = import.meta.main || Deno.mainModule === entryUrlOf("main.ts").href;

if (begins && Deno.args.length > 0) {
  const unknown = describeUnknownArgument(Deno.args);
  if (unknown === null) console.log(helpText());
  else console.error(unknown);
  Deno.exit(unknown === null ? 0 : 1);
}

const config = readConfig((name) => Deno.env.get(name), {
  model: DEFAULT_MODEL,
  memoryBytes: Deno.systemMemoryInfo().total,
});
if (isMalformed(config)) {
  for (const sentence of config) console.error(sentence);
  Deno.exit(1);
}

// Other threads load ONNX Runtime and begin the session that an earlier start remembers; the worker reads its modules
// while this thread reads its own, those first that tell it what to load: hence no more imports above than a start
// needs to know that it is one.
const runtime = beginRuntime(root, config.model);
await runtime.begun;
const [{ readCacheFolder }, { beginFirstSession }, { spawnWorker }, { hubSettingsOf, readHubAddress }] =
  await Promise.all([
    import("./lib/config/cache_folder.ts"),
    import("./lib/engine/first_session.ts"),
    import("./lib/engine/worker_port.ts"),
    import("./lib/hub/fetch/settings.ts"),
  ]);
const { createModelRoots } = await import("./lib/hub/resolve.ts");
const hub = await readHubAddress((name) => Deno.env.get(name)).catch((error) => {
  console.error(error.message);
  Deno.exit(1);
});
const { modelsDir, model, device, variant, runner, prefetch } = config;
const roots = createModelRoots(`${root}/models`, { modelsDir, model, cwd: Deno.cwd() });
const spec = {
  backend: "onnx",
  ...{ root, roots, hub, model, device, runner, prefetch },
  variant,
  cacheBytes: config.kvCacheBytes,
  cacheFolder: readCacheFolder((name) => Deno.env.get(name)),
  remoteKey: config.remoteKey === null ? null : { model, key: config.remoteKey },
} as const;
// Meanwhile what else the first Worker would have this thread read, and wait.
const [begun] = await Promise.all([beginFirstSession(spec, runtime), import("node:process")]);
const early = [spawnWorker()];
const { createModelLists } = await import("./lib/hub/model_lists.ts");
const { createEngine } = await import("./lib/engine/engine.ts");

const output = createOutput();
const log = createLog(config.logLevel, output.write);
const engine = createEngine({
  ...{ spec, begun },
  spawn: () => early.pop() ?? spawnWorker(),
  modelLists: createModelLists(roots, hubSettingsOf(hub)),
  log: (level, message) => log[level](message),
});

const { createApp } = await import("./app.ts");
const { createConstraintChecks } = await import("./lib/engine/constraint_checks.ts");
const { serveBelowBasePath } = await import("./lib/api/http/base_path.ts");
const { compressPages } = await import("./lib/api/http/compress.ts");
const { refuseBadUrls } = await import("./lib/api/http/protect.ts");
const { serve } = await import("./lib/server/serve.ts");

const checks = createConstraintChecks();

export const app = createApp({ engine, checks, config, log });

if (begins) {
  // Not awaited: the snapshot imports this module, and must find it finished. It gives `app` its routes and islands.
  import("./_fresh/server.js").then(({ default: { readRest } }: { default: Server }) => {
    const handler = compressPages(serveBelowBasePath(refuseBadUrls(app.handler()), config));
    serve(handler, { config, engine, checks, log }, output);
    // What no request has asked for yet; who asks for what cannot be read is told.
    const read = () => readRest?.();
    const anyway = setTimeout(read, READ_ANYWAY_MS);
    const stop = engine.subscribe(({ model }) => {
      if (model.state === "none") return;
      stop();
      clearTimeout(anyway);
      setTimeout(read, READ_AFTER_MS);
    });
  });
}
