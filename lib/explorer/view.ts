// What the page shows of a session: plain values for the components, which decide nothing.
import { isCurrent, isFull, length, pillsOf, textOf } from "./ask.ts";
import { type CoverView, coverView } from "./cover.ts";
import { type DistributionView, distributionView } from "./distribution_view.ts";
import { count, tokens } from "./format.ts";
import { lookOf, type TokenLook } from "./look.ts";
import { canGreedy, canRemove, endsWithSpace, isDirty } from "./session.ts";
import type { Session } from "./types_v1.ts";

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
    note: path?.prompt === null
      ? "Reading the prompt…"
      : pills.length === 0
      ? "The tokens of your text appear here."
      : "Small marks show spaces. A thin line under each word shows where tokens end.",
    banner: bannerOf(session),
    canRemove: canRemove(session),
    open: path?.ended !== true,
  };
}
