// The tab "Sampling" over the session: what the panel needs, and what its controls do.
import { readyModel } from "../../lib/explorer/session/model.ts";
import type { ComponentProps } from "preact";
import { useState } from "preact/hooks";
import {
  biasTags,
  idTags,
  parseBias,
  parseStop,
  parseToken,
  stopTags,
} from "../../lib/explorer/settings/list_fields.ts";
import { applyRestore, ledgerToken, ledgerView } from "../../lib/explorer/views/ledger_view.ts";
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
import type { IdsParam } from "../../lib/explorer/settings/stage_controls.ts";
import { SamplingPanel } from "../sampling/SamplingPanel.tsx";
import type { PanelProps } from "./panel_props.ts";

type Callbacks = ComponentProps<typeof SamplingPanel>["callbacks"];

/** What the controls do. */
function callbacksOf(
  { session, stores, actions }: PanelProps,
  onAllStages: (on: boolean) => void,
): Callbacks {
  const change = actions.sampling;
  const setIds = (param: IdsParam, next: (ids: readonly number[]) => readonly number[]) =>
    change((now) => changeField(now, { [param]: next(now.params[param]) }));
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
    onAddBias(typed) {
      const bias = parseBias(typed);
      if ("refused" in bias) return bias.refused;
      return stores.typedTokens.take(bias, (id) => change((now) => withBias(now, id, bias.value)));
    },
    onRemoveBias: (id) => change((now) => withBias(now, id, null)),
    onAddId: (param, text) =>
      stores.typedTokens.take(parseToken(text), (id) => setIds(param, (ids) => [...new Set([...ids, id])])),
    onRemoveId: (param, id) => setIds(param, (ids) => ids.filter((other) => other !== id)),
  };
}

function without({ params }: Sampling, index: number): readonly string[] {
  return params.stop_sequences.filter((_, at) => at !== index);
}

/** With another bias of a token; null takes it away. */
function withBias(sampling: Sampling, id: number, value: number | null): Sampling {
  const { [id]: _old, ...rest } = sampling.params.logit_bias;
  return changeField(sampling, { logit_bias: value === null ? rest : { ...rest, [id]: value } });
}

export function SamplingTab(props: PanelProps) {
  const { session, stores, ledgerId } = props;
  const { settings, answer } = session;
  const [all, setAll] = useState(false);
  const vocabulary = readyModel(session)?.vocabulary ?? 0;
  const dist = answer?.dist ?? null;
  const token = dist === null ? null : ledgerToken(dist, ledgerId);
  const shown = dist?.tokens.map((shown) => [shown.id, shown] as const) ?? [];
  const known = new Map([...shown, ...stores.typedTokens.known.value]);
  return (
    <SamplingPanel
      sampling={settings}
      pipeline={pipelineView({ sampling: settings, dist, vocabulary, all })}
      ledger={token === null || dist === null ? null : ledgerView(token, dist)}
      stops={stopTags(settings.params)}
      biases={biasTags(settings.params, known)}
      idTags={(param) => idTags(settings.params[param], known)}
      allStages={all}
      callbacks={callbacksOf(props, setAll)}
    />
  );
}
