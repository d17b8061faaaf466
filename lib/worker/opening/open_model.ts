// From a model's parts to something that answers: language, caches, speculation. Runs in the worker.
import type { LanguageModel } from "../../decode/types.ts";
import { returnFreedMemory } from "../../ort/trim_memory.ts";
import { createSandbox } from "../../sandbox/sandbox.ts";
import { createLanguage } from "./language.ts";
import { LogitsSource } from "../logits/logits_source.ts";
import { type ModelParts, openParts } from "./open_parts.ts";
import { Prefetcher } from "../logits/prefetch.ts";
import type { Counters, ModelInfo } from "../../protocol/model_info.ts";
import type { FromWorker, LoadSpec } from "../../protocol/messages.ts";

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

/** Opens the model that `spec` names; see openParts. */
export async function openModel(spec: LoadSpec, post: Post, signal: AbortSignal): Promise<OpenModel> {
  const parts = await openParts(spec, post, signal);
  const info = describe(parts);
  return assemble(info, parts, spec, post);
}

function describe({ folder, runner, keys, device, warning }: ModelParts): ModelInfo {
  return {
    id: folder.id,
    ...keys,
    backend: {
      kind: "onnx",
      device,
      arithmetic: folder.dtype,
      variant: folder.quantization,
      runtime: runner.runtime,
    },
    vocabSize: runner.vocabSize,
    contextLength: folder.contextLength,
    eosTokenIds: folder.eosTokenIds,
    hasChatTemplate: folder.hasChatTemplate,
    warning,
  };
}

function assemble(
  info: ModelInfo,
  { folder, runner, codec }: Pick<ModelParts, "folder" | "runner" | "codec">,
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
  const sandbox = createSandbox();
  return {
    info,
    language: createLanguage(info, folder, codec, source, sandbox),
    speculation: spec.prefetch ? prefetcher : { pause: () => Promise.resolve(), resume: () => {} },
    get counters() {
      return source.counters;
    },
    async close() {
      await prefetcher.pause();
      sandbox.close();
      source.clear();
      await runner.dispose();
      returnFreedMemory();
    },
  };
}
