// The tab "Sampling" over the session: what the panel needs, and what its controls do.
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
  setParam,
  setSeed,
} from "../../lib/explorer/settings/sampling.ts";
import type { IdsParam } from "../../lib/explorer/settings/stage_controls.ts";
import { SamplingPanel } from "../sampling/SamplingPanel.tsx";
import type { PanelProps } from "./panel_props.ts";
import { useTypedTokens } from "./typed_tokens.ts";

export function SamplingTab({ session, api, actions, ledgerId, onNotice }: PanelProps) {
  const { settings, answer } = session;
  const [all, setAll] = useState(false);
  const vocabulary = session.model.vocab_size ?? 0;
  const tokens = useTypedTokens({ api, vocabulary, onNotice });
  const dist = answer?.dist ?? null;
  const token = dist === null ? null : ledgerToken(dist, ledgerId);
  const setBias = (id: number, value: number) =>
    actions.sampling((now) => changeField(now, { logit_bias: { ...now.params.logit_bias, [id]: value } }));
  const addBias = (typed: string): string | null => {
    const bias = parseBias(typed);
    if ("refused" in bias) return bias.refused;
    return tokens.take(bias, (id) => setBias(id, bias.value));
  };
  const setIds = (param: IdsParam, change: (ids: readonly number[]) => readonly number[]) =>
    actions.sampling((now) => changeField(now, { [param]: change(now.params[param]) }));
  const known = new Map([...dist?.tokens.map((shown) => [shown.id, shown] as const) ?? [], ...tokens.pills]);
  return (
    <SamplingPanel
      sampling={settings}
      pipeline={pipelineView({ sampling: settings, dist, vocabulary, all })}
      ledger={token === null || dist === null ? null : ledgerView(token, dist)}
      stops={stopTags(settings.params)}
      biases={biasTags(settings.params, known)}
      idTags={(param) => idTags(settings.params[param], known)}
      allStages={all}
      callbacks={{
        onNumber: (param, value) => actions.sampling((now) => setParam(now, param, value)),
        onChoice: (param, value) => actions.sampling((now) => changeStage(now, { [param]: value })),
        onPreset: (preset) => actions.sampling((now) => choosePreset(now, preset)),
        onAllStages: setAll,
        onMove: (stage, target) => actions.sampling((now) => moveStage(now, stage, target)),
        onRestore: (restore) => actions.sampling((now) => applyRestore(now, restore) ?? now),
        onSeed: (seed) => actions.sampling((now) => setSeed(now, seed)),
        onAddStop: (typed) => {
          const stop = parseStop(typed, settings.params.stop_sequences);
          if ("refused" in stop) return stop.refused;
          actions.sampling((now) =>
            changeField(now, { stop_sequences: [...now.params.stop_sequences, stop.text] })
          );
          return null;
        },
        onAddBias: addBias,
        onRemoveStop: (index) =>
          actions.sampling((now) =>
            changeField(now, { stop_sequences: now.params.stop_sequences.filter((_, at) => at !== index) })
          ),
        onAddId: (param, text) =>
          tokens.take(parseToken(text), (id) => setIds(param, (ids) => [...new Set([...ids, id])])),
        onRemoveId: (param, id) => setIds(param, (ids) => ids.filter((other) => other !== id)),
        onRemoveBias: (id) =>
          actions.sampling((now) => {
            const { [id]: _gone, ...rest } = now.params.logit_bias;
            return changeField(now, { logit_bias: rest });
          }),
      }}
    />
  );
}
