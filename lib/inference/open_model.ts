// From a model's name to something that answers: folder, tokenizer, graph, runner, caches. Runs in the worker.
import { fault } from "../fault.ts";
import { readModelFolder } from "../hub/folder.ts";
import { modelRoots, resolveModel } from "../hub/resolve.ts";
import type { ModelFolder } from "../hub/types.ts";
import type { LanguageModel } from "../decode/types.ts";
import type { Device, LmRunner } from "../runtime/types.ts";
import { openOnFirst } from "../runtime/devices.ts";
import { addonDevices } from "../runtime/addon_graph.ts";
import { returnFreedMemory } from "../runtime/memory.ts";
import { probeDevice } from "../runtime/probe.ts";
import { createTextCodec } from "../text/codec.ts";
import type { TextCodec } from "../text/types.ts";
import { LogitsSource } from "./logits_source.ts";
import { openRunner } from "./open_runner.ts";
import { Prefetcher } from "./prefetch.ts";
import type { Counters, FromWorker, LoadSpec } from "./protocol.ts";
import type { ModelInfo } from "./types.ts";

/** A model that is ready to answer, and all it holds. */
export interface OpenModel {
  readonly info: ModelInfo;
  readonly language: LanguageModel;
  readonly speculation: { pause(): Promise<void>; resume(): void };
  readonly counters: Counters;
  /** Releases caches and session; no job may be running. */
  close(): Promise<void>;
}

type Post = (message: FromWorker) => void;

/** Opens the model that `spec` names. Throws faults whose sentence names the file and what is wrong with it. */
export async function openModel(spec: LoadSpec, post: Post): Promise<OpenModel> {
  const inform = (message: string) => post({ type: "log", level: "info", message });
  const place = await localFolder(spec);
  const open = (device: Device) => openOn(device, place, spec, post);
  const devices = spec.device === "cpu" ? [] : await addonDevices();
  const { opened, device, warning } = await openOnFirst(spec.device, devices, open, inform);
  const { folder, runner, codec } = opened;
  const info = describe(folder, runner, device, warning);
  return assemble(info, runner, codec, spec, post);
}

async function localFolder(spec: LoadSpec): Promise<{ id: string; folder: string; root: string }> {
  const resolved = await resolveModel(spec.model, modelRoots(`${spec.root}/models`, { model: spec.model }));
  if (resolved.kind === "folder") return resolved;
  const message =
    `There is no model ${resolved.id} here. NEXTTOKEN_MODEL names a folder below models/, or the path of a model folder.`;
  throw fault("model_failed", message, "model_id");
}

async function openOn(
  device: Device,
  { id, folder: path, root }: { id: string; folder: string; root: string },
  spec: LoadSpec,
  post: Post,
): Promise<{ folder: ModelFolder; runner: LmRunner; codec: TextCodec }> {
  if (device !== "cpu") await probeDevice(device);
  const folder = await readModelFolder(path, { id, device, root });
  const progress = {
    phase: "opening",
    file: folder.file.path,
    received: 0,
    total: folder.bytes,
    bytesPerSecond: 0,
  } as const;
  post({ type: "loading", progress });
  const opening = openRunner(folder, device, spec, post);
  opening.catch(() => {}); // awaited below; the tokenizer may throw first
  const codec = createTextCodec(folder.tokenizerJson, folder.tokenizerConfig); // while the weights load
  const runner = await opening;
  if (device !== "cpu") await tryOneToken(runner); // some providers open what they cannot run
  return { folder, runner, codec };
}

async function tryOneToken(runner: LmRunner): Promise<void> {
  const { kv } = await runner.run(runner.empty(), [0]);
  runner.release(kv);
}

function describe(folder: ModelFolder, runner: LmRunner, device: Device, warning: string | null): ModelInfo {
  return {
    id: folder.id,
    device,
    dtype: folder.dtype,
    quantization: folder.quantization,
    runtime: runner.runtime,
    vocabSize: runner.vocabSize,
    contextLength: folder.contextLength,
    eosTokenIds: folder.eosTokenIds,
    hasChatTemplate: folder.hasChatTemplate,
    warning,
  };
}

function assemble(
  info: ModelInfo,
  runner: LmRunner,
  codec: TextCodec,
  spec: LoadSpec,
  post: Post,
): OpenModel {
  const source = new LogitsSource(runner, spec.cacheBytes);
  const native = runner.runtime === "native";
  const limits = { batch: native ? 4 : 1, candidates: native ? 8 : 2, contextTokens: 1024, budgetMs: 400 };
  const prefetcher = new Prefetcher(
    source,
    limits,
    () => post({ type: "counters", counters: source.counters }),
  );
  const { id, vocabSize, contextLength, eosTokenIds } = info;
  const logits: LanguageModel["logits"] = (ids, signal) => source.logits(ids, signal);
  return {
    info,
    language: { id, codec, vocabSize, contextLength, eosTokenIds, logits },
    speculation: spec.prefetch ? prefetcher : { pause: () => Promise.resolve(), resume: () => {} },
    get counters() {
      return source.counters;
    },
    async close() {
      await prefetcher.pause();
      source.clear();
      await runner.dispose();
      returnFreedMemory();
    },
  };
}
