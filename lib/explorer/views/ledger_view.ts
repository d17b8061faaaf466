// Why a token is where it is: its probability after every stage, what removed it, and what would bring it back.
import type { Parameter } from "../../sampling/parameter.ts";
import { PARAMETERS, type ParamName, type StageName, thresholdOf } from "../../sampling/params.ts";
import type { SettingChange } from "../../sampling/smallest_change.ts";
import type { DistResult, DistToken } from "../../wire/distribution.ts";
import type { Answer } from "../session/types.ts";
import { formatPercent, settingText } from "../words/format.ts";
import { renderToken, type TokenRendering } from "../words/appearance.ts";
import { changeStage, type Sampling } from "../settings/sampling.ts";
import { stageLabel } from "../settings/stage_controls.ts";

export interface LedgerStep {
  readonly label: string;
  /** "3.1 %", or "cut". */
  readonly value: string;
  /** Length of the bar, 0..1 of the largest; null: the token was removed here. */
  readonly length: number | null;
}

export interface RestoreView {
  /** "top-p ≥ 0.83" */
  readonly label: string;
  /** What the button sends on: its value is rounded towards keeping more. */
  readonly restore: SettingChange;
}

export interface LedgerView {
  readonly rendering: TokenRendering;
  readonly removed: boolean;
  readonly steps: readonly LedgerStep[];
  /** Null: the token was kept, or no single setting brings it back. */
  readonly restore: RestoreView | null;
  /** A sentence where `restore` is null and the token was removed, or where the stages are not known. */
  readonly note: string;
}

type Threshold = NonNullable<ReturnType<typeof thresholdOf>>;

const MOST_DECIMALS = 8;

/** Rounds towards keeping more, with as few decimals as leave the stage on. */
function roundToKeep(value: number, { looser, decimals, off }: Threshold): number {
  if (value === off || Number.isInteger(value)) return value;
  for (let digits = decimals; digits <= MOST_DECIMALS; digits++) {
    const scale = 10 ** digits;
    const near = (looser === 1 ? Math.ceil(value * scale) : Math.floor(value * scale)) / scale;
    if (near !== off) return near;
  }
  return value;
}

/** The suggestion as the page words it; null for a setting it has no words for. */
export function restoreView({ param, value }: SettingChange): RestoreView | null {
  if (param === "greedy") return { label: "without greedy", restore: { param, value } };
  if (param === "constraint.enabled") return { label: "without the constraint", restore: { param, value } };
  const threshold = thresholdOf(param);
  if (threshold === null || typeof value !== "number") return null;
  const { short }: Parameter = PARAMETERS[param as ParamName];
  if (value === threshold.off) return { label: `${short} off`, restore: { param, value } };
  const near = roundToKeep(value, threshold);
  const label = `${short} ${threshold.looser === 1 ? "≥" : "≤"} ${settingText(near)}`;
  return { label, restore: { param, value: near } };
}

/** The settings with a suggestion applied; null where it is not a setting of the pipeline (the constraint). */
export function applyRestore(sampling: Sampling, { param, value }: SettingChange): Sampling | null {
  if (param === "constraint.enabled" || !(param in sampling.params)) return null;
  const changed = changeStage(sampling, { [param]: value });
  return param === "greedy" ? { ...changed, preset: "custom" } : changed;
}

/** Steps of a token: as the model gave it, after each stage that was on, and at the end. */
function stepsOf(token: DistToken, dist: DistResult): LedgerStep[] {
  const names: readonly StageName[] = dist.stages.map(({ name }) => name);
  const cut = names.findIndex((_, at) => token.stages[at] === null);
  const after = token.stages.slice(0, cut < 0 ? undefined : cut) as number[];
  const values = [token.p_raw, ...after, ...token.kept ? [token.p_final] : []];
  const labels = ["Raw model", ...names.slice(0, after.length).map(stageLabel), "Final"];
  const largest = Math.max(...values, Number.MIN_VALUE);
  const steps = values.map((value, at): LedgerStep => ({
    label: labels[at]!,
    value: `${formatPercent(value)} %`,
    length: value / largest,
  }));
  if (token.kept) return steps;
  const by = token.removed_by ?? names[cut];
  return [...steps, { label: by === undefined ? "Model" : stageLabel(by), value: "cut", length: null }];
}

const NOT_THE_SAME = "The bars of this step cannot be computed again, so what each stage did is not known.";

/** The ledger of one token of an answer. */
export function ledgerView(
  token: DistToken,
  answer: Pick<Answer, "dist" | "ledger" | "lacks">,
): LedgerView {
  const restore = token.restore === null || token.kept ? null : restoreView(token.restore);
  return {
    rendering: renderToken(token),
    removed: !token.kept,
    steps: stepsOf(token, answer.dist),
    restore,
    note: noteOf(token, restore !== null, answer),
  };
}

/** What is said where no setting brings a token back. */
function noteOf(
  { kept, removed_by }: DistToken,
  comesBack: boolean,
  { ledger, lacks }: Pick<Answer, "ledger" | "lacks">,
): string {
  if (lacks !== undefined) return lacks ?? NOT_THE_SAME;
  if (kept || comesBack) return "";
  if (removed_by === null) return "The model gives it no probability at all.";
  return ledger ? "No single setting brings it back." : ""; // still on its way
}

/** The token that the ledger shows: the selected one, else the first that was removed, else the first of all. */
export function chooseLedgerToken(dist: DistResult, selected: number | null): DistToken | null {
  return dist.tokens.find(({ id }) => id === selected) ??
    dist.tokens.find(({ kept }) => !kept) ?? dist.tokens[0] ?? null;
}
