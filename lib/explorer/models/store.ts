// The model picker as values: what it holds, and what every press, answer and status makes of it. What the rows say
// is in rows.ts, the requests are in control.ts.
import type { LoadInput, ModelList } from "../../wire/models.ts";
import type { AskedLoad, OwnLoad } from "./rows.ts";
import type { ModelState, ReadyModel } from "../session/model.ts";

export interface ModelsState {
  readonly open: boolean;
  readonly query: string;
  readonly device: NonNullable<LoadInput["device"]>;
  /** Null until the server has said what there is. */
  readonly list: ModelList | null;
  readonly unfolded: string | null;
  /** Why the files of a model cannot be listed. */
  readonly unlisted: { readonly id: string; readonly reason: string } | null;
  readonly own: OwnLoad | null;
  /** The model that was chosen here last time, while another one serves; null: nothing to offer. */
  readonly offered: string | null;
}

export const FIRST_MODELS: ModelsState = {
  open: false,
  query: "",
  device: "auto",
  list: null,
  unfolded: null,
  unlisted: null,
  own: null,
  offered: null,
};

/** Where a load can be asked to run. */
export const LOAD_DEVICES: readonly { readonly value: ModelsState["device"]; readonly label: string }[] = [
  { value: "auto", label: "Automatic" },
  { value: "cpu", label: "CPU" },
  { value: "webgpu", label: "WebGPU" },
  { value: "cuda", label: "CUDA" },
  { value: "coreml", label: "CoreML" },
  { value: "dml", label: "DirectML" },
];

/** Opens or closes the list; closing forgets the search. */
export function setOpen(state: ModelsState, open: boolean): ModelsState {
  return open ? { ...state, open } : { ...state, open, query: "", unfolded: null };
}

/** Searches the list. */
export function setQuery(state: ModelsState, query: string): ModelsState {
  return { ...state, query };
}

/** Chooses the device of the next load; an unknown one changes nothing. */
export function setDevice(state: ModelsState, device: string): ModelsState {
  const known = LOAD_DEVICES.find(({ value }) => value === device);
  return known === undefined ? state : { ...state, device: known.value };
}

/** What the server has; files that are known stay known until others come. */
export function receiveList(state: ModelsState, list: ModelList): ModelsState {
  const variants = list.variants ?? state.list?.variants;
  return { ...state, list: { ...list, ...variants === undefined ? {} : { variants } } };
}

/** The files of a model cannot be listed: it says why. */
export function withoutFiles(state: ModelsState, id: string, reason: string): ModelsState {
  return state.unfolded === id ? { ...state, unlisted: { id, reason } } : state;
}

/** Shows the files of one model; null: of none. */
export function unfold(state: ModelsState, id: string | null): ModelsState {
  return { ...state, unfolded: id, unlisted: null };
}

/** The request of a load. `id` may name a revision behind an @; `dtype` null: the file that suits best. */
export function loadOf({ device }: ModelsState, id: string, dtype: string | null): AskedLoad {
  return { model_id: id, revision: null, dtype, device: device === "auto" ? null : device };
}

/** A load is being asked for. */
export function askLoad(state: ModelsState, request: AskedLoad): ModelsState {
  return { ...state, own: { state: "asked", request }, offered: null, query: "" };
}

/** The server has begun the load. */
export function acceptLoad(state: ModelsState): ModelsState {
  const { own } = state;
  return own?.state !== "asked" ? state : { ...state, own: { state: "running", request: own.request } };
}

/** The server refused the load at once, which was said. */
export function refuseLoad(state: ModelsState, reason: string): ModelsState {
  return state.own === null
    ? state
    : { ...state, own: { state: "failed", request: state.own.request, reason, told: true } };
}

/** A load that runs while one was asked for is that one. The load that this page asked for is over: it brought its
 * model, failed, or was cancelled somewhere else. The failure of a load that another page asked for is none of this
 * one's. */
export function settleLoad(state: ModelsState, { load }: ModelState): ModelsState {
  const { own } = state;
  if (load?.state === "running") return own?.state === "asked" ? acceptLoad(state) : state;
  if (own?.state !== "running") return state;
  if (load === null) return { ...state, own: null };
  return { ...state, own: { state: "failed", request: own.request, reason: load.reason, told: false } };
}

/** The failure has been seen. */
export function dismissFailure(state: ModelsState): ModelsState {
  return state.own?.state === "failed" ? { ...state, own: { ...state.own, told: true } } : state;
}

/** What the page says of its failed load, until that is dismissed; null: nothing. */
export function failureNotice({ own }: ModelsState): string | null {
  return own?.state === "failed" && !own.told ? own.reason : null;
}

/** A load was broken off by hand: nothing has failed. */
export function forgetLoad(state: ModelsState): ModelsState {
  return { ...state, own: null };
}

/** True where the load that this page asked for has brought its model. */
export function hasArrived({ own }: ModelsState, { model, load }: ModelState): boolean {
  return own?.state === "running" && model.state === "ready" && load === null &&
    isModel(own.request.model_id, model);
}

/** True where a load of that name brought this model: a revision aside, and an engine is known by its address. */
function isModel(name: string, { id, backend }: ReadyModel): boolean {
  if (backend !== null && backend.kind !== "onnx") return name.startsWith(`${backend.kind}+${backend.url}`);
  const plain = (id: string) => id.replace(/@.*$/, "");
  return plain(id) === plain(name);
}

/** Offers what was chosen last time, where something else serves. */
export function offer(
  state: ModelsState,
  remembered: string | null,
  { model, load }: ModelState,
): ModelsState {
  const differs = model.state === "ready" && load?.state !== "running" && remembered !== null &&
    !isModel(remembered, model);
  return { ...state, offered: differs && state.own === null ? remembered : null };
}

/** Drops the offer of the model that was chosen last time. */
export function declineOffer(state: ModelsState): ModelsState {
  return { ...state, offered: null };
}
