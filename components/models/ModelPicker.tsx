// The model picker over the session and its own store.
import type { ModelsControl } from "../../lib/explorer/models/control.ts";
import { LOAD_DEVICES } from "../../lib/explorer/models/store.ts";
import { modelsView } from "../../lib/explorer/models/rows.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import { ModelPopover } from "./ModelPopover.tsx";

export interface ModelPickerProps {
  readonly control: ModelsControl;
  readonly session: Session;
  readonly onClose: () => void;
}

export function ModelPicker({ control, session: { model, load, connected }, onClose }: ModelPickerProps) {
  const state = control.state.value;
  return (
    <ModelPopover
      view={modelsView({ ...state, status: { model, load }, connected })}
      query={state.query}
      onQuery={control.query}
      device={state.device}
      devices={LOAD_DEVICES}
      onDevice={control.device}
      onClose={onClose}
      onLoad={control.load}
      onCancel={control.cancel}
      onRetry={control.retry}
      onUnfold={control.unfold}
    />
  );
}
