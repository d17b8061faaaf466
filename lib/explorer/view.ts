// What the page shows of a session: plain values for the components, which decide nothing.
import type { Candidate, NextTokenResult } from "../api/wire.ts";
import { isCurrent, isFull, length, pillsOf, textOf } from "./ask.ts";
import { type CoverView, coverView } from "./cover.ts";
import { axisEnd, count, measure, percent, tokens } from "./format.ts";
import { lookOf, type TokenLook } from "./look.ts";
import { canAppend, canGreedy, canRemove, endsWithSpace, isDirty } from "./session.ts";
import type { Session } from "./types.ts";

export interface PromptView {
  readonly draft: string;
  /** Start is the one primary button. */
  readonly primary: boolean;
  readonly enabled: boolean;
  readonly endsWithSpace: boolean;
}

export interface StripToken {
  readonly look: TokenLook;
  readonly appended: boolean;
}

export interface BannerView {
  readonly tone: "info" | "warn";
  readonly text: string;
  readonly action: "undo" | "remove" | null;
}

export interface TextView {
  readonly tokens: readonly StripToken[];
  readonly plain: string;
  readonly counter: string;
  readonly note: string;
  readonly banner: BannerView | null;
  readonly canRemove: boolean;
  readonly open: boolean; // the text has not ended: a caret waits
}

export interface RunView {
  readonly primary: boolean;
  readonly greedy: boolean;
  readonly undo: boolean;
  readonly redo: boolean;
  readonly reset: boolean;
}

export interface RowView {
  readonly id: number;
  readonly rank: number;
  readonly look: TokenLook;
  readonly percent: string;
  readonly precise: string; // percent with two decimals, for the table
  readonly logprob: string;
  /** Length of the bar, 0..1 of the axis. */
  readonly length: number;
  readonly chosen: boolean;
}

export interface SummaryItem {
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  readonly hint: string;
}

export interface DistributionView {
  readonly hint: string;
  /** Changes with every distribution. */
  readonly serial: number;
  /** The bars belong to an older text or setting: they are dimmed and cannot be appended. */
  readonly stale: boolean;
  readonly appendable: boolean;
  readonly rows: readonly RowView[];
  readonly other: { readonly label: string; readonly percent: string; readonly length: number };
  /** Labels of the axis at 0, 1/2 and 1. */
  readonly axis: readonly [string, string, string];
  readonly summary: readonly SummaryItem[];
}

export interface View {
  readonly prompt: PromptView;
  readonly text: TextView;
  readonly run: RunView;
  readonly cover: CoverView | null;
  readonly distribution: DistributionView | null;
}

export function viewOf(session: Session): View {
  const dirty = isDirty(session) || session.path === null;
  const cover = coverView(session);
  return {
    prompt: {
      draft: session.draft,
      primary: dirty,
      enabled: session.model.ready,
      endsWithSpace: endsWithSpace(session),
    },
    text: textView(session),
    run: {
      primary: !dirty,
      greedy: canGreedy(session),
      undo: session.past.length > 0,
      redo: session.future.length > 0,
      reset: canRemove(session),
    },
    cover,
    distribution: cover === null && session.answer !== null
      ? distributionView(session, session.answer.result)
      : null,
  };
}

function counterOf(session: Session): string {
  const { path } = session;
  if (path === null) return "0 tokens";
  if (path.prompt === null) return "";
  const appended = path.completion.length;
  return appended === 0
    ? tokens(path.prompt.length)
    : `${count(path.prompt.length)} prompt + ${count(appended)} new`;
}

function bannerOf(session: Session): BannerView | null {
  const { path, model, answer } = session;
  if (path === null) return null;
  if (path.ended) {
    const last = path.completion.at(-1)?.pill;
    const name = last === undefined ? "" : ` (${last.text || last.display})`;
    return { tone: "info", text: `The model ended its text here${name}.`, action: "undo" };
  }
  if (isFull(session)) {
    const [size, limit] = [count(length(path) ?? 0), count(model.context_length ?? 0)];
    const advice = canRemove(session) ? "Delete some text to go on." : "Shorten the prompt to go on.";
    const text = `The context is full: ${size} of ${limit} tokens. ${advice}`;
    return { tone: "warn", text, action: canRemove(session) ? "remove" : null };
  }
  const warning = isCurrent(session) && !endsWithSpace(session) ? answer?.result.warning ?? null : null;
  return warning === null ? null : { tone: "warn", text: warning, action: null };
}

function textView(session: Session): TextView {
  const { path } = session;
  const promptLength = path?.prompt?.length ?? 0;
  const pills = path === null ? [] : pillsOf(path);
  return {
    tokens: pills.map((pill, at) => ({ look: lookOf(pill), appended: at >= promptLength })),
    plain: path === null ? "" : textOf(path),
    counter: counterOf(session),
    note: pills.length === 0
      ? "The tokens of your text appear here."
      : "Small marks show spaces. A thin line under each word shows where tokens end.",
    banner: bannerOf(session),
    canRemove: canRemove(session),
    open: path?.ended !== true,
  };
}

function hintOf(session: Session): string {
  if (session.path?.ended) return "End of text. Choose another bar to go on from here.";
  if (isFull(session)) return "The context is full.";
  return "Click a bar to append it.";
}

function rowView(candidate: Candidate, at: number, end: number, chosen: number | null): RowView {
  return {
    id: candidate.id,
    rank: at + 1,
    look: lookOf({ ...candidate, text: candidate.token }),
    percent: percent(candidate.prob),
    precise: percent(candidate.prob, 2),
    logprob: candidate.logprob === null ? "−∞" : candidate.logprob.toFixed(2).replace("-", "−"),
    length: Math.min(1, candidate.prob / end),
    chosen: candidate.id === chosen,
  };
}

function summaryOf(result: NextTokenResult): SummaryItem[] {
  return [
    {
      label: "Entropy",
      value: result.entropy_bits.toFixed(1),
      unit: "bits",
      hint: "How open the choice is. 0 bits: one token is certain.",
    },
    {
      label: "Effective choices",
      value: measure(result.effective_choices),
      unit: "",
      hint: "As uncertain as a fair draw among this many tokens.",
    },
    {
      label: "90 % of mass",
      value: count(result.mass_90_count),
      unit: result.mass_90_count === 1 ? "token" : "tokens",
      hint: "How many tokens, most probable first, share 90 % of the probability.",
    },
    {
      label: "End of text",
      value: percent(result.eos_prob),
      unit: "%",
      hint: "Probability that the model ends its text here.",
    },
  ];
}

function distributionView(session: Session, result: NextTokenResult): DistributionView {
  const end = axisEnd(Math.max(result.candidates[0]?.prob ?? 1, result.other_prob));
  const ended = session.path?.ended ? session.path.completion.at(-1) : undefined;
  const label = (share: number) => String(Number((share * end * 100).toFixed(1)));
  const rest = result.vocab_size - result.candidates.length;
  return {
    hint: hintOf(session),
    serial: session.answer?.number ?? 0,
    stale: !isCurrent(session),
    appendable: canAppend(session),
    rows: result.candidates.map((candidate, at) => rowView(candidate, at, end, ended?.pill.id ?? null)),
    other: {
      label: `Other (${tokens(rest)})`,
      percent: percent(result.other_prob),
      length: Math.min(1, result.other_prob / end),
    },
    axis: ["0", label(0.5), `${label(1)} %`],
    summary: summaryOf(result),
  };
}
