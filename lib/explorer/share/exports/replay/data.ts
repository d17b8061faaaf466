// An exploration as a replay shows it: every path, and behind every token the bars it was chosen from. Looks and
// spoken names are made here, so that the file that plays it back needs nothing but the data.
import type { DistResult } from "../../../../wire/distribution.ts";
import type { Params } from "../../../../sampling/params.ts";
import { describeOtherBound, orderTokens } from "../../../views/dist_rows.ts";
import { describeStages } from "../../../settings/sampling.ts";
import {
  drawText,
  formatPathProbability,
  formatPercent,
  formatTokenCount,
  measure,
} from "../../../words/format.ts";
import { expandMarks, type RenderedPart, renderToken } from "../../../words/appearance.ts";
import { pathTokensOf } from "../../../session/path_text.ts";
import { bitsPerTokenOf, hasEnded, pathLogprobOf, rootOf, stepsOf } from "../../../session/tree.ts";
import type { ReplayMap } from "./maps.ts";
import type { BranchId, Origin, StepNode, Tree, TreeNode } from "../../../session/types.ts";
import { formatAmount } from "../../../../basics/number_text.ts";
import { roundSignificant } from "../../../../basics/round.ts";

/** The parts that are drawn of a token, and its spoken name. */
export type ReplayToken = readonly [parts: readonly RenderedPart[], spoken: string];

/** Enough for any bar. */
const BAR_DIGITS = 6;

export interface ReplayBar {
  readonly token: ReplayToken;
  readonly final: number;
  /** That in percent, without the sign: "19.9" */
  readonly share: string;
  readonly raw: number;
  readonly kept: boolean;
  /** The path goes on with it. */
  readonly chosen: boolean;
}

/** What could come at a place of the text. */
export interface ReplayPlace {
  /** "19.9 % · rank 2 · uncertainty 3.3 bits · temperature 0.7" */
  readonly facts: string;
  readonly bars: readonly ReplayBar[];
  /** What all other tokens have together; null where no distribution was kept. */
  readonly other: Omit<ReplayBar, "token"> | null;
  /** Attributions that were computed here. */
  readonly maps: readonly ReplayMap[];
}

export interface ReplayStep extends ReplayPlace {
  readonly token: ReplayToken;
  readonly origin: Origin;
  readonly p: number;
  /** Where the draw landed; null where a hand chose. */
  readonly u: string | null;
}

export interface ReplayPath {
  readonly name: string;
  readonly prompt: readonly ReplayToken[];
  readonly steps: readonly ReplayStep[];
  /** Behind the last token; null where the text has ended, or the page does not know it. */
  readonly end: ReplayPlace | null;
  /** "7 tokens · 0.3 % · 1.20 bits per token" */
  readonly summary: string;
}

export interface Replay {
  readonly title: string;
  /** The model's id; "" where it is not known. */
  readonly model: string;
  /** "2026-03-01" */
  readonly date: string;
  readonly paths: readonly ReplayPath[];
  /** The path that is shown first. */
  readonly current: number;
}

export interface ReplayOptions {
  readonly title?: string;
  readonly date: Date;
  /** Only these paths; all where it is left out. */
  readonly only?: readonly BranchId[];
  /** The attributions that were computed at a place. */
  readonly maps?: (place: TreeNode) => readonly ReplayMap[];
  /** What could come behind the last token of a path, under the present settings. */
  readonly next?: { readonly params: Params; of(tip: TreeNode): DistResult | undefined };
}

/** Everything that a replay of `tree` shows. Paths whose prompt is not read yet are left out. */
export function replayOf(tree: Tree, { title, date, only, next, maps = () => [] }: ReplayOptions): Replay {
  const branches = tree.branches.filter(({ id, tip }) =>
    rootOf(tip).read !== null && (only === undefined || only.includes(id))
  );
  const current = Math.max(0, branches.findIndex(({ id }) => id === tree.current));
  return {
    title: title ?? "Next Token: an exploration",
    model: branches[0] === undefined ? "" : rootOf(branches[0].tip).read?.modelId ?? "",
    date: date.toISOString().slice(0, 10),
    paths: branches.map(({ name, tip }) => {
      const steps = stepsOf(tip);
      const renderings = pathTokensOf(tip).map(renderPair);
      const first = renderings.length - steps.length;
      const bits = bitsPerTokenOf(tip);
      const probability = bits === null ? "" : ` · ${formatPathProbability(pathLogprobOf(tip))}`;
      const rate = bits === null || !Number.isFinite(bits) ? "" : ` · ${formatAmount(bits)} bits per token`;
      return {
        name,
        prompt: renderings.slice(0, first),
        steps: steps.map((step, at) => ({
          ...replayStepOf(step, renderings[first + at]!),
          maps: maps(step.parent),
        })),
        end: next === undefined || hasEnded(tip) ? null : replayEnd(next.of(tip), next.params, maps(tip)),
        summary: `${formatTokenCount(steps.length)}${probability}${rate}`,
      };
    }),
    current,
  };
}

function renderPair(token: Parameters<typeof renderToken>[0]): ReplayToken {
  const { parts, spoken } = renderToken(token);
  return [expandMarks(parts), spoken];
}

function replayStepOf({ record }: StepNode, rendering: ReplayToken): Omit<ReplayStep, "maps"> {
  const { dist, origin, p, rank, entropyBits, params, draw } = record;
  return {
    token: rendering,
    origin,
    p,
    facts: [
      `${formatPercent(p)} %`,
      ...rank === null ? [] : [`rank ${rank + 1}`],
      `uncertainty ${measure(entropyBits)} bits`,
      ...dist === null ? [] : describeUnlisted(dist),
      settingsText(params),
    ].join(" · "),
    bars: dist === null ? [] : replayBars(dist, record.token.id),
    other: dist === null ? null : otherBarOf(dist),
    u: draw === null ? null : drawText(draw.u),
  };
}

function replayEnd(
  dist: DistResult | undefined,
  params: Params,
  maps: readonly ReplayMap[],
): ReplayPlace | null {
  if (dist === undefined) return null;
  return {
    facts: [
      ...dist.entropy_bits === null ? [] : [`uncertainty ${measure(dist.entropy_bits)} bits`],
      ...describeUnlisted(dist),
      settingsText(params),
    ].join(" · "),
    bars: replayBars(dist, null),
    other: otherBarOf(dist),
    maps,
  };
}

function describeUnlisted(dist: DistResult): string[] {
  return dist.unlisted === undefined
    ? []
    : [`other tokens, not listed by the engine: ${describeOtherBound(dist)}`];
}

function replayBars(dist: DistResult, chosen: number | null): ReplayBar[] {
  const { kept, removed } = orderTokens(dist);
  return [...kept, ...removed].map((token) => ({
    token: renderPair(token),
    ...shareOf(token.p_final),
    raw: roundSignificant(token.p_raw, BAR_DIGITS),
    kept: token.kept,
    chosen: token.id === chosen,
  }));
}

function otherBarOf({ other_p_final: p }: DistResult): Omit<ReplayBar, "token"> {
  return { ...shareOf(p), raw: 0, kept: true, chosen: false };
}

function shareOf(p: number) {
  return { final: roundSignificant(p, BAR_DIGITS), share: formatPercent(p) };
}

/** The settings that are on, in short: "greedy", "temperature 0.7, top-p 0.8". */
export function settingsText(params: Params): string {
  if (params.greedy || params.temperature <= 0) return "greedy";
  return [
    `temperature ${params.temperature}`,
    ...describeStages(params),
    ...params.seed === null ? [] : [`seed ${params.seed}`],
  ].join(", ");
}
