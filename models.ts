// `deno task models`: lists, fetches, verifies and removes models on the command line, by the same code that the
// server loads them with.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fault } from "./lib/fault.ts";
import { listAvailable } from "./lib/hub/available.ts";
import { isTrue } from "./lib/hub/fetch/settings.ts";
import { createProgressBar } from "./lib/hub/progress_bar.ts";
import { listCachedIds, removeCached } from "./lib/hub/cache/cache.ts";
import { findCachedAny, findModel } from "./lib/hub/load.ts";
import { sizeText } from "./lib/hub/folder/memory.ts";
import { parseHubId, refuseName } from "./lib/hub/folder/names.ts";
import { pullModel } from "./lib/hub/fetch/pull.ts";
import { createModelRoots, resolveModel } from "./lib/hub/resolve.ts";
import { type HubSettings, readHubSettings } from "./lib/hub/fetch/settings.ts";
import { createModelLists } from "./lib/hub/model_lists.ts";
import { type Verified, verifyCached, verifyFolder } from "./lib/hub/cache/verify.ts";

const HELP = `Usage: deno task models <command>

  list                       every model that can be loaded: bundled, cached, and some to fetch
  files <owner/name[@rev]>   the files of a model, with sizes and what each costs
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
  readonly variant: string | null;
  readonly gpu: boolean;
}

const ROOTS = createModelRoots(join(import.meta.dirname!, "models"), {
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
  const found = await createModelLists(ROOTS, hub).variants(name, "cpu", signal);
  console.log(`${found.source}${found.license === null ? "" : ` (${found.license})`}`);
  for (const { file, bytes, cached, fidelity } of found.files) {
    const place = cached ? "here" : "";
    console.log(`  ${file.padEnd(28)} ${sizeText(bytes).padStart(8)}  ${place.padEnd(4)}  ${fidelity}`);
  }
  return 0;
}

async function pull(name: string, { hub, signal, variant, gpu }: Context): Promise<number> {
  const { id, revision } = hubIdOf(name);
  const bar = createProgressBar(!isTrue(Deno.env.get("HF_HUB_DISABLE_PROGRESS_BARS") ?? null));
  const criteria = { device: gpu ? "cuda" : "cpu", variant } as const;
  try {
    const options = { signal, onProgress: bar.show };
    // Without the hub nothing can be fetched, but what is here already is no failure.
    const found = hub.offline
      ? await findModel(name, { ...criteria, ...options, roots: ROOTS, hub })
      : await pullModel(id, revision, criteria, hub, options);
    const file = "model" in found ? found.model.file : found.file;
    bar.end();
    if (found.notice !== null) console.log(found.notice);
    console.log(`${id} is here: ${file.path} (${file.fidelity}).`);
  } finally {
    bar.end();
  }
  return 0;
}

async function verify(name: string | null, { hub, signal }: Context): Promise<number> {
  let bad = 0;
  let checked = 0;
  const check = async (id: string, files: AsyncIterable<Verified>) => {
    for await (const file of files) {
      console.log(
        `${(file.good ? "ok" : file.missing ? "MISSING" : "DAMAGED").padEnd(8)} ${id} ${file.name}`,
      );
      checked++;
      if (!file.good) bad++;
    }
  };
  if (name === null) {
    const models = await listAvailable({ roots: ROOTS, hub, device: "cpu" });
    for (const { id, bundled } of models) {
      if (bundled) await check(id, verifyFolder(join(ROOTS.bundled, id), signal));
    }
    for (const id of await listCachedIds(hub.cacheFolder)) {
      await check(id, verifyCached(hub.cacheFolder, id, signal));
    }
  } else {
    const place = await resolveModel(name, ROOTS);
    if (place.kind === "folder") await check(place.id, verifyFolder(place.folder, signal));
    else {
      const cached = await findCachedAny(hub.cacheFolder, place.id, place.revision, { unsure: true });
      const id = cached?.id ?? place.id;
      await check(id, verifyCached(hub.cacheFolder, id, signal));
    }
  }
  if (checked === 0 && name !== null) throw fault("model_failed", `There is nothing of ${name} to check.`);
  if (checked === 0) console.log("There is nothing to check.");
  if (bad > 0) {
    console.log(`${bad} damaged or missing: the cache keeps no damaged file, and pull fetches them again.`);
  }
  return bad > 0 ? 1 : 0;
}

async function remove(name: string, { hub }: Context): Promise<number> {
  const { id, revision } = hubIdOf(name);
  if (revision !== null) {
    throw fault("invalid_request", `A model is removed with all its revisions: remove ${id}.`);
  }
  const shown = await findCachedAny(hub.cacheFolder, id, null, { unsure: true }); // what list shows as it
  const served = shown?.id ?? id;
  await removeCached(hub.cacheFolder, served);
  console.log(`${served} is removed from the cache.`);
  return 0;
}

function hubIdOf(name: string) {
  const id = parseHubId(name);
  if (id === null) refuseName(name);
  return id;
}

/** The command line taken apart, or a sentence about what is wrong with it. */
function parse(args: readonly string[]) {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { dtype: { type: "string" }, gpu: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    const [command, name = null, ...more] = positionals;
    return { command, name, more, ...values };
  } catch (error) {
    return (error as Error).message;
  }
}

async function run(args: readonly string[], signal: AbortSignal): Promise<number> {
  const parsed = parse(args);
  if (typeof parsed === "string") return refuseUsage(parsed);
  const { command, name, more, dtype, gpu = false, help = false } = parsed;
  if (help || command === "help") {
    console.log(HELP);
    return 0;
  }
  if (command === undefined) return refuseUsage("Which command?");
  if (more.length > 0) return refuseUsage(`One model at a time: ${more.join(" ")} is too much.`);
  const context: Context = {
    hub: await readHubSettings((variable) => Deno.env.get(variable)),
    signal,
    variant: dtype ?? Deno.env.get("NEXTTOKEN_DTYPE") ?? null,
    gpu,
  };
  if (command === "list" && name !== null) {
    return refuseUsage("list takes no model: files shows those of one.");
  }
  if (command === "list") return await list(context);
  if (command === "verify") return await verify(name, context);
  const commands = { files, pull, remove };
  if (!Object.hasOwn(commands, command)) {
    return refuseUsage(`There is no command ${JSON.stringify(command)}.`);
  }
  if (name === null) return refuseUsage(`Which model? ${command} <owner/name>`);
  return await commands[command as keyof typeof commands](name, context);
}

function refuseUsage(sentence: string): number {
  console.error(`${sentence}\n\n${HELP}`);
  return 2;
}

if (import.meta.main) {
  const stop = new AbortController();
  const onSignal = () =>
    stop.abort(new Error("Stopped; what has arrived is kept, and pull continues there."));
  Deno.addSignalListener("SIGINT", onSignal);
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGTERM", onSignal);
    Deno.addSignalListener("SIGXFSZ", () => {}); // a limit on the size of files is the write's error, not the end
  }
  try {
    Deno.exit(await run(Deno.args, stop.signal));
  } catch (error) {
    const mistake = error instanceof TypeError || error instanceof ReferenceError;
    console.error(mistake && !stop.signal.aborted ? error : (error as Error).message);
    Deno.exit(1);
  }
}
