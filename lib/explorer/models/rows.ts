// The models that can be used, as rows of the model picker: what is in use, on this computer, on its way, or failed.
import type { LoadInput, ModelList, ModelStatus, ModelVariantList } from "../../wire/models.ts";
import { modelName } from "../views/placeholder.ts";
import { megabytes } from "../words/format.ts";
import { isFolder, licenseText, loadableId, type ModelProgress, parameterText, progressOf } from "./words.ts";

/** A load that this page asked for, as far as a failure has to be told. */
export type AskedLoad = Pick<LoadInput, "model_id" | "revision" | "dtype" | "device">;

export interface ModelsInput {
  /** Null while it is not there yet. */
  readonly list: ModelList | null;
  readonly status: ModelStatus;
  /** The newest load that was asked for; its failure is `status.load_error`. */
  readonly asked: AskedLoad | null;
  /** Why the server refused that load at once; null: it did not. */
  readonly refusal: string | null;
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
  /** The file that a load without a wish takes. */
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
}

type Offered = ModelList["available"][number];

/** Rows and search of the picker. The model in use comes first, then what loads or failed, then the rest as listed. */
export function modelsView(input: ModelsInput): ModelsView {
  const { list, status, query, connected } = input;
  const words = query.trim().toLowerCase();
  const rows = allModels(input).map((model) => rowOf(model, input));
  const order = { "in use": 0, loading: 1, failed: 2, cached: 3, available: 4 } as const;
  const sorted = rows.toSorted((a, b) => order[a.state] - order[b.state]);
  const shown = sorted.filter(({ id, detail, state }) =>
    words === "" || state === "loading" || `${id} ${detail}`.toLowerCase().includes(words)
  );
  const loadable = loadableId(query);
  return {
    rows: shown,
    empty: list === null && connected
      ? "Looking for models…"
      : shown.length > 0
      ? ""
      : "No model of the list matches.",
    loadable: status.loading || !connected ? null : loadable,
    hint: hintOf(query, loadable, input),
    busy: status.loading,
  };
}

/** The list, and what is in use, loading or failed without being in it. */
function allModels({ list, status, asked, refusal }: ModelsInput): Offered[] {
  const known = [...list?.available ?? []];
  const failed = refusal !== null || (status.load_error !== null && !status.loading);
  const others = [
    status.ready ? status.model_id : null,
    loadingId(status),
    failed ? asked?.model_id ?? null : null,
    status.error !== null && !status.loading ? status.model_id : null,
  ];
  for (const id of others) {
    if (id === null || known.some((model) => model.id === id)) continue;
    known.unshift({
      id,
      label: modelName(id),
      parameters: null,
      bytes: 0,
      dtype: id === status.model_id ? status.quantization ?? "" : "",
      license: null,
      cached: false,
      bundled: false,
    });
  }
  return known;
}

function loadingId(status: ModelStatus): string | null {
  return status.loading ? status.loading_id ?? (status.ready ? null : status.model_id) : null;
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
  const free = connected && (!status.loading || state === "loading");
  return {
    id: model.id,
    name: model.id.includes("/") && !isFolder(model.id) ? modelName(model.id) : model.id,
    detail: detailOf(model, state === "in use" ? status : null),
    state,
    progress: state === "loading" ? progressOf(status) : null,
    reason,
    action: free ? actions[state] : null,
    unfolded: unfolded === model.id,
    unlisted: input.unlisted?.id === model.id ? input.unlisted.reason : "",
    files: unfolded === model.id && list?.variants?.id === model.id ? filesOf(list.variants, local) : null,
  };
}

function stateOf(model: Offered, { status, asked, refusal }: ModelsInput): {
  state: ModelRow["state"];
  reason: string;
} {
  if (loadingId(status) === model.id) return { state: "loading", reason: "" };
  if (asked?.model_id === model.id && !status.loading) {
    const reason = refusal ?? status.load_error;
    if (reason !== null) return { state: "failed", reason };
  }
  if (status.model_id === model.id && status.ready) return { state: "in use", reason: "" };
  if (status.model_id === model.id && status.error !== null) {
    return { state: "failed", reason: status.error };
  }
  return { state: model.cached || model.bundled ? "cached" : "available", reason: "" };
}

function detailOf(
  { parameters, dtype, bytes, license, bundled }: Offered,
  inUse: ModelStatus | null,
): string {
  return [
    ...parameters === null ? [] : [`${parameterText(parameters)} parameters`],
    ...[inUse?.quantization ?? dtype].filter((each) => each !== ""),
    ...bytes > 0 ? [megabytes(bytes)] : [],
    ...license === null ? [] : [licenseText(license)],
    ...bundled ? ["bundled"] : [],
  ].join(" · ");
}

function filesOf({ files }: ModelVariantList, local: boolean): ModelFileRow[] {
  return files.map(({ file, dtype, bytes, fidelity, cached, chosen, fits }) => ({
    file,
    dtype,
    size: megabytes(bytes),
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
    return status.loading && loadable !== null ? "Wait for the present load, or cancel it." : "";
  }
  return "To load a model that is not listed, write owner/name as on huggingface.co, or a folder.";
}
