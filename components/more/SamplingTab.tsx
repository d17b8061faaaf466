// The tab "Sampling" over the session: what the panel needs, and what its controls do.
import { readyModel } from "../../lib/explorer/session/model.ts";
import type { ComponentProps } from "preact";
import { useState } from "preact/hooks";
import {
  asideViews,
  biasTagsOf,
  idTagsOf,
  parseStop,
  stopTagsOf,
} from "../../lib/explorer/settings/list_fields.ts";
import { shownSettingsOf } from "../../lib/explorer/session/question.ts";
import { applyRestore, chooseLedgerToken, ledgerView } from "../../lib/explorer/views/ledger_view.ts";
import { pipelineView } from "../../lib/explorer/views/pipeline_view.ts";
import {
  changeField,
  changeStage,
  choosePreset,
  moveStage,
  type Sampling,
  setParam,
  setSeed,
} from "../../lib/explorer/settings/sampling.ts";
import type { Token } from "../../lib/wire/token.ts";
import { SamplingPanel } from "../sampling/SamplingPanel.tsx";
import type { PanelProps } from "./panel_props.ts";
import { createTokenCallbacks } from "./token_callbacks.ts";

type Callbacks = ComponentProps<typeof SamplingPanel>["callbacks"];

/** What the controls do. */
function callbacksOf(
  props: PanelProps,
  onAllStages: (on: boolean) => void,
): Callbacks {
  const { session, actions } = props;
  const change = actions.sampling;
  return {
    onNumber: (param, value) => change((now) => setParam(now, param, value)),
    onChoice: (param, value) => change((now) => changeStage(now, { [param]: value })),
    onPreset: (preset) => change((now) => choosePreset(now, preset)),
    onAllStages,
    onMove: (stage, target) => change((now) => moveStage(now, stage, target)),
    onRestore: (restore) =>
      restore.param === "constraint.enabled"
        ? actions.unconstrain()
        : change((now) => applyRestore(now, restore) ?? now),
    onSeed: (seed) => change((now) => setSeed(now, seed)),
    onAddStop(typed) {
      const stop = parseStop(typed, session.settings.params.stop_sequences);
      if ("refused" in stop) return stop.refused;
      change((now) => changeField(now, { stop_sequences: [...now.params.stop_sequences, stop.text] }));
      return null;
    },
    onRemoveStop: (index) => change((now) => changeField(now, { stop_sequences: without(now, index) })),
    ...createTokenCallbacks(props),
  };
}

function without({ params }: Sampling, index: number): readonly string[] {
  return params.stop_sequences.filter((_, at) => at !== index);
}

export function SamplingTab(props: PanelProps) {
  const { session, ledgerId } = props;
  const { settings, answer } = session;
  const [all, setAll] = useState(false);
  const vocabulary = readyModel(session)?.vocabulary ?? 0;
  const dist = answer?.dist ?? null;
  const then = shownSettingsOf(session).params;
  const token = dist === null ? null : chooseLedgerToken(dist, ledgerId);
  const ledger = token === null || answer === null ? null : ledgerView(token, answer);
  const shown = dist?.tokens.map((shown) => [shown.id, shown] as const) ?? [];
  const named = settings.ids?.tokens.map((token) => [token.id, token] as const) ?? [];
  const known = new Map<number, Token>([...shown, ...named]);
  return (
    <SamplingPanel
      sampling={settings}
      pipeline={pipelineView({ sampling: settings, then, dist, vocabulary, all })}
      ledger={ledger}
      stops={stopTagsOf(settings.params)}
      biases={biasTagsOf(settings.params, known)}
      aside={asideViews(settings)}
      idTags={(param) => idTagsOf(settings.params[param], known)}
      allStages={all}
      callbacks={callbacksOf(props, setAll)}
    />
  );
}
