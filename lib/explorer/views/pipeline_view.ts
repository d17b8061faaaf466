// The pipeline as a list: one row a stage, with what it did to the present distribution.
import type { DistResult, StageSummary } from "../../wire/distribution.ts";
import type { Stage } from "../../sampling/parameter.ts";
import {
  isStageOn,
  type OrderedStage,
  parametersOf,
  type Params,
  type StageName,
  STAGES,
} from "../../sampling/params.ts";
import { formatBits, formatCount, formatPercent, formatTokenCount } from "../words/format.ts";
import { orderOf, type Sampling } from "../settings/sampling.ts";
import { findStageControl, rowOfStage, type StageControl, stageLabel } from "../settings/stage_controls.ts";
import type { Term } from "../words/glossary.ts";

export interface EffectView {
  /** "−49,144 tokens, −22.7 %", "sharper, none removed", "off". */
  readonly text: string;
  /** Share of the mass that came in and stays, 0..1; null: no bar. */
  readonly keptMass: number | null;
}

export interface StageRow {
  readonly stage: OrderedStage;
  readonly label: string;
  readonly control: StageControl;
  /** What explains it with the present numbers. */
  readonly term: Term | undefined;
  readonly on: boolean;
  readonly effect: EffectView;
}

export interface PipelineView {
  /** "its own probabilities, 4.9 bits" */
  readonly output: string;
  readonly vocabulary: string;
  readonly rows: readonly StageRow[];
  /** How many stages wait behind "More stages"; 0 where all are shown. */
  readonly hidden: number;
  /** The row of the stage that greedy adds; null: not greedy. */
  readonly greedy: EffectView | null;
  /** The row of the tokens that an engine does not list; null: it lists all. */
  readonly listed: EffectView | null;
  /** "8 tokens, 2.7 bits" */
  readonly drawn: string;
}

/** What a stage that removes nothing did: sharper, flatter, lowered, raised. */
function describeDirection(name: StageName, params: Params): string {
  if (name === "dynatemp") return "scaled by uncertainty, ";
  if (name === "logit_bias") return `${formatTokenCount(Object.keys(params.logit_bias).length)} changed, `;
  const { effect }: Stage = STAGES[name];
  if (effect === undefined) return "";
  const [param, { off, default: initial }] = parametersOf(name)[0]!;
  const [below, above] = effect;
  return `${Number(params[param]) < Number(off ?? initial) ? below : above}, `;
}

/** The sentence for what a stage did. */
export function effectOf(summary: StageSummary, params: Params): EffectView {
  if (summary.removed === 0) {
    return { text: `${describeDirection(summary.name, params)}none removed`, keptMass: null };
  }
  const text = `−${formatTokenCount(summary.removed)}, −${formatPercent(summary.removed_mass)} %`;
  return { text, keptMass: 1 - summary.removed_mass };
}

/** A stage without a summary did nothing: it cannot act, it is off, or greedy leaves it nothing to do. */
function describeIdle(stage: OrderedStage, params: Params, off: DistResult["stages_off"]): EffectView {
  const unable = off?.find(({ name }) => rowOfStage(name) === stage);
  if (unable !== undefined) return { text: `off: ${unable.reason}`, keptMass: null };
  const greedy = params.greedy || params.temperature <= 0;
  const acts = STAGES[stage].kind === "values" && stage !== "temperature"; // on logits, under greedy too
  const unused = greedy && !acts && isStageOn(stage, params);
  return { text: unused ? "not used by greedy" : "off", keptMass: null };
}

interface PipelineOptions {
  readonly sampling: Sampling;
  /** The settings of `dist` where they are not those of `sampling`: a step that is inspected keeps its own. */
  readonly then?: Params;
  /** Null while there is no distribution: the effects are empty. */
  readonly dist: DistResult | null;
  /** Number of tokens of the model. */
  readonly vocabulary: number;
  /** "More stages" is open. */
  readonly all: boolean;
}

/** Stages whose explanation has the present numbers in it. */
const TERMS: Partial<Readonly<Record<OrderedStage, Term>>> = {
  temperature: "temperature",
  top_k: "top_k",
  top_p: "top_p",
  min_p: "min_p",
};

function rowOf(stage: OrderedStage, options: PipelineOptions): StageRow {
  const { sampling, dist } = options;
  const params = options.then ?? sampling.params;
  const summary = dist?.stages.find(({ name }) => rowOfStage(name) === stage);
  return {
    stage,
    label: stageLabel(stage === "temperature" && params.dynatemp_range > 0 ? "dynatemp" : stage),
    control: findStageControl(stage),
    term: TERMS[stage],
    on: summary !== undefined,
    effect: summary !== undefined
      ? effectOf(summary, params)
      : dist === null
      ? { text: "", keptMass: null }
      : describeIdle(stage, params, dist.stages_off),
  };
}

/** The rows of the panel: the common stages and whatever is on; all of them where `all`. */
export function pipelineView(options: PipelineOptions): PipelineView {
  const { dist, vocabulary, all, sampling, then = sampling.params } = options;
  const rows = orderOf(sampling.params).map((stage) => rowOf(stage, options));
  const shown = rows.filter(({ on, control, stage }) =>
    on || control.common || (all && stage !== "constraint")
  );
  const added = (stage: StageName) => {
    const summary = dist?.stages.find(({ name }) => name === stage);
    return summary === undefined ? null : effectOf(summary, then);
  };
  const entropy = dist === null || dist.entropy_bits === null
    ? ""
    : `, ${formatBits(dist.entropy_bits)} bits`;
  return {
    output: `its own probabilities${entropy}`,
    vocabulary: formatTokenCount(vocabulary),
    rows: shown,
    hidden: all ? 0 : rows.filter(({ stage }) => stage !== "constraint").length -
      shown.filter(({ stage }) => stage !== "constraint").length,
    greedy: added("greedy"),
    listed: added("listed"),
    drawn: dist === null
      ? ""
      : `${formatTokenCount(dist.kept_token_count)}, ${formatBits(dist.entropy_final_bits)} bits`,
  };
}

/** The stages that can be moved, as they are shown. */
export function movableStagesOf(view: PipelineView): readonly OrderedStage[] {
  return view.rows.map(({ stage }) => stage);
}

/** "3 more stages" for the button that unfolds them. */
export function moreLabel(view: PipelineView): string {
  return view.hidden > 0 ? `More stages (${formatCount(view.hidden)})` : "Fewer stages";
}
