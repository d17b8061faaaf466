// The models that can be used, as rows of the model picker: what is in use, on this computer, on its way, or failed.
import { type ModelState, type ReadyModel, readyModel } from "../session/model.ts";
import type { LoadInput, ModelList, ModelVariantList } from "../../wire/models.ts";
import { modelNameOf } from "../views/placeholder.ts";
import { formatBytes, parameterText, weightsText } from "../words/format.ts";
import { isFolder, licenseText, type ModelProgress, progressOf, readLoadableId } from "./words.ts";

/** A load that this page asked for, as far as a failure has to be told. */
export type AskedLoad = Pick<LoadInput, "model_id" | "revision" | "dtype" | "device">;

/** The newest load that this page asked for. `told`: the user has seen why it failed. */
export type OwnLoad =
  | { readonly state: "asked" | "running"; readonly request: AskedLoad }
  | {
    readonly state: "failed";
    readonly request: AskedLoad;
    readonly reason: string;
    readonly told: boolean;
  };

export interface ModelsInput {
  /** Null while it is not there yet. */
  readonly list: ModelList | null;
  readonly status: ModelState;
  /** The newest load that this page asked for. */
  readonly own: OwnLoad | null;
  /** The model whose files are unfolded. */
  readonly unfolded: string | null;
  /** Why the files of a model cannot be listed. */
  readonly unlisted?: { readonly id: string; readonly reason: string } | null;
  /** What the search box holds. */
  readonly query: string;
  readonly connected: boolean;
}

export interface ModelFileRow {
  readonly dtype: string;
  readonly file: string;
  readonly size: string;
  readonly fidelity: string;
  /** The file that a load takes that names none. */
  readonly chosen: boolean;
  readonly note: string; // "on this computer", "does not fit into memory", ""
  readonly fits: boolean;
}

export interface ModelRow {
  readonly id: string;
  readonly name: string;
  readonly detail: string; // "360 M parameters · q4 · 273 MB · Apache-2.0"
  readonly state: "in use" | "cached" | "available" | "loading" | "failed";
  readonly progress: ModelProgress | null;
  /** Why it failed. */
  readonly reason: string;
  readonly action: "Use" | "Download" | "Cancel" | "Retry" | null;
  readonly unfolded: boolean;
  /** Why its files cannot be listed. */
  readonly unlisted: string;
  /** Its files; null while they are not known. */
  readonly files: readonly ModelFileRow[] | null;
}

export interface ModelsView {
  readonly rows: readonly ModelRow[];
  /** Said instead of rows: the list is loading, or nothing matches. */
  readonly empty: string;
  /** What Load would load; null while the box holds no id and no folder. */
  readonly loadable: string | null;
  /** Why the box's words cannot be loaded; "" while there is nothing to say. */
  readonly hint: string;
  /** A load is on its way: no other one can begin. */
  readonly busy: boolean;
  /** Where the model in use computes. */
  readonly place: string;
}

type Offered = ModelList["available"][number];

/** Rows and search of the picker. The model in use comes first, then what loads or failed, then the rest as listed. */
export function modelsView(input: ModelsInput): ModelsView {
  const { list, status, query, connected } = input;
  const words = query.trim().toLowerCase();
  const rows = listModels(input).map((model) => rowOf(model, input));
  const order = { "in use": 0, loading: 1, failed: 2, cached: 3, available: 4 } as const;
  const sorted = rows.toSorted((a, b) => order[a.state] - order[b.state]);
  const shown = sorted.filter(({ id, detail, state }) =>
    words === "" || state === "loading" || `${id} ${detail}`.toLowerCase().includes(words)
  );
  const loadable = readLoadableId(query);
  return {
    rows: shown,
    empty: list === null && connected
      ? "Looking for models…"
      : shown.length > 0
      ? ""
      : "No model of the list matches.",
    loadable: isRunning(status) || !connected ? null : loadable,
    hint: hintOf(query, loadable, input),
    busy: isRunning(status),
    place: placeOf(readyModel(status)),
  };
}

function placeOf(model: ReadyModel | null): string {
  const backend = model?.backend ?? null;
  return backend !== null && backend.kind !== "onnx"
    ? `Texts go to the engine at ${backend.url}, and nowhere else.`
    : "Everything runs on this computer. Nothing is sent anywhere.";
}

/** The list, and what is in use, loading or failed without being in it. */
function listModels({ list, status, own }: ModelsInput): Offered[] {
  const known = [...list?.available ?? []];
  const { model } = status;
  const others = [
    readyModel(status)?.id ?? null,
    loadingIdOf(status),
    own?.state === "failed" && !isRunning(status) ? own.request.model_id : null,
    model.state === "failed" ? model.id : null,
  ];
  for (const id of others) {
    if (id === null || known.some((model) => model.id === id)) continue;
    known.unshift({
      id,
      label: modelNameOf(id),
      parameters: null,
      bytes: 0,
      dtype: id === readyModel(status)?.id ? readyModel(status)!.backend?.variant ?? "" : "",
      license: null,
      cached: false,
      bundled: false,
    });
  }
  return known;
}

function isRunning({ load }: ModelState): boolean {
  return load?.state === "running";
}

function loadingIdOf({ load }: ModelState): string | null {
  return load?.state === "running" ? load.id : null;
}

function rowOf(model: Offered, input: ModelsInput): ModelRow {
  const { status, unfolded, list, connected } = input;
  const { state, reason } = stateOf(model, input);
  const local = model.cached || model.bundled;
  const actions = {
    "in use": null,
    loading: "Cancel",
    failed: "Retry",
    cached: "Use",
    available: "Download",
  } as const;
  const free = connected && (!isRunning(status) || state === "loading");
  return {
    id: model.id,
    name: model.id.includes("/") && !isFolder(model.id) ? modelNameOf(model.id) : model.id,
    detail: detailOf(model, state === "in use" ? readyModel(status) : null),
    state,
    progress: state === "loading" ? progressOf(status.load) : null,
    reason,
    action: free ? actions[state] : null,
    unfolded: unfolded === model.id,
    unlisted: input.unlisted?.id === model.id ? input.unlisted.reason : "",
    files: unfolded === model.id && list?.variants?.id === model.id ? filesOf(list.variants, local) : null,
  };
}

function stateOf({ id, cached, bundled }: Offered, { status, own }: ModelsInput): {
  state: ModelRow["state"];
  reason: string;
} {
  if (loadingIdOf(status) === id) return { state: "loading", reason: "" };
  if (own?.state === "failed" && own.request.model_id === id && !isRunning(status)) {
    return { state: "failed", reason: own.reason };
  }
  const { model } = status;
  if (model.state === "ready" && model.id === id) return { state: "in use", reason: "" };
  if (model.state === "failed" && model.id === id) return { state: "failed", reason: model.reason };
  return { state: cached || bundled ? "cached" : "available", reason: "" };
}

function detailOf(
  { parameters, dtype, bytes, license, bundled }: Offered,
  inUse: ReadyModel | null,
): string {
  return [
    ...parameters === null ? [] : [`${parameterText(parameters)} parameters`],
    ...[inUse?.backend?.variant ?? dtype].filter((each) => each !== "").map(weightsText),
    ...bytes > 0 ? [formatBytes(bytes)] : [],
    ...license === null ? [] : [licenseText(license)],
    ...bundled ? ["bundled"] : [],
  ].join(" · ");
}

function filesOf({ files }: ModelVariantList, local: boolean): ModelFileRow[] {
  return files.map(({ file, dtype, bytes, fidelity, cached, chosen, fits }) => ({
    file,
    dtype,
    size: formatBytes(bytes),
    fidelity: fidelity.replace(/^[\w.]+: /, ""),
    chosen,
    note: fits === false
      ? "does not fit into memory"
      : cached
      ? "on this computer"
      : local
      ? "to download"
      : "",
    fits: fits !== false,
  }));
}

function hintOf(query: string, loadable: string | null, { status, connected }: ModelsInput): string {
  if (!connected) return "The server does not answer. Models can be changed when it is back.";
  if (query.trim() === "" || loadable !== null) {
    return isRunning(status) && loadable !== null ? "Wait for the present load, or cancel it." : "";
  }
  return "To load a model that is not listed, write owner/name as on huggingface.co, or a folder.";
}
