/// <reference lib="dom" />
// What was set for tokens of another tokenizer: not in force, with the ways to have it here or to let it go.
import type { AsideView } from "../../lib/explorer/settings/list_fields.ts";
import { TokenText } from "../TokenText.tsx";

export interface AsideCallbacks {
  readonly onTakeOver: (tokenizerKey: string) => void;
  readonly onDrop: (tokenizerKey: string) => void;
}

interface AsideSettingsProps {
  readonly aside: readonly AsideView[];
  readonly callbacks: AsideCallbacks;
}

export function AsideSettings({ aside, callbacks }: AsideSettingsProps) {
  return <>{aside.map((view) => <Aside key={view.tokenizerKey} view={view} callbacks={callbacks} />)}</>;
}

function Aside({ view, callbacks }: { view: AsideView; callbacks: AsideCallbacks }) {
  const { tokenizerKey, model, settings, byText } = view;
  return (
    <div class="aside-settings" role="group" aria-label={`Set for ${model}`}>
      <p class="note">
        Not applied: set for {model}, whose token ids mean other tokens. It is back with that model.
      </p>
      {settings.map(({ label, tags }) => (
        <p key={label}>
          {label}: {tags.map(({ id, rendering, value }) => (
            <span class="tag" key={id}>
              {rendering === null ? `#${id}` : <TokenText rendering={rendering} />}
              {value !== "" && ` ${value}`}
            </span>
          ))}
        </p>
      ))}
      <p class="buttons">
        {byText && (
          <AsideButton
            label="Use by text"
            tip="Sets the same for the tokens that have these texts here"
            onPress={() => callbacks.onTakeOver(tokenizerKey)}
          />
        )}
        <AsideButton label="Forget" onPress={() => callbacks.onDrop(tokenizerKey)} />
      </p>
    </div>
  );
}

interface AsideButtonProps {
  readonly label: string;
  readonly tip?: string;
  readonly onPress: () => void;
}

/** It may be gone in a moment: the hands go on at the field above. */
function AsideButton({ label, tip, onPress }: AsideButtonProps) {
  const press = () => {
    document.getElementById("logit-bias")?.focus();
    onPress();
  };
  return <button type="button" class="btn sm" data-tip={tip} onClick={press}>{label}</button>;
}
