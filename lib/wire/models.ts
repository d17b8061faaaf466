// What is told and asked about models: the status, the list, a load. Types only.
import type { Device, DeviceSetting } from "./device.ts";

/** A model file that ONNX Runtime runs in this process. */
export interface OnnxBackend {
  readonly kind: "onnx";
  readonly device: Device;
  readonly arithmetic: "float32" | "float16";
  readonly variant: string; // of the model's files: "fp32", "fp16", "q4", "q4f16", "int8" ...
  readonly runtime: "native" | "addon";
}

/** Another engine, which computes as it does: `llamacpp` is llama.cpp's server, `openai` vLLM, SGLang and others. */
export interface RemoteBackend {
  readonly kind: "llamacpp" | "openai";
  readonly url: string;
  readonly device: "remote";
  readonly arithmetic: "remote";
  readonly variant: "llamacpp" | "openai";
  readonly runtime: "remote";
  /** Tokens that the engine gives probabilities of; null: all. */
  readonly listed: number | null;
}

/** What computes a model's logits; `kind` tells which. */
export type Backend = OnnxBackend | RemoteBackend;

/** GET /api/model/status and the data of GET /api/model/events. */
export interface ModelStatus {
  readonly model_id: string | null;
  /** Of the model that serves, as every answer has them (ModelIdentity); null: none does. */
  readonly model_key: string | null;
  readonly tokenizer_key: string | null;
  readonly backend: Backend | null; // null: no model serves
  // The parts of the backend once more, as they were before it had a name:
  readonly device: string | null;
  readonly dtype: string | null;
  readonly loading: boolean;
  readonly ready: boolean;
  readonly error: string | null;
  readonly has_chat_template: boolean;
  readonly eos_token_id: number | null;
  readonly vocab_size: number | null;
  readonly context_length: number | null;
  readonly quantization: string | null;
  readonly runtime: "native" | "addon" | "remote" | null;
  readonly warning: string | null;
  /** What is being loaded; `model_id` is what serves meanwhile. */
  readonly loading_id: string | null;
  readonly load_error: string | null;
  readonly prefetch: { readonly hits: number; readonly wasted_tokens: number };
  readonly progress: {
    readonly phase: "resolving" | "downloading" | "verifying" | "opening";
    readonly file: string | null;
    readonly received: number;
    readonly total: number;
    readonly bytes_per_second: number;
  } | null;
  readonly cache: { readonly hits: number; readonly misses: number; readonly bytes: number };
}

/** A model that could be loaded. */
export interface AvailableModel {
  readonly id: string;
  readonly label: string;
  readonly parameters: number | null; // count of weights
  readonly bytes: number;
  readonly dtype: string;
  readonly license: string | null;
  readonly cached: boolean;
  readonly bundled: boolean;
}

/** GET /api/models. */
export interface ModelList {
  readonly models: readonly string[];
  readonly available: readonly AvailableModel[];
  /** Where `id` was asked for: the files of that model. */
  readonly variants?: ModelVariantList | undefined;
}

/** Every file of a model that a load can ask for by its `dtype`. */
export interface ModelVariantList {
  readonly id: string;
  readonly source: string; // the repository that holds the files
  readonly license: string | null;
  readonly files: readonly {
    readonly file: string;
    readonly dtype: string;
    readonly bytes: number;
    readonly fidelity: string;
    readonly cached: boolean;
    readonly chosen: boolean;
    readonly fits: boolean | null;
  }[];
}

/** POST /api/model/load, after validation. */
export interface LoadInput {
  readonly model_id: string;
  readonly revision: string | null;
  readonly dtype: string | null;
  readonly device: DeviceSetting | null;
}
