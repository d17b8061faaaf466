// `deno task models`: lists, fetches, verifies and removes models on the command line, by the same code that the
// server loads them with.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { listAvailable, listVariants } from "./lib/hub/available.ts";
import { cachedIds, removeCached } from "./lib/hub/cache.ts";
import { findCachedAny } from "./lib/hub/load.ts";
import { sizeText } from "./lib/hub/memory.ts";
import { parseHubId, refuseName } from "./lib/hub/names.ts";
import { progressLine } from "./lib/hub/progress.ts";
import { pullModel } from "./lib/hub/pull.ts";
import { modelRoots, resolveModel } from "./lib/hub/resolve.ts";
import { type HubSettings, readHubSettings } from "./lib/hub/settings.ts";
import { verifyCached, verifyFolder } from "./lib/hub/verify.ts";
import type { LoadProgress } from "./lib/inference/types.ts";

const HELP = `Usage: deno task models <command>

  list                       every model that can be loaded: bundled, cached, and some to fetch
  files <owner/name>         the files the hub has of a model, with sizes and what each costs
  pull <owner/name[@rev]>    fetch a model into the cache (again: only what changed or is missing)
  verify [owner/name]        check the files of one model, or of all, against their checksums
  remove <owner/name>        remove a model from the cache

  --dtype <name>   for pull: fp32, fp16, q4, q4f16, q8, int8 ... (default: NEXTTOKEN_DTYPE, else chosen)
  --gpu            for pull: choose the file as for a GPU

Variables: HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE, HTTPS_PROXY, NEXTTOKEN_MODELS_DIR.
`;

interface Context {
  readonly hub: HubSettings;
  readonly signal: AbortSignal;
  readonly dtype: string | null;
  readonly gpu: boolean;
}

const ROOTS = modelRoots(join(import.meta.dirname!, "models"), {
  modelsDir: Deno.env.get("NEXTTOKEN_MODELS_DIR") ?? null,
  cwd: Deno.cwd(),
});

async function list({ hub }: Context): Promise<number> {
  const models = await listAvailable({ roots: ROOTS, hub, device: "cpu" });
  const width = Math.max(...models.map((model) => model.id.length));
  for (const model of models) {
    const place = model.bundled ? "bundled" : model.cached ? "here" : "to fetch";
    const about = model.cached ? sizeText(model.bytes) : `~${sizeText(model.bytes)}`;
    const weights = model.parameters === null ? "" : `${Math.round(model.parameters / 1e6)}M`;
    const columns = [model.id.padEnd(width), place.padEnd(8), weights.padStart(6), model.dtype.padStart(6)];
    console.log([...columns, about.padStart(8), model.license ?? ""].join("  ").trimEnd());
  }
  return 0;
}

async function files(name: string, { hub, signal }: Context): Promise<number> {
  const { id, revision } = hubIdOf(name);
  const found = await listVariants(id, revision, hub, signal);
  console.log(`${found.source}${found.license === null ? "" : ` (${found.license})`}`);
  for (const file of found.files) {
    console.log(`  ${file.path.padEnd(28)} ${sizeText(file.bytes).padStart(8)}  ${file.fidelity}`);
  }
  return 0;
}

async function pull(name: string, { hub, signal, dtype, gpu }: Context): Promise<number> {
  const { id, revision } = hubIdOf(name);
  const bar = progressBar();
  const wish = { device: gpu ? "cuda" : "cpu", dtype } as const;
  try {
    const pulled = await pullModel(id, revision, wish, hub, { signal, onProgress: bar.show });
    bar.end();
    if (pulled.notice !== null) console.log(pulled.notice);
    console.log(`${id} is here: ${pulled.file.path} (${pulled.file.fidelity}).`);
  } finally {
    bar.end();
  }
  return 0;
}

async function verify(name: string | null, { hub, signal }: Context): Promise<number> {
  let bad = 0;
  let checked = 0;
  const check = async (id: string, files: AsyncIterable<{ name: string; good: boolean }>) => {
    for await (const file of files) {
      console.log(`${file.good ? "ok      " : "DAMAGED "} ${id} ${file.name}`);
      checked++;
      if (!file.good) bad++;
    }
  };
  if (name === null) {
    const models = await listAvailable({ roots: ROOTS, hub, device: "cpu" });
    for (const { id, bundled } of models) {
      if (bundled) await check(id, verifyFolder(join(ROOTS.bundled, id), signal));
    }
    for (const id of await cachedIds(hub.cacheFolder)) {
      await check(id, verifyCached(hub.cacheFolder, id, signal));
    }
  } else {
    const place = await resolveModel(name, ROOTS);
    if (place.kind === "folder") await check(place.id, verifyFolder(place.folder, signal));
    else {
      const cached = await findCachedAny(hub.cacheFolder, place.id, place.revision, {});
      const id = cached?.id ?? place.id;
      await check(id, verifyCached(hub.cacheFolder, id, signal));
    }
  }
  if (checked === 0) console.log("There is nothing to check.");
  if (bad > 0) console.log(`${bad} damaged: those of the cache are removed, and pull fetches them again.`);
  return bad > 0 ? 1 : 0;
}

async function remove(name: string, { hub }: Context): Promise<number> {
  const { id } = hubIdOf(name);
  await removeCached(hub.cacheFolder, id);
  console.log(`${id} is removed from the cache.`);
  return 0;
}

/** Whether parseArgs complains about the command line. */
function isUsage(error: unknown): boolean {
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

function hubIdOf(name: string) {
  const id = parseHubId(name);
  if (id === null) refuseName(name);
  return id;
}

/** A bar that is redrawn on a terminal; elsewhere one line at every tenth. */
function progressBar(): { show(progress: LoadProgress): void; end(): void } {
  const terminal = Deno.stderr.isTerminal();
  const write = (text: string) => void Deno.stderr.writeSync(new TextEncoder().encode(text));
  let drawn = false;
  let tenth = -1;
  return {
    show: (progress) => {
      const { phase, file, received, total } = progress;
      if (phase !== "downloading" || total === 0) return;
      const share = received / total;
      const text = `${progressLine(progress)}  ${file ?? ""}`;
      if (terminal) write(`\r\x1b[K${text.slice(0, Deno.consoleSize().columns - 1)}`);
      else if (Math.floor(share * 10) !== tenth) write(`${text}\n`);
      tenth = Math.floor(share * 10);
      drawn = terminal;
    },
    end: () => {
      if (drawn) write("\n");
      drawn = false;
    },
  };
}

async function run(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { positionals: [command, name = null, ...more], values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { dtype: { type: "string" }, gpu: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  const context: Context = {
    hub: await readHubSettings((variable) => Deno.env.get(variable)),
    signal,
    dtype: values.dtype ?? Deno.env.get("NEXTTOKEN_DTYPE") ?? null,
    gpu: values.gpu ?? false,
  };
  const usage = (code: number) => {
    console.log(HELP);
    return code;
  };
  if (values.help === true || command === undefined) return usage(values.help === true ? 0 : 2);
  if (more.length > 0) return usage(2);
  if (command === "list" && name === null) return await list(context);
  if (command === "verify") return await verify(name, context);
  if (name === null) return usage(2);
  if (command === "files") return await files(name, context);
  if (command === "pull") return await pull(name, context);
  if (command === "remove") return await remove(name, context);
  return usage(2);
}

if (import.meta.main) {
  const stop = new AbortController();
  const onSignal = () =>
    stop.abort(new Error("Stopped; what has arrived is kept, and pull continues there."));
  Deno.addSignalListener("SIGINT", onSignal);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", onSignal);
  try {
    Deno.exit(await run(Deno.args, stop.signal));
  } catch (error) {
    const mistake = error instanceof TypeError || error instanceof ReferenceError;
    console.error(mistake && !isUsage(error) && !stop.signal.aborted ? error : (error as Error).message);
    Deno.exit(1);
  }
}
