// The engine's status as the wire has it.
import type { LoadProgress } from "../../hub/folder/types.ts";
import type { EngineStatus } from "../../engine/types.ts";
import type { ModelStatus } from "../../wire/models.ts";

/** GET /api/model/status. While nothing is ready, `model_id` names what is being loaded, or what failed. */
export function modelStatusOf({ model, load, loadError, cache, prefetch }: EngineStatus): ModelStatus {
  const info = model.state === "ready" ? model.info : null;
  const backend = info?.backend ?? null;
  return {
    model_id: info?.id ?? load?.id ?? (model.state === "failed" ? model.id : null),
    model_key: info?.modelKey ?? null,
    tokenizer_key: info?.tokenizerKey ?? null,
    backend,
    device: backend?.device ?? null,
    dtype: backend?.arithmetic ?? null,
    loading: load !== null,
    ready: info !== null,
    error: model.state === "failed" ? model.reason : null,
    has_chat_template: info?.hasChatTemplate ?? false,
    eos_token_id: info?.eosTokenIds[0] ?? null,
    vocab_size: info?.vocabSize ?? null,
    context_length: info?.contextLength ?? null,
    quantization: backend?.variant ?? null,
    runtime: backend?.runtime ?? null,
    warning: info?.warning ?? null,
    loading_id: load?.id ?? null,
    load_error: loadError,
    prefetch: { hits: prefetch.hits, wasted_tokens: prefetch.wastedTokens },
    progress: load === null ? null : progressOf(load.progress),
    cache: { hits: cache.hits, misses: cache.misses, bytes: cache.bytes },
  };
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
