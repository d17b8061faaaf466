// The model picker: what is in use and what could be, a box for any other id, and where it runs.
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ModelsView } from "../../lib/explorer/models/rows.ts";
import { EngineForm } from "./EngineForm.tsx";
import { type ModelActions, ModelItem } from "./ModelRows.tsx";

interface ModelPopoverProps extends ModelActions {
  readonly view: ModelsView;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly device: string;
  /** Devices that a load can ask for; "auto" among them. */
  readonly devices: readonly { readonly value: string; readonly label: string }[];
  readonly onDevice: (device: string) => void;
  readonly onClose: () => void;
}

function Device({ device, devices, onDevice }: Pick<ModelPopoverProps, "device" | "devices" | "onDevice">) {
  return (
    <label class="pick-device">
      <span>Run on</span>
      <select
        class="field"
        value={device}
        onChange={(event) => onDevice(event.currentTarget.value)}
      >
        {devices.map(({ value, label }) => (
          <option key={value} value={value} selected={value === device}>{label}</option>
        ))}
      </select>
    </label>
  );
}

function Search(props: ModelPopoverProps) {
  const { view: { loadable, hint }, query, onQuery, onLoad } = props;
  return (
    <form
      class="pop-foot"
      onSubmit={(event) => {
        event.preventDefault();
        if (loadable !== null) onLoad(loadable, null);
      }}
    >
      <div class="m-labels">
        <label for="model-query">Search, or any Hugging Face id or local folder</label>
        <Device {...props} />
      </div>
      <div class="m-search">
        <input
          id="model-query"
          class="field mono"
          placeholder="owner/name  or  /folder"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          value={query}
          aria-describedby="model-hint"
          onInput={(event) => onQuery(event.currentTarget.value)}
        />
        <button type="submit" class="btn" aria-disabled={loadable === null ? true : undefined}>Load</button>
      </div>
      <p id="model-hint" class="m-hint" role="status">{hint}</p>
    </form>
  );
}

/** The dialog itself: non-modal, Escape closes it. */
export function ModelPopover(props: ModelPopoverProps) {
  const { view, onClose } = props;
  const dialog = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => dialog.current?.focus({ preventScroll: true }), []);
  return (
    <div
      class="pop pop-model"
      id="model-dialog"
      role="dialog"
      aria-labelledby="models-label"
      tabIndex={-1}
      ref={dialog}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      <div class="pop-head">
        <h2 id="models-label">Models</h2>
        <p>{view.place}</p>
      </div>
      {view.rows.length > 0 && (
        <ul class="models">
          {view.rows.map((row) => <ModelItem key={row.id} row={row} actions={props} />)}
        </ul>
      )}
      {view.empty !== "" && <p class="m-empty note">{view.empty}</p>}
      <Search {...props} />
      <EngineForm free={!view.busy} onConnect={(name) => props.onLoad(name, null)} />
    </div>
  );
}
