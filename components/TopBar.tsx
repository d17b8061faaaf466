// Identity, model, device, and the tools of the page.
import { Keyboard, Moon, Sun } from "lucide-preact";
import type { ModelView } from "../lib/explorer/model_view.ts";
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

function Model({ model }: { model: ModelView }) {
  const tip = "Set NEXTTOKEN_MODEL to choose another model";
  return (
    <>
      <span class="model" tabIndex={0} data-tip={tip}>
        <span class="sr">Model:</span>
        <span class="model-name">{model.name}</span>
        <span class="model-meta">{model.quantization}</span>
        <span class="sr">{tip}.</span>
      </span>
      {model.state === "failed" && (
        <span class="device">
          <i class="dot-bad" aria-hidden="true" />Failed
        </span>
      )}
      {model.device !== "" && (
        <span class="device" tabIndex={0} data-tip={model.deviceDetail}>
          <i aria-hidden="true" />
          <span class="sr">Device:</span>
          {model.device}
        </span>
      )}
    </>
  );
}

interface TopBarProps {
  readonly model: ModelView;
  readonly dark: boolean;
  readonly onTheme: () => void;
  readonly onHelp: () => void;
}

export function TopBar({ model, dark, onTheme, onHelp }: TopBarProps) {
  return (
    <header class="topbar">
      <a class="brand" href="#main" aria-label="Next Token, to the top of the page">
        <Mark />
        <span>Next Token</span>
      </a>
      <Model model={model} />
      <span class="grow" />
      <a class="tbtn" href="/api/openapi.json" data-tip="The same engine as JSON over HTTP">API</a>
      <ActionButton
        class="ibtn help-btn"
        label="Keyboard shortcuts"
        tip="Keyboard shortcuts  ?"
        onPress={onHelp}
      >
        <Keyboard size={16} strokeWidth={1.6} />
      </ActionButton>
      <ActionButton class="ibtn" label="Dark theme" pressed={dark} tip="Switch theme" onPress={onTheme}>
        {dark ? <Sun size={16} strokeWidth={1.6} /> : <Moon size={17} strokeWidth={1.6} />}
      </ActionButton>
    </header>
  );
}
