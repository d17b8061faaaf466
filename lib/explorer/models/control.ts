// The model picker at work: its state as a signal, its requests, and what the browser remembers of the choice.
import { weightsText } from "../words/format.ts";
import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { LoadInput, ModelStatus } from "../../wire/models.ts";
import { failureOf } from "../asking/api.ts";
import type { Explorer } from "../asking/explorer.ts";
import { latest } from "../asking/latest.ts";
import { receiveStatus } from "../moves/model_moves.ts";
import { readAgain } from "../moves/prompt_moves.ts";
import { type ModelState, readyModel } from "../session/model.ts";
import { isForeign } from "../session/question.ts";
import type { Store } from "../storage/local_storage.ts";
import { loadModelId, saveModelId } from "../storage/remembered.ts";
import { modelNameOf } from "../views/placeholder.ts";
import type { ModelApi } from "./api.ts";
import * as store from "./store.ts";

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
  /** The failure of the load that was asked for here has been seen. */
  dismiss(): void;
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

interface Parts extends ControlOptions {
  readonly state: Signal<store.ModelsState>;
  readonly change: (move: (now: store.ModelsState) => store.ModelsState) => void;
}

/** The list of models and the load: what is asked, what is running, and what is said of it. */
export function createModelsControl(options: ControlOptions): ModelsControl {
  const state = signal(store.FIRST_MODELS);
  const change: Parts["change"] = (move) => state.value = move(state.value);
  const parts: Parts = { ...options, state, change };
  const listing = createListing(parts);
  const loading = createLoading(parts);
  const { explorer, storage } = options;
  return {
    state,
    ...loading,
    open(on) {
      change((now) => store.setOpen(now, on));
      if (on) void listing.list(null);
      else listing.stop();
    },
    query: (text) => change((now) => store.setQuery(now, text)),
    device: (value) => change((now) => store.setDevice(now, value)),
    unfold(id) {
      change((now) => store.unfold(now, id));
      if (id !== null) void listing.list(id);
    },
    dismiss: () => change(store.dismissFailure),
    decline() {
      const model = readyModel(explorer.session.value);
      if (model !== null) saveModelId(storage, model.id);
      change(store.declineOffer);
    },
    watch() {
      const forget = followStatus(parts, (id) => void listing.list(id));
      return () => {
        forget();
        listing.stop();
      };
    },
  };
}

function createListing({ api, change, onNotice }: Parts) {
  const models = latest((signal, id: string | null) => api.models(id, signal));
  return {
    stop: models.stop,
    async list(id: string | null): Promise<void> {
      const found = await models.ask(id);
      if (found.kind === "value") change((now) => store.receiveList(now, found.value));
      if (found.kind !== "failed") return;
      if (id === null) onNotice(found.failure.message);
      else change((now) => store.withoutFiles(now, id, found.failure.message));
    },
  };
}

function createLoading({ explorer, api, state, change, onNotice }: Parts) {
  async function load(id: string, dtype: string | null): Promise<void> {
    const request = store.loadOf(state.value, id, dtype);
    change((now) => store.askLoad(now, request));
    try {
      await receive(explorer, () => api.load(request as Partial<LoadInput>));
      change(store.acceptLoad);
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
      await receive(explorer, api.cancel);
      onNotice("Cancelled. What was downloaded is kept for the next time.");
    } catch (error) {
      onNotice(failureOf(error)?.message ?? "");
    }
  }

  return {
    load: (id: string, dtype: string | null) => void load(id, dtype),
    retry(id: string) {
      const request = state.value.own?.request;
      void load(id, request?.model_id === id ? request.dtype : null);
    },
    cancel: () => void cancel(),
  };
}

/** Takes the status that an answer tells, unless the server's events have told a newer one meanwhile. */
async function receive({ session, dispatch }: Explorer, request: () => Promise<ModelStatus>): Promise<void> {
  const before = session.peek();
  const status = await request();
  dispatch((now) =>
    now.model === before.model && now.load === before.load ? receiveStatus(now, status) : now
  );
}

/** What a new status means: a choice that has arrived is remembered and its text read again, another one is offered
 * again, a model that another page chose is named. */
function followStatus(parts: Parts, list: (id: string | null) => void): () => void {
  const { explorer, state, storage, onNotice } = parts;
  let before: ModelState | null = null;
  return effect(() => {
    const session = explorer.session.value;
    const now: ModelState = { model: session.model, load: session.load };
    if (before?.model === now.model && before.load === now.load) return;
    const mine = store.hasArrived(state.peek(), now);
    const asked = state.peek().own?.request.model_id;
    const model = readyModel(now);
    const old = before === null ? null : readyModel(before);
    before = now;
    if (mine && asked !== undefined) saveModelId(storage, asked);
    if (old !== null && model !== null && old.key !== model.key) {
      const foreign = isForeign(session);
      onNotice(changeNotice(now, mine && foreign));
      if (mine && foreign) queueMicrotask(() => explorer.dispatch(readAgain));
    }
    state.value = store.offer(store.settleLoad(state.peek(), now), loadModelId(storage), now);
    const { open, unfolded } = state.peek();
    if (open && now.load?.state !== "running") list(unfolded);
  });
}

function changeNotice(state: ModelState, reread: boolean): string {
  const { id, backend } = readyModel(state)!;
  const variant = backend === null ? "" : `, ${weightsText(backend.variant)},`;
  return reread
    ? `${modelNameOf(id)} is in use. It read the text again, in a new branch.`
    : `${modelNameOf(id)}${variant} is in use now.`;
}
