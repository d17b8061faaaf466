// A distribution as rows: kept tokens by final probability, then removed ones by the model's own, then the rest.
import { CONSTRAINT_KINDS, type ConstraintType } from "../../sampling/constraint_kinds.ts";
import type { DistResult, DistToken } from "../../wire/distribution.ts";
import type { StageName } from "../../sampling/params.ts";
import { axisText, findAxisEnd, formatCount, formatPercent, formatTokenCount } from "../words/format.ts";
import { renderDistinct, renderToken, type TokenRendering } from "../words/appearance.ts";
import { stageLabel } from "../settings/stage_controls.ts";
import { formatAmount, formatDecimal } from "../../basics/number_text.ts";

/** "linear": 0 to 100 %. "zoom": as far as the bars need. "log": powers of ten. */
export type AxisKind = "linear" | "zoom" | "log";

export interface DistRow {
  readonly id: number;
  readonly kept: boolean;
  /** 1 = the most probable kept token; "–" where it was removed. */
  readonly rank: string;
  readonly rendering: TokenRendering;
  readonly final: string; // percent
  readonly raw: string; // percent; "" where it is not known
  readonly logit: string;
  /** ln of the raw probability; "" where it is not known. */
  readonly logprob: string;
  /** "cut by top-p"; "" for a kept token. */
  readonly reason: string;
  /** Length of the bar, 0..1 of the axis: the final probability, for a removed token the raw one. */
  readonly length: number;
  /** Length of the bar before the settings changed; null: it was no other. */
  readonly ghost: number | null;
  /** Where the raw tick stands, 0..1 of the axis; null: nowhere. */
  readonly tick: number | null;
  readonly chosen: boolean;
  readonly drawn: boolean;
  /** It is shown wherever it stands. */
  readonly pinned: boolean;
}

export interface AxisLabel {
  readonly at: number; // 0..1
  readonly text: string;
}

export interface DistView {
  readonly rows: readonly DistRow[];
  readonly other: {
    readonly label: string;
    readonly final: string;
    readonly raw: string;
    readonly length: number;
    /** The bar is longer than the axis. */
    readonly beyond: boolean;
  };
  readonly axis: readonly AxisLabel[];
  /** The probability at the end of the axis. */
  readonly end: number;
}

export interface DistOptions {
  /** Number of tokens of the model. */
  readonly vocabulary: number;
  readonly axis?: AxisKind;
  /** Where the axis ended before, which it keeps: a slider is dragged, Play is on. Absent or null: as it should. */
  readonly end?: number | null;
  /** Probabilities before the settings changed, by id. */
  readonly before?: ReadonlyMap<number, number> | null;
  /** Raw ticks and the raw column are shown, so that the axis must reach them. */
  readonly expert?: boolean;
  /** The token the path takes from here. */
  readonly chosen?: number | null;
  /** The token a draw has just landed on. */
  readonly drawn?: number | null;
  readonly pins?: readonly number[];
  /** Pinned tokens that are no candidates by themselves: their rank is the one among all tokens. */
  readonly far?: ReadonlySet<number>;
}

/** Why a token was removed, in three words. */
export function reasonOf(by: StageName | null, constraint: ConstraintType | null): string {
  if (by === null) return "given no probability";
  if (by === "greedy") return "greedy: only the first";
  if (by === "constraint") {
    return `blocked by ${constraint === null ? "the constraint" : CONSTRAINT_KINDS[constraint].short}`;
  }
  const label = stageLabel(by);
  return `cut by ${/^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label}`;
}

/** A probability's place on an axis. The log axis goes from 0.001 % to 100 %. */
export function scaleOf(axis: AxisKind, end: number): (p: number) => number {
  if (axis !== "log") return (p) => Math.min(1, p / end);
  return (p) => p > 0 ? Math.min(1, Math.max(0, (Math.log10(p) + 5) / 5)) : 0;
}

function axisLabels(axis: AxisKind, end: number): AxisLabel[] {
  if (axis === "log") {
    return [0.00001, 0.001, 0.01, 0.1, 1].map((p) => ({
      at: scaleOf("log", 1)(p),
      text: `${axisText(p, 1)}${p === 1 ? " %" : ""}`,
    }));
  }
  const label = (share: number) => axisText(share * end, 3);
  return [{ at: 0, text: "0" }, { at: 0.5, text: label(0.5) }, { at: 1, text: `${label(1)} %` }];
}

/** Natural logarithm of a probability. */
function logprobText(p: number): string {
  return formatAmount(Math.log(p));
}

function logitText(logit: number | null): string {
  return formatDecimal(logit ?? -Infinity, 2);
}

type Scale = (p: number) => number;

/** A change of a length that is not seen is none. */
const LEAST_CHANGE = 0.01;

function ghostOf(id: number, length: number, scale: Scale, before: DistOptions["before"]): number | null {
  const p = before?.get(id);
  if (p === undefined) return null;
  const old = scale(p);
  return Math.abs(old - length) < LEAST_CHANGE ? null : old;
}

type RowOptions = Pick<DistOptions, "chosen" | "drawn" | "pins" | "far" | "before">;

/** One row; `rank` 0 = not kept. */
export function distRow(
  token: DistToken,
  rank: number,
  scale: Scale,
  { constraint_type }: Pick<DistResult, "constraint_type">,
  { chosen = null, drawn = null, pins = [], far, before = null }: RowOptions = {},
): DistRow {
  const { id, kept, p_final, p_raw } = token;
  return {
    id,
    kept,
    rank: !kept ? "–" : far?.has(id) ? formatCount(token.rank + 1) : String(rank),
    rendering: renderToken(token),
    final: formatPercent(p_final),
    raw: formatPercent(p_raw),
    logit: logitText(token.logit),
    logprob: logprobText(p_raw),
    reason: kept ? "" : reasonOf(token.removed_by, constraint_type),
    length: scale(kept ? p_final : p_raw),
    ghost: ghostOf(id, kept ? scale(p_final) : 0, scale, before),
    tick: kept ? scale(p_raw) : null,
    chosen: id === chosen,
    drawn: id === drawn,
    pinned: pins.includes(id),
  };
}

/** Kept tokens that the list of the answer does not reach: of them only the final probability is known. */
function describeKept(
  token: DistResult["kept_top"][number],
  rank: number,
  scale: Scale,
  options: DistOptions,
): DistRow {
  return {
    id: token.id,
    kept: true,
    rank: String(rank),
    rendering: renderToken(token),
    final: formatPercent(token.p_final),
    raw: "",
    logit: "",
    logprob: "",
    reason: "",
    length: scale(token.p_final),
    ghost: ghostOf(token.id, scale(token.p_final), scale, options.before),
    tick: null,
    chosen: token.id === options.chosen,
    drawn: token.id === options.drawn,
    pinned: options.pins?.includes(token.id) ?? false,
  };
}

/** The tokens of an answer in the order in which they are shown: kept ones by final probability, then removed ones
 * by raw probability, ties by id. */
export function orderTokens(dist: Pick<DistResult, "tokens">): {
  readonly kept: readonly DistToken[];
  readonly removed: readonly DistToken[];
} {
  const by = (value: (token: DistToken) => number) => (a: DistToken, b: DistToken) =>
    value(b) - value(a) || a.id - b.id;
  return {
    kept: dist.tokens.filter(({ kept }) => kept).sort(by(({ p_final }) => p_final)),
    removed: dist.tokens.filter(({ kept }) => !kept).sort(by(({ p_raw }) => p_raw)),
  };
}

/** The ids that the keys 1 to 9 and 0 append: kept tokens only. */
export function keyIdsOf(dist: DistResult): readonly number[] {
  const { kept } = orderTokens(dist);
  return (kept.length > 0 ? kept : dist.kept_top).slice(0, 10).map(({ id }) => id);
}

/** "23.1 %, each ≤ 0.4 %": what the model gives to all other tokens where an engine does not list them; "" where all
 * are known. */
export function describeOtherBound({ other_p_raw, unlisted }: DistResult): string {
  return unlisted === undefined
    ? ""
    : `${formatPercent(other_p_raw)} %, each ≤ ${formatPercent(unlisted.most_other_p_raw)} %`;
}

/** Where a zoomed axis of these tokens ends. */
function endOf(
  expert: boolean,
  known: readonly { readonly p_final: number }[],
  { kept, removed }: ReturnType<typeof orderTokens>,
): number {
  return findAxisEnd(Math.max(
    ...kept.map(({ p_final, p_raw }) => expert ? Math.max(p_final, p_raw) : p_final),
    ...known.map(({ p_final }) => p_final),
    ...removed.map(({ p_raw }) => p_raw),
    0,
  ));
}

/** Rows, rest and axis of a distribution. */
export function distView(dist: DistResult, options: DistOptions): DistView {
  const { axis = "linear", expert = false } = options;
  const shown = orderTokens(dist);
  const { kept, removed } = shown;
  const far = kept.length > 0 ? [] : dist.kept_top;
  const end = axis === "zoom" ? options.end ?? endOf(expert, far, shown) : 1;
  const scale = scaleOf(axis, end);
  const rows = [
    ...far.map((token, at) => describeKept(token, at + 1, scale, options)),
    ...kept.map((token, at) => distRow(token, at + 1, scale, dist, options)),
    ...removed.map((token) => distRow(token, 0, scale, dist, options)),
  ];
  const renderings = renderDistinct([...far, ...kept, ...removed]);
  const rest = dist.other_p_final - far.reduce((sum, { p_final }) => sum + p_final, 0);
  const other = Math.max(0, rest);
  const bound = describeOtherBound(dist);
  const others = Math.max(0, options.vocabulary - rows.length);
  return {
    rows: rows.map((row, at) => ({ ...row, rendering: renderings[at]! })),
    other: {
      label: bound === "" ? `Other (${formatTokenCount(others)})` : `${formatCount(others)} others, ${bound}`,
      final: formatPercent(other),
      raw: formatPercent(dist.other_p_raw),
      length: scale(other),
      beyond: other > end,
    },
    axis: axisLabels(axis, end),
    end,
  };
}
