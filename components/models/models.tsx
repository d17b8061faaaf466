/// <reference lib="dom" />
// Which model: the button of the top bar with its picker, the offer of the model that was chosen last time, and a load
// that failed.
import { X } from "../icons.ts";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { modelNameOf } from "../../lib/explorer/views/placeholder.ts";
import { modelView } from "../../lib/explorer/models/badge.ts";
import type { ModelsControl } from "../../lib/explorer/models/control.ts";
import { failureNotice } from "../../lib/explorer/models/store.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import { ActionButton } from "../ActionButton.tsx";
import { useLazy } from "../lazy.tsx";
import { ModelButton } from "./ModelButton.tsx";

interface ModelsProps {
  readonly control: ModelsControl;
  readonly session: Session;
}

/** The button in the top bar, with the picker while it is open. */
export function Models({ control, session }: ModelsProps) {
  const { open } = control.state.value;
  const Picker = useLazy(open, () => import("./ModelPicker.tsx").then(({ ModelPicker }) => ModelPicker));
  const { name, variant } = modelView(session.model);
  const close = () => {
    control.open(false);
    document.getElementById("model-button")?.focus();
  };
  return (
    <ModelButton name={name} variant={variant} open={open} onOpen={control.open}>
      {Picker !== null && <Picker control={control} session={session} onClose={close} />}
    </ModelButton>
  );
}

/** What there is to say about models over the page: an offer, and why a load that was asked for here has failed. */
export function ModelNotices({ control }: Pick<ModelsProps, "control">) {
  const { offered } = control.state.value;
  const failure = failureNotice(control.state.value);
  return (
    <>
      {offered !== null && (
        <p class="notice offer" role="status">
          <span>You chose {modelNameOf(offered)} the last time.</span>
          <button type="button" class="btn sm" onClick={() => control.load(offered, null)}>
            Use it again
          </button>
          <button type="button" class="btn quiet sm" onClick={control.decline}>Stay with this one</button>
        </p>
      )}
      {failure !== null && <Problem text={failure} onDismiss={control.dismiss} />}
    </>
  );
}

function Dismiss({ onPress }: { onPress: () => void }) {
  return (
    <ActionButton class="ibtn sm" label="Dismiss" onPress={onPress}>
      <X size={15} strokeWidth={1.8} />
    </ActionButton>
  );
}

/** Something that went wrong, until it is dismissed. */
export function Problem({ text, onDismiss }: { text: string; onDismiss: () => void }): ComponentChildren {
  return (
    <p class="notice bad" role="alert">
      <span>{text}</span>
      <Dismiss onPress={onDismiss} />
    </p>
  );
}

/** Something to know, until it was read. */
export function Warning({ text }: { text: string }): ComponentChildren {
  const [read, setRead] = useState(false);
  return read ? null : (
    <p class="notice said" role="status">
      <span>{text}</span>
      <Dismiss onPress={() => setRead(true)} />
    </p>
  );
}
