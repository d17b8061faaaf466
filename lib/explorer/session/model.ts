// The model as the page knows it: one of four states, and a load that may run beside it.
import type { Backend, ModelStatus } from "../../wire/models.ts";

/** A model that answers. */
export interface ReadyModel {
  readonly state: "ready";
  readonly id: string;
  /** Probabilities may be kept and compared where it is the same: another file or device has another one. */
  readonly key: string;
  /** Token ids mean the same tokens where it is the same. */
  readonly tokenizerKey: string;
  readonly backend: Backend | null;
  readonly vocabulary: number; // tokens
  readonly contextLength: number; // tokens
  readonly eosId: number | null;
  readonly hasChatTemplate: boolean;
  readonly warning: string | null;
}

export type Model =
  | { readonly state: "none" }
  /** The first load: nothing can be answered yet. */
  | { readonly state: "loading"; readonly id: string | null }
  | ReadyModel
  | { readonly state: "failed"; readonly id: string | null; readonly reason: string };

export type LoadProgress = NonNullable<ModelStatus["progress"]>;

/** What was said last about a load: of the first model, or of another one while the old one serves. */
export type Load =
  | { readonly state: "running"; readonly id: string | null; readonly progress: LoadProgress | null }
  | { readonly state: "failed"; readonly reason: string };

export interface ModelState {
  readonly model: Model;
  /** Null: none runs, and the last one went well. */
  readonly load: Load | null;
}

/** The status that the server tells, as the page knows it. */
export function parseStatus(status: ModelStatus): ModelState {
  return { model: modelOf(status), load: loadOf(status) };
}

function modelOf(status: ModelStatus): Model {
  const { model_id: id, error, loading } = status;
  if (status.ready && id !== null) return readyOf(status, id);
  if (loading) return { state: "loading", id };
  return error === null ? { state: "none" } : { state: "failed", id, reason: error };
}

function readyOf(status: ModelStatus, id: string): ReadyModel {
  return {
    state: "ready",
    id,
    key: status.model_key ?? id,
    tokenizerKey: status.tokenizer_key ?? id,
    backend: status.backend,
    vocabulary: status.vocab_size ?? 0,
    contextLength: status.context_length ?? 0,
    eosId: status.eos_token_id,
    hasChatTemplate: status.has_chat_template,
    warning: status.warning,
  };
}

function loadOf(status: ModelStatus): Load | null {
  const { loading, loading_id, model_id, ready, progress, load_error: reason } = status;
  if (loading) return { state: "running", id: loading_id ?? (ready ? null : model_id), progress };
  return reason === null ? null : { state: "failed", reason };
}

/** The model that answers; null: none does. */
export function readyModel({ model }: Pick<ModelState, "model">): ReadyModel | null {
  return model.state === "ready" ? model : null;
}

/** What the model is called by the server; null where it has no name yet. */
export function modelIdOf({ model }: Pick<ModelState, "model">): string | null {
  return model.state === "none" ? null : model.id;
}

/** True where nothing differs that the page shows. */
export function isSameModelState(a: ModelState, b: ModelState): boolean {
  return JSON.stringify([a.model, a.load]) === JSON.stringify([b.model, b.load]);
}
