// What stands in place of the bars: waiting, empty, loading, failed.
import { Check } from "./icons.ts";
import { useEffect, useRef } from "preact/hooks";
import type { CoverAction, CoverView, LoadingStep } from "../lib/explorer/views/placeholder.ts";
import { ActionButton } from "./ActionButton.tsx";

const ACTIONS: Readonly<Record<CoverAction, string>> = {
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

function Loading({ cover }: { cover: Extract<CoverView, { kind: "loading" }> }) {
  return (
    <div class="cover">
      <div role="status">
        <h3>{cover.title}</h3>
        <p>{cover.text}</p>
      </div>
      <div>
        <progress
          aria-label={cover.title}
          {...cover.progress === null ? {} : { value: cover.progress }}
          max={1}
        />
        <p class="amount num">{cover.amount}</p>
      </div>
      <ul class="todo">{cover.steps.map((step) => <Step key={step.label} step={step} />)}</ul>
      <Skeleton />
    </div>
  );
}

interface CoverProps {
  readonly cover: CoverView;
  readonly onAction: (action: CoverAction) => void;
}

/** A failure is said at once; the focus goes to what can be done where it would be lost otherwise. */
function Failed({ cover, onAction }: CoverProps & { cover: Extract<CoverView, { kind: "failed" }> }) {
  const actions = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) actions.current?.querySelector("button")?.focus();
  }, [cover.title]);
  return (
    <div class="cover">
      <div role="alert">
        <h3>{cover.title}</h3>
        <p>{cover.text}</p>
      </div>
      <p class="reason">{cover.reason}</p>
      {cover.advice.length > 0 && (
        <div>
          <h4>What you can do</h4>
          <ol class="advice">{cover.advice.map((line) => <li key={line}>{line}</li>)}</ol>
        </div>
      )}
      <div class="actions" ref={actions}>
        {cover.actions.map((action, at) => (
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

function Single({ action, onAction }: { action: CoverAction; onAction: CoverProps["onAction"] }) {
  return (
    <div class="actions">
      <ActionButton class="btn primary" onPress={() => onAction(action)}>{ACTIONS[action]}</ActionButton>
    </div>
  );
}

export function Cover({ cover, onAction }: CoverProps) {
  if (cover.kind === "loading") return <Loading cover={cover} />;
  if (cover.kind === "failed") return <Failed cover={cover} onAction={onAction} />;
  return (
    <div class="cover">
      {cover.kind !== "waiting" && (
        <div>
          <h3>{cover.title}</h3>
          <p>{cover.text}</p>
        </div>
      )}
      {(cover.kind === "off" || cover.kind === "foreign") && (
        <Single action={cover.kind === "off" ? "enable" : "reread"} onAction={onAction} />
      )}
      <Skeleton still={cover.kind !== "waiting"} />
    </div>
  );
}
