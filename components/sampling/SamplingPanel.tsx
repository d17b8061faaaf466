// The tab "Sampling": presets, the pipeline, the ledger of one token, and the settings beside them.
import type { SettingChange } from "../../lib/sampling/smallest_change.ts";
import type { AsideView, BiasTag, IdTag, StopTag } from "../../lib/explorer/settings/list_fields.ts";
import type { LedgerView } from "../../lib/explorer/views/ledger_view.ts";
import type { PipelineView } from "../../lib/explorer/views/pipeline_view.ts";
import type { Preset, Sampling } from "../../lib/explorer/settings/sampling.ts";
import type { IdsParam } from "../../lib/explorer/settings/stage_controls.ts";
import type { OrderedStage } from "../../lib/sampling/params.ts";
import { type AsideCallbacks, AsideSettings } from "./AsideSettings.tsx";
import { Ledger } from "./Ledger.tsx";
import { Pipeline } from "./Pipeline.tsx";
import { Presets } from "./Presets.tsx";
import { type FieldCallbacks, IdsField, SamplingFields } from "./SamplingFields.tsx";
import type { StageCallbacks } from "./StageItem.tsx";

interface SamplingPanelProps {
  readonly sampling: Sampling;
  readonly pipeline: PipelineView;
  readonly ledger: LedgerView | null;
  readonly stops: readonly StopTag[];
  readonly biases: readonly BiasTag[];
  readonly aside: readonly AsideView[];
  /** The tokens of a setting that is a list of tokens. */
  readonly idTags: (param: IdsParam) => readonly IdTag[];
  readonly allStages: boolean;
  readonly callbacks: StageCallbacks & FieldCallbacks & AsideCallbacks & {
    readonly onPreset: (preset: Preset) => void;
    readonly onAllStages: (open: boolean) => void;
    readonly onMove: (stage: OrderedStage, target: OrderedStage) => void;
    readonly onRestore: (change: SettingChange) => void;
  };
}

export function SamplingPanel(props: SamplingPanelProps) {
  const { sampling, pipeline, ledger, callbacks } = props;
  return (
    <div class="sampling">
      <div class="sampling-head">
        <Presets preset={sampling.preset} onPreset={callbacks.onPreset} />
        <span class="note">
          {sampling.params.greedy
            ? "Greedy takes the first token: filters and temperature change nothing."
            : "Runs from top to bottom. Drag to reorder."}
        </span>
      </div>
      <Pipeline
        view={pipeline}
        params={sampling.params}
        callbacks={callbacks}
        all={props.allStages}
        onAll={callbacks.onAllStages}
        onMove={callbacks.onMove}
        idsField={(control) => (
          <IdsField control={control} tags={props.idTags(control.param)} callbacks={callbacks} />
        )}
      />
      <Ledger ledger={ledger} onRestore={callbacks.onRestore} />
      <SamplingFields
        params={sampling.params}
        stops={props.stops}
        biases={props.biases}
        callbacks={callbacks}
      />
      <AsideSettings aside={props.aside} callbacks={callbacks} />
    </div>
  );
}
