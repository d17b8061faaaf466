// The engine's status and its models, as the wire has them.
import type { AvailableModel, LoadProgress, ModelVariants } from "../hub/folder/types.ts";
import type { Engine, EngineStatus, LoadRequest } from "../engine/types.ts";
import type { LoadInput, ModelList, ModelStatus } from "../wire/models.ts";

/** GET /api/model/status. While nothing is ready, `model_id` names what is being loaded, or what failed. */
export function modelStatus({ model, load, loadError, cache, prefetch }: EngineStatus): ModelStatus {
  const info = model.state === "ready" ? model.info : null;
  return {
    model_id: info?.id ?? load?.id ?? (model.state === "failed" ? model.id : null),
    model_key: info?.modelKey ?? null,
    tokenizer_key: info?.tokenizerKey ?? null,
    device: info?.device ?? null,
    dtype: info?.dtype ?? null,
    loading: load !== null,
    ready: info !== null,
    error: model.state === "failed" ? model.reason : null,
    has_chat_template: info?.hasChatTemplate ?? false,
    eos_token_id: info?.eosTokenIds[0] ?? null,
    vocab_size: info?.vocabSize ?? null,
    context_length: info?.contextLength ?? null,
    quantization: info?.quantization ?? null,
    runtime: info?.runtime ?? null,
    warning: info?.warning ?? null,
    loading_id: load?.id ?? null,
    load_error: loadError,
    prefetch: { hits: prefetch.hits, wasted_tokens: prefetch.wastedTokens },
    progress: load === null ? null : progressOf(load.progress),
    cache: { hits: cache.hits, misses: cache.misses, bytes: cache.bytes },
  };
}

/** GET /api/models: the list, and with an `id` that model's files. */
export async function modelList(
  engine: Engine,
  { id, revision }: { readonly id: string | null; readonly revision: string | null },
  signal: AbortSignal,
): Promise<ModelList> {
  const [available, variants] = await Promise.all([
    engine.models(),
    id === null ? null : engine.variants(id, revision, signal),
  ]);
  return listOf(engine.status(), available, variants);
}

function listOf(
  { model }: EngineStatus,
  available: readonly AvailableModel[],
  variants: ModelVariants | null,
): ModelList {
  const list = { models: model.state === "ready" ? [model.info.id] : [], available };
  return variants === null ? list : { ...list, variants };
}

/** A load request as the engine has it. */
export function loadRequest({ model_id, ...rest }: LoadInput): LoadRequest {
  return { modelId: model_id, ...rest };
}

function progressOf({ bytesPerSecond, ...rest }: LoadProgress): ModelStatus["progress"] {
  return {
    phase: rest.phase,
    file: rest.file,
    received: rest.received,
    total: rest.total,
    bytes_per_second: bytesPerSecond,
  };
}
