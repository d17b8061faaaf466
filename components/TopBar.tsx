// Identity, model, device, and the tools of the page.
import { Keyboard, Moon, Presentation, Sun } from "./icons.ts";
import type { ComponentChildren } from "preact";
import type { ModelView } from "../lib/explorer/models/badge.ts";
import { OfflineChip } from "./OfflineChip.tsx";
import { ActionButton } from "./ActionButton.tsx";

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 22 22" aria-hidden="true">
      <rect x="2" y="4" width="14" height="3.4" rx="1" />
      <rect x="2" y="9.3" width="9" height="3.4" rx="1" />
      <rect x="2" y="14.6" width="5" height="3.4" rx="1" />
      <path d="M19.5 3v16" />
    </svg>
  );
}

function Device({ model }: { model: ModelView }) {
  if (model.state === "failed") {
    return (
      <span class="device">
        <i class="dot-bad" aria-hidden="true" />Failed
      </span>
    );
  }
  if (model.device === "") return null;
  return (
    <span class="device" tabIndex={0} data-tip={model.deviceDetail}>
      <i aria-hidden="true" />
      <span class="sr">Device:</span>
      {model.device}
    </span>
  );
}

function Power({ enabled, onEnable }: Pick<TopBarProps, "enabled" | "onEnable">) {
  return (
    <label class="switch power" data-term="predictions">
      <input
        type="checkbox"
        role="switch"
        checked={enabled}
        onChange={(event) => onEnable(event.currentTarget.checked)}
      />
      <i aria-hidden="true" />
      <span>
        Predictions <span aria-hidden="true">{enabled ? "on" : "off"}</span>
      </span>
    </label>
  );
}

interface TopBarProps {
  readonly model: ModelView;
  /** The model's name and the way to another one. */
  readonly picker: ComponentChildren;
  /** The model is on. */
  readonly enabled: boolean;
  readonly onEnable: (on: boolean) => void;
  readonly share: ComponentChildren;
  readonly dark: boolean;
  readonly onTheme: () => void;
  readonly onHelp: () => void;
  /** Large type for a projector. */
  readonly presenting: boolean;
  readonly onPresent: () => void;
}

function ApiLink() {
  return (
    <a
      class="tbtn"
      href="./api"
      target="_blank"
      data-tip="The same engine as JSON over HTTP, in a tab of its own"
    >
      API
    </a>
  );
}

export function TopBar(props: TopBarProps) {
  const { model, enabled, dark } = props;
  return (
    <header class="topbar">
      <a class="brand" href="#main" aria-label="Next Token, to the top of the page">
        <Mark />
        <span>Next Token</span>
      </a>
      {props.picker}
      <Device model={model} />
      <Power enabled={enabled} onEnable={props.onEnable} />
      <OfflineChip />
      <span class="grow" />
      <ApiLink />
      {props.share}
      <ActionButton
        class="ibtn help-btn"
        label="Keyboard shortcuts"
        tip="Keyboard shortcuts  ?"
        onPress={props.onHelp}
      >
        <Keyboard size={16} strokeWidth={1.6} />
      </ActionButton>
      <ActionButton
        class="ibtn present-btn"
        label="Projector"
        pressed={props.presenting}
        tip={props.presenting ? "Back to the whole page  P" : "Large type, nothing besides  P"}
        onPress={props.onPresent}
      >
        <Presentation size={17} strokeWidth={1.6} />
      </ActionButton>
      <ActionButton class="ibtn" label="Dark theme" pressed={dark} tip="Switch theme" onPress={props.onTheme}>
        {dark ? <Sun size={16} strokeWidth={1.6} /> : <Moon size={17} strokeWidth={1.6} />}
      </ActionButton>
    </header>
  );
}
