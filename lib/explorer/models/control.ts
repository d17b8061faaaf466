// The model picker at work: its state as a signal, its requests, and what the browser remembers of the choice.
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { LoadInput, ModelStatus } from "../../wire/models.ts";
import { failureOf } from "../asking/api.ts";
import { modelName } from "../views/placeholder.ts";
import type { Explorer } from "../asking/explorer.ts";
import type { ModelApi } from "./api.ts";
import { statusChanged } from "../moves/model_moves.ts";
import * as store from "./store.ts";
import type { Store } from "../storage/local_storage.ts";
import { loadModelId, saveModelId } from "../storage/remembered.ts";

export interface ModelsControl {
  readonly state: ReadonlySignal<store.ModelsState>;
  open(on: boolean): void;
  query(text: string): void;
  device(value: string): void;
  unfold(id: string | null): void;
  load(id: string, dtype: string | null): void;
  /** The load that failed, once more. */
  retry(id: string): void;
  cancel(): void;
  /** The model that was chosen here last time stays where it is. */
  decline(): void;
  /** Offers the remembered model and watches the status. Returns the way to stop. */
  watch(): () => void;
}

interface ControlOptions {
  readonly explorer: Explorer;
  readonly api: ModelApi;
  readonly storage: Store;
  readonly onNotice: (text: string) => void;
}

export function createModelsControl({ explorer, api, storage, onNotice }: ControlOptions): ModelsControl {
  const state = signal(store.FIRST_MODELS);
  const change = (move: (now: store.ModelsState) => store.ModelsState) => state.value = move(state.value);
  const received = (status: ModelStatus) => {
    explorer.dispatch((now) => statusChanged(now, status));
    if (status.loading || !status.ready) explorer.follow(() => state.peek().open);
  };
  let listing: AbortController | null = null;

  async function list(id: string | null): Promise<void> {
    listing?.abort();
    const { signal } = listing = new AbortController();
    try {
      const found = await api.models(id, signal);
      if (!signal.aborted) change((now) => store.receiveList(now, found));
    } catch (error) {
      const failure = failureOf(error);
      if (failure === null || signal.aborted) return;
      if (id === null) onNotice(failure.message);
      else change((now) => store.withoutFiles(now, id, failure.message));
    }
  }

  async function load(id: string, dtype: string | null): Promise<void> {
    const asked = store.loadOf(state.value, id, dtype);
    change((now) => store.askLoad(now, asked));
    try {
      received(await api.load(asked as Partial<LoadInput>));
    } catch (error) {
      const failure = failureOf(error);
      if (failure === null) return;
      change((now) => store.refuseLoad(now, failure.message));
      if (!state.peek().open) onNotice(failure.message);
    }
  }

  async function cancel(): Promise<void> {
    change(store.forgetLoad);
    try {
      received(await api.cancel());
      onNotice("Cancelled. What was downloaded is kept for the next time.");
    } catch (error) {
      onNotice(failureOf(error)?.message ?? "");
    }
  }

  /** What a new status means: a choice that has arrived is remembered, another one is offered again. */
  function watch(): () => void {
    let before: ModelStatus | null = null;
    const forget = effect(() => {
      const { model } = explorer.session.value;
      if (model === before) return;
      const now = state.peek();
      const arrived = before?.loading === true && store.hasArrived(now, model);
      if (arrived) saveModelId(storage, model.model_id!);
      if (before?.ready && model.ready && before.model_id !== model.model_id) {
        onNotice(`${modelName(model.model_id!)} is in use. It read the text again, in a new branch.`);
      }
      before = model;
      state.value = store.offer(now, loadModelId(storage), model);
      if (now.open && !model.loading) void list(now.unfolded);
    });
    return () => {
      forget();
      listing?.abort();
    };
  }

  return {
    state,
    open(on) {
      change((now) => store.setOpen(now, on));
      // A load may run that another page asked for.
      explorer.follow(() => state.peek().open);
      if (on) void list(null);
      else listing?.abort();
    },
    query: (text) => change((now) => store.setQuery(now, text)),
    device: (value) => change((now) => store.setDevice(now, value)),
    unfold(id) {
      change((now) => store.unfold(now, id));
      if (id !== null) void list(id);
    },
    load: (id, dtype) => void load(id, dtype),
    retry(id) {
      const { asked } = state.value;
      void load(id, asked?.model_id === id ? asked.dtype : null);
    },
    cancel: () => void cancel(),
    decline() {
      const { model_id } = explorer.session.value.model;
      if (model_id !== null) saveModelId(storage, model_id);
      change(store.declineOffer);
    },
    watch,
  };
}
