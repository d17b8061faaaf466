// The engine's status and its models, as the wire has them.
import type { AvailableModel, EngineStatus, LoadProgress } from "../inference/types.ts";
import type { ModelList, ModelStatus } from "./wire.ts";

/** GET /api/model/status. While nothing is ready, `model_id` names what is being loaded, or what failed. */
export function modelStatus({ model, load, loadError, cache, prefetch }: EngineStatus): ModelStatus {
  const info = model.state === "ready" ? model.info : null;
  return {
    model_id: info?.id ?? load?.id ?? (model.state === "failed" ? model.id : null),
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
    load_error: loadError,
    prefetch: { hits: prefetch.hits, wasted_tokens: prefetch.wastedTokens },
    progress: load === null ? null : progressOf(load.progress),
    cache: { hits: cache.hits, misses: cache.misses, bytes: cache.bytes },
  };
}

/** GET /api/models. */
export function modelList({ model }: EngineStatus, available: readonly AvailableModel[]): ModelList {
  return { models: model.state === "ready" ? [model.info.id] : [], available };
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
