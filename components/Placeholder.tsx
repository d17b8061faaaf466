// What stands in place of the bars: waiting, empty, loading, failed.
import { Check } from "./icons.ts";
import { useEffect, useRef } from "preact/hooks";
import type { LoadingStep, PlaceholderAction, PlaceholderView } from "../lib/explorer/views/placeholder.ts";
import { ActionButton } from "./ActionButton.tsx";

const ACTIONS: Readonly<Record<PlaceholderAction, string>> = {
  retry: "Try again",
  edit: "Edit the prompt",
  copy: "Copy details",
  enable: "Turn the model on",
  reread: "Read it again",
  reload: "Load it again",
  models: "Choose another model",
  unconstrain: "Turn the constraint off",
};

function Skeleton({ still = false }: { still?: boolean }) {
  return (
    <div class={still ? "skeleton still" : "skeleton"} aria-hidden="true">
      {[1, 2, 3, 4, 5, 6].map((row) => <i key={row} />)}
    </div>
  );
}

function Step({ step }: { step: LoadingStep }) {
  return (
    <li class={step.state}>
      {step.state === "done" ? <Check size={16} strokeWidth={2} /> : <i class="ring" aria-hidden="true" />}
      {step.label}
    </li>
  );
}

function Loading({ placeholder }: { placeholder: Extract<PlaceholderView, { kind: "loading" }> }) {
  return (
    <div class="placeholder">
      <div role="status">
        <h3>{placeholder.title}</h3>
        <p>{placeholder.text}</p>
      </div>
      <div>
        <progress
          aria-label={placeholder.title}
          {...placeholder.progress === null ? {} : { value: placeholder.progress }}
          max={1}
        />
        <p class="amount num">{placeholder.amount}</p>
      </div>
      <ul class="todo">{placeholder.steps.map((step) => <Step key={step.label} step={step} />)}</ul>
      <Skeleton />
    </div>
  );
}

interface PlaceholderProps {
  readonly placeholder: PlaceholderView;
  readonly onAction: (action: PlaceholderAction) => void;
}

/** A failure is said at once; the focus goes to what can be done where it would be lost otherwise. */
function Failed(
  { placeholder, onAction }: PlaceholderProps & { placeholder: Extract<PlaceholderView, { kind: "failed" }> },
) {
  const actions = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) actions.current?.querySelector("button")?.focus();
  }, [placeholder.title]);
  return (
    <div class="placeholder">
      <div role="alert">
        <h3>{placeholder.title}</h3>
        <p>{placeholder.text}</p>
      </div>
      <p class="reason">{placeholder.reason}</p>
      {placeholder.advice.length > 0 && (
        <div>
          <h4>What you can do</h4>
          <ol class="advice">{placeholder.advice.map((line) => <li key={line}>{line}</li>)}</ol>
        </div>
      )}
      <div class="actions" ref={actions}>
        {placeholder.actions.map((action, at) => (
          <ActionButton
            key={action}
            class={action === "copy" ? "btn quiet" : at === 0 ? "btn primary" : "btn"}
            onPress={() => onAction(action)}
          >
            {ACTIONS[action]}
          </ActionButton>
        ))}
      </div>
    </div>
  );
}

function Single({ action, onAction }: { action: PlaceholderAction; onAction: PlaceholderProps["onAction"] }) {
  return (
    <div class="actions">
      <ActionButton class="btn primary" onPress={() => onAction(action)}>{ACTIONS[action]}</ActionButton>
    </div>
  );
}

export function Placeholder({ placeholder, onAction }: PlaceholderProps) {
  if (placeholder.kind === "loading") return <Loading placeholder={placeholder} />;
  if (placeholder.kind === "failed") return <Failed placeholder={placeholder} onAction={onAction} />;
  return (
    <div class="placeholder">
      {placeholder.kind !== "waiting" && (
        <div>
          <h3>{placeholder.title}</h3>
          <p>{placeholder.text}</p>
        </div>
      )}
      {(placeholder.kind === "off" || placeholder.kind === "foreign") && (
        <Single action={placeholder.kind === "off" ? "enable" : "reread"} onAction={onAction} />
      )}
      <Skeleton still={placeholder.kind !== "waiting"} />
    </div>
  );
}
