// From a runner, a tokenizer and a folder to a model that answers: caches, speculation, language. Read while the
// weights load.
import type { Turns } from "../../basics/turns.ts";
import type { LanguageModel } from "../../decode/types.ts";
import type { ModelFolder } from "../../hub/folder/types.ts";
import { returnFreedMemory } from "../../ort/trim_memory.ts";
import type { FromWorker, LoadSpec } from "../../protocol/messages.ts";
import type { Counters, ModelInfo } from "../../protocol/model_info.ts";
import type { LmRunner } from "../../runners/types.ts";
import type { TextCodec } from "../../text/types.ts";
import type { Device } from "../../wire/device.ts";
import { openAttribution } from "../attribution/open.ts";
import { createDrawAhead } from "../logits/draw_ahead.ts";
import { LogitsSource } from "../logits/logits_source.ts";
import { Prefetcher } from "../logits/prefetch.ts";
import type { ModelKeys } from "./identity.ts";
import { createLanguage, createSandboxes } from "./language.ts";

/** Work for moments in which nothing is asked. */
export interface RestWork {
  /** Stops it; resolves when it has stopped. */
  pause(): Promise<void>;
  /** Goes on with it after a moment's rest. */
  resume(): void;
}

/** A model that is ready to answer, and all it holds. */
export interface OpenModel {
  readonly info: ModelInfo;
  /** Jobs whose slices may overlap. */
  readonly atOnce: number;
  readonly language: LanguageModel;
  readonly speculation: RestWork;
  readonly counters: Counters;
  /** Releases caches and session; no job may be running. */
  close(): Promise<void>;
}

/** What a model is made of; `runner` is the caller's to dispose of, until it is part of an OpenModel. */
export interface ModelParts {
  readonly folder: ModelFolder;
  readonly runner: LmRunner;
  readonly codec: TextCodec;
  readonly keys: ModelKeys;
  readonly eosTokenIds: readonly number[];
  readonly device: Device;
  /** What the user should know: another device than asked for, another repository. */
  readonly warning: string | null;
}

/** Puts the parts together. */
export function assemble(
  parts: ModelParts,
  spec: LoadSpec,
  post: (message: FromWorker) => void,
  turns: Turns,
): OpenModel {
  const { folder, runner, codec } = parts;
  const info = describe(parts);
  const warn = (message: string) => post({ type: "log", level: "warn", message });
  const source = new LogitsSource(runner, spec.cacheBytes, undefined, warn);
  const countAnew = () => post({ type: "counters", counters: source.counters });
  const prefetcher = new Prefetcher(source, limitsOf(runner), countAnew);
  const sandboxes = createSandboxes();
  const attribution = openAttribution(folder, spec.root);
  const drawAhead = createDrawAhead(source, spec.prefetch);
  return {
    info,
    atOnce: runner.atOnce,
    language: createLanguage(
      info,
      folder,
      codec,
      { logits: source, attribution, drawAhead, turns },
      sandboxes,
    ),
    speculation: spec.prefetch ? prefetcher : { pause: () => Promise.resolve(), resume: () => {} },
    get counters() {
      return source.counters;
    },
    async close() {
      await prefetcher.pause();
      await source.stopAhead();
      await attribution.close();
      for (const sandbox of Object.values(sandboxes)) sandbox.close();
      source.clear();
      await runner.dispose();
      returnFreedMemory();
    },
  };
}

/** How much is computed ahead. */
function limitsOf({ runtime }: LmRunner) {
  const native = runtime === "native";
  return { batch: native ? 4 : 1, candidates: native ? 8 : 2, contextTokens: 1024, budgetMs: 400 };
}

function describe({ folder, runner, codec, keys, eosTokenIds, device, warning }: ModelParts): ModelInfo {
  return {
    id: folder.id,
    ...keys,
    backend: {
      kind: "onnx",
      device,
      arithmetic: folder.arithmetic,
      variant: folder.quantization,
      runtime: runner.runtime,
    },
    vocabSize: runner.vocabSize,
    contextLength: folder.contextLength,
    eosTokenIds,
    hasChatTemplate: Object.keys(folder.chatTemplates).length > 0,
    chatTemplates: Object.keys(folder.chatTemplates),
    hasBos: codec.encode("").length > 0,
    warning,
  };
}
