/// <reference lib="dom" />
// Which model: the button of the top bar with its picker, and the offer of the model that was chosen last time.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { modelName } from "../../lib/explorer/views/placeholder.ts";
import { createModelApi } from "../../lib/explorer/models/api.ts";
import { modelView } from "../../lib/explorer/models/badge.ts";
import { createModelsControl, type ModelsControl } from "../../lib/explorer/models/control.ts";
import type { Page } from "../../lib/explorer/page/page.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import { useLazy } from "../lazy.tsx";
import { ModelButton } from "./ModelButton.tsx";

interface ModelsOptions {
  readonly page: Page;
  readonly session: Session;
  readonly onNotice: (text: string) => void;
}

interface Models {
  readonly control: ModelsControl;
  readonly button: ComponentChildren;
  /** Null: there is nothing to offer. */
  readonly offer: ComponentChildren | null;
  /** Opens the picker and leads the focus there. */
  readonly open: () => void;
}

function Offer({ id, control }: { id: string; control: ModelsControl }) {
  return (
    <p class="notice offer" role="status">
      <span>You chose {modelName(id)} the last time.</span>
      <button type="button" class="btn sm" onClick={() => control.load(id, null)}>Use it again</button>
      <button type="button" class="btn quiet sm" onClick={control.decline}>Stay with this one</button>
    </p>
  );
}

export function useModels({ page, session, onNotice }: ModelsOptions): Models {
  const [control] = useState(() =>
    createModelsControl({
      explorer: page.explorer,
      api: createModelApi(),
      storage: page.storage,
      onNotice,
    })
  );
  useEffect(control.watch, []);
  const { open, offered } = control.state.value;
  const Picker = useLazy(open, () => import("./ModelPicker.tsx").then(({ ModelPicker }) => ModelPicker));
  const { name, fullName, quantization } = modelView(session.model);
  const close = () => {
    control.open(false);
    document.getElementById("model-button")?.focus();
  };
  return {
    control,
    open: () => control.open(true),
    button: (
      <ModelButton
        name={name}
        fullName={fullName}
        quantization={quantization}
        open={open}
        onOpen={control.open}
      >
        {Picker !== null && <Picker control={control} session={session} onClose={close} />}
      </ModelButton>
    ),
    offer: offered === null ? null : <Offer id={offered} control={control} />,
  };
}
