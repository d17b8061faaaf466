// What the page shows of a session: plain values for the components, which decide nothing.
import { readyModel } from "../session/model.ts";
import { failureIn, playOf } from "../session/activity.ts";
import { currentTip } from "../session/branches.ts";
import type { Chat } from "../session/chat_model.ts";
import { formatCount, formatTokenCount } from "../words/format.ts";
import { type HeatLegend, heatLegend } from "../words/heat.ts";
import { canRemove, canStep } from "../moves/path_moves.ts";
import { pathText } from "../session/path_text.ts";
import { canReply, draftSource, isDirty } from "../moves/prompt_moves.ts";
import { isCurrent, isFull } from "../session/question.ts";
import { countPathTokens, hasEnded, rootOf } from "../session/tree.ts";
import type { Draft, PromptSource, Session } from "../session/types.ts";

export interface PromptView {
  readonly mode: Draft["mode"];
  readonly text: string;
  readonly chat: Chat;
  /** Why Chat cannot be chosen; null: it can. */
  readonly chatUnavailable: string | null;
  /** Start is the one primary button. */
  readonly primary: boolean;
  readonly enabled: boolean;
  /** Tokens of the completion that could go on behind the new prompt; 0: there are none, or nothing has changed. */
  readonly keepable: number;
  /** The reply can become a message, and the conversation goes on. */
  readonly reply: boolean;
  /** What the template says against the messages. */
  readonly templateError: string | null;
}

export interface BannerView {
  readonly tone: "info" | "warn";
  readonly text: string;
  readonly action: "undo" | "remove" | null;
  /** The reply can become a message. */
  readonly reply: boolean;
}

export interface TextView {
  readonly plain: string;
  readonly counter: string;
  /** What the colours mean; null: there are none, `note` is shown. */
  readonly legend: HeatLegend | null;
  readonly note: string;
  readonly banner: BannerView | null;
  readonly canRemove: boolean;
  /** The text goes on here: a caret waits. */
  readonly open: boolean;
}

export interface RunView {
  readonly primary: boolean;
  readonly step: boolean;
  /** Why Step, Play and Greedy can do nothing; "" = they can. */
  readonly reason: string;
  readonly playing: boolean;
  readonly undo: boolean;
  readonly redo: boolean;
  readonly reset: boolean;
}

/** The prompt's box: what it holds, and what can be done with it. */
export function promptView(session: Session): PromptView {
  const { draft, model } = session;
  const tip = currentTip(session.tree);
  const dirty = isDirty(session) || tip === null;
  const failure = failureIn(session);
  const refused = failure?.kind === "refused" && failure.field?.startsWith("messages");
  return {
    mode: draft.mode,
    text: draft.text,
    chat: draft.chat,
    chatUnavailable: model.state === "ready" && !model.hasChatTemplate
      ? "This model has no chat template: it goes on with plain text."
      : null,
    primary: dirty,
    enabled: model.state === "ready" && session.enabled,
    keepable: dirty && tip !== null && canKeep(draft, rootOf(tip).source) ? tip.depth : 0,
    reply: canReply(session),
    templateError: refused ? failure.message : null,
  };
}

/** A completion can go on behind a changed prompt; not behind a conversation that has more turns than it had. */
function canKeep(draft: Draft, before: PromptSource): boolean {
  const source = draftSource(draft);
  if (source?.kind !== "chat" || before.kind !== "chat") return source !== null;
  return source.messages.length <= before.messages.length;
}

/** `dirty`: the draft says something else than the text. */
export function runView(session: Session, dirty: boolean): RunView {
  return {
    primary: !dirty,
    step: canStep(session),
    reason: canStep(session) ? "" : reasonOf(session),
    playing: playOf(session) !== null,
    undo: session.past.length > 0,
    redo: session.future.length > 0,
    reset: canRemove(session),
  };
}

/** Play is on at full speed. What would move then is at its end at once: a bar that moves for a fifth of a second never
 * shows a distribution that the next token replaces long before, and each frame on its way lays the page out again, on
 * the processors that compute the token. */
export function isRushing(session: Session): boolean {
  return playOf(session) !== null && session.display.speedMs === 0;
}

function reasonOf(session: Session): string {
  const tip = currentTip(session.tree);
  if (tip === null) return "There is no text yet: press Start";
  if (session.model.state !== "ready") return "The model is not ready yet";
  if (!session.enabled) return "The model is off";
  if (hasEnded(tip)) return "The model ended its text";
  return isFull(session) ? "The context is full" : "There is no answer to go on from";
}

function counterOf(session: Session): string {
  const tip = currentTip(session.tree);
  if (tip === null) return "0 tokens";
  const { read } = rootOf(tip);
  if (read === null) return "";
  return tip.depth === 0
    ? formatTokenCount(read.tokens.length)
    : `${formatCount(read.tokens.length)} prompt + ${formatCount(tip.depth)} new`;
}

function bannerOf(session: Session, spaceAtEnd: boolean): BannerView | null {
  const tip = currentTip(session.tree);
  if (tip === null) return null;
  if (tip.kind === "step" && tip.record.end) {
    const { text, display } = tip.record.token;
    const said = `The model ended its text here (${text || display}).`;
    return { tone: "info", text: said, action: "undo", reply: canReply(session) };
  }
  if (session.inspected === null && isFull(session)) {
    const [size, limit] = [
      formatCount(countPathTokens(tip) ?? 0),
      formatCount(readyModel(session)?.contextLength ?? 0),
    ];
    const advice = canRemove(session) ? "Delete some text to go on." : "Shorten the prompt to go on.";
    const text = `The context is full: ${size} of ${limit} tokens. ${advice}`;
    return { tone: "warn", text, action: canRemove(session) ? "remove" : null, reply: false };
  }
  const { stopped } = session.lastStep;
  if (stopped !== null) {
    const text = `The text reached the stop sequence ${JSON.stringify(stopped)}.`;
    return { tone: "info", text, action: "undo", reply: canReply(session) };
  }
  const warnings = isCurrent(session) && !spaceAtEnd ? session.answer?.warnings ?? [] : [];
  return warnings.length === 0
    ? null
    : { tone: "warn", text: warnings.join(" "), action: null, reply: false };
}

interface TextFacts {
  /** At least one token has a colour. */
  readonly coloured: boolean;
  /** The draft ends with a space, which a hint of its own says. */
  readonly spaceAtEnd: boolean;
}

/** The text around its tokens. */
export function textView(session: Session, { coloured, spaceAtEnd }: TextFacts): TextView {
  const tip = currentTip(session.tree);
  const empty = tip === null || rootOf(tip).read === null;
  return {
    plain: tip === null ? "" : pathText(tip),
    counter: counterOf(session),
    legend: coloured ? heatLegend(session.display.heat) : null,
    note: empty
      ? "The tokens of your text appear here."
      : "Small marks show spaces. A thin line under each word shows where tokens end.",
    banner: bannerOf(session, spaceAtEnd),
    canRemove: canRemove(session),
    open: tip === null || !hasEnded(tip),
  };
}
