// One model of the picker, its progress or failure, and its files.
import { Check, ChevronDown, Download, TriangleAlert } from "../icons.ts";
import type { ModelProgress } from "../../lib/explorer/models/words.ts";
import type { ModelFileRow, ModelRow } from "../../lib/explorer/models/rows.ts";

export interface ModelActions {
  /** Loads a model, or downloads it first; `dtype` null: the file that suits best. */
  readonly onLoad: (id: string, dtype: string | null) => void;
  readonly onCancel: () => void;
  readonly onRetry: (id: string) => void;
  /** Shows a model's files; null folds them. */
  readonly onUnfold: (id: string | null) => void;
}

function Progress({ name, progress }: { name: string; progress: ModelProgress }) {
  return (
    <div class="dl">
      <progress
        aria-label={`Loading ${name}`}
        max={1}
        {...progress.share === null ? {} : { value: progress.share }}
      />
      <span class="num">{progress.text}</span>
    </div>
  );
}

function Action({ row, actions }: { row: ModelRow; actions: ModelActions }) {
  if (row.state === "in use") {
    return (
      <span class="tag-on">
        <Check size={15} strokeWidth={1.8} />In use
      </span>
    );
  }
  if (row.action === null) return null;
  const press = () => {
    if (row.action === "Cancel") actions.onCancel();
    else if (row.action === "Retry") actions.onRetry(row.id);
    else actions.onLoad(row.id, null);
  };
  return (
    <button type="button" class="btn sm" aria-label={`${row.action} ${row.name}`} onClick={press}>
      {row.action === "Download" && <Download size={15} strokeWidth={1.7} />}
      {row.action}
    </button>
  );
}

function File({ row, file, actions }: { row: ModelRow; file: ModelFileRow; actions: ModelActions }) {
  const blocked = !file.fits || row.state === "loading";
  return (
    <li class="file">
      <div>
        <b class="mono">{file.dtype}</b>
        <span class="num">{file.size}</span>
        {file.chosen && <span class="best">suits this computer best</span>}
        {file.note !== "" && <span class={file.fits ? "" : "why"}>{file.note}</span>}
        <p>{file.fidelity}</p>
      </div>
      <button
        type="button"
        class="btn sm quiet"
        aria-label={`Load ${row.name} as ${file.dtype}`}
        aria-disabled={blocked ? true : undefined}
        onClick={blocked ? undefined : () => actions.onLoad(row.id, file.dtype)}
      >
        Load
      </button>
    </li>
  );
}

function Files({ row, actions }: { row: ModelRow; actions: ModelActions }) {
  if (row.unlisted !== "") return <p class="note" role="status">{row.unlisted}</p>;
  if (row.files === null) return <p class="note">Looking up the files…</p>;
  if (row.files.length === 0) return <p class="note">It has no file that this program can run.</p>;
  return (
    <ul class="files" aria-label={`Files of ${row.name}`}>
      {row.files.map((file) => <File key={file.file} row={row} file={file} actions={actions} />)}
    </ul>
  );
}

export function ModelItem({ row, actions }: { row: ModelRow; actions: ModelActions }) {
  return (
    <li class={row.state === "failed" ? "m bad" : "m"}>
      <div class="m-row">
        <div>
          <b>{row.name}</b>
          <span class="m-detail">
            {row.detail !== "" && <span>{row.detail}</span>}
            <button
              type="button"
              class="more-files"
              aria-expanded={row.unfolded}
              aria-label={`Files of ${row.name}`}
              onClick={() => actions.onUnfold(row.unfolded ? null : row.id)}
            >
              Files
              <ChevronDown size={12} strokeWidth={2} />
            </button>
          </span>
          {row.progress !== null && <Progress name={row.name} progress={row.progress} />}
          {row.reason !== "" && (
            <span class="why" role="alert">
              <TriangleAlert size={14} strokeWidth={1.8} />
              {row.reason}
            </span>
          )}
        </div>
        <Action row={row} actions={actions} />
      </div>
      {row.unfolded && <Files row={row} actions={actions} />}
    </li>
  );
}
