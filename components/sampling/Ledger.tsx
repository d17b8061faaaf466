// Why a token was removed, or what happened to it: its probability after every stage.
import { Undo2 } from "../icons.ts";
import type { SettingChange } from "../../lib/sampling/smallest_change.ts";
import type { LedgerStep, LedgerView } from "../../lib/explorer/views/ledger_view.ts";
import { ActionButton } from "../ActionButton.tsx";
import { TokenText } from "../TokenText.tsx";
import { formatCoordinate } from "../../lib/basics/round.ts";

function Step({ step }: { step: LedgerStep }) {
  return (
    <li class={step.length === null ? "gone" : undefined}>
      <span>{step.label}</span>
      <b>{step.value}</b>
      <svg class="step-bar" aria-hidden="true">
        <rect class={step.length === null ? "mass-gone" : "rail"} width="100%" height="4" rx="2" />
        {step.length !== null && (
          <rect class="mass-kept" width={`${formatCoordinate(step.length * 100, 2)}%`} height="4" rx="2" />
        )}
      </svg>
    </li>
  );
}

function Question({ ledger }: { ledger: LedgerView }) {
  return (
    <h3 id="ledger-label">
      {ledger.removed ? "Why was " : "What happened to "}
      <span class="ledger-token">
        <span aria-hidden="true">
          <TokenText rendering={ledger.rendering} />
        </span>
        <span class="sr">{ledger.rendering.spoken}</span>
      </span>
      {ledger.removed ? " removed?" : "?"}
    </h3>
  );
}

interface LedgerProps {
  /** Null: there is no distribution yet. */
  readonly ledger: LedgerView | null;
  readonly onRestore: (change: SettingChange) => void;
}

export function Ledger({ ledger, onRestore }: LedgerProps) {
  if (ledger === null) {
    return (
      <div class="ledger" id="ledger" role="group" aria-label="Ledger">
        <p class="note">Start a text to see what every stage does to a token.</p>
      </div>
    );
  }
  const { restore } = ledger;
  return (
    <div class="ledger" id="ledger" role="group" aria-labelledby="ledger-label">
      <div class="ledger-head">
        <Question ledger={ledger} />
        {restore !== null && (
          <ActionButton
            class="btn sm"
            tip="Change this one setting so that the token is kept"
            onPress={() => onRestore(restore.restore)}
          >
            <Undo2 size={14} strokeWidth={1.8} />
            <span>
              <span class="sr">Bring it back:</span>
              {restore.label}
            </span>
          </ActionButton>
        )}
        {ledger.note !== "" && <span class="note">{ledger.note}</span>}
      </div>
      <ol class="steps" tabIndex={0} aria-label="Probability after each stage">
        {ledger.steps.map((step, at) => <Step key={at} step={step} />)}
      </ol>
    </div>
  );
}
