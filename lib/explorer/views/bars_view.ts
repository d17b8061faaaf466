// The right card: the bars, the strip, the line that says what may be done, and the summary.
import { readyModel } from "../session/model.ts";
import { drawingOf, idleActivityOf, playOf, questionOf } from "../session/activity.ts";
import { currentTip } from "../session/branches.ts";
import { type DistOptions, type DistView, distView } from "./dist_rows.ts";
import { type DrawView, drawView, type LastStrip } from "./draw_view.ts";
import { drawText, formatBits, formatCount, formatPercent, measure } from "../words/format.ts";
import { renderToken, type TokenRendering } from "../words/appearance.ts";
import { canAppend } from "../moves/path_moves.ts";
import { inspectedPlaceOf } from "../session/inspection.ts";
import { pinnedIdsOf, withPinned } from "../session/pins.ts";
import { findTakenStep, findTakenToken, isCurrent, isFull, placeOf } from "../session/question.ts";
import { isGreedy, samplingSummary } from "../settings/sampling.ts";
import type { Term } from "../words/glossary.ts";
import { hasEnded } from "../session/tree.ts";
import type { DistResult } from "../../wire/distribution.ts";
import type { Answer, Session, StepNode } from "../session/types.ts";

export interface SummaryItem {
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  readonly term: Term;
}

/** What the head says while a token is inspected. */
export interface InspectionNotice {
  readonly rendering: TokenRendering;
  /** "step 2", "token 4 of the prompt". */
  readonly where: string;
  /** "12.3 %, rank 2."; "" while it is not known. */
  readonly facts: string;
}

export interface BarsView {
  readonly hint: string;
  /** Changes with every distribution. */
  readonly serial: number;
  /** The bars belong to an older text or setting: they are dimmed and cannot be used. */
  readonly stale: boolean;
  /** An answer is on its way. */
  readonly busy: boolean;
  readonly appendable: boolean;
  readonly dist: DistView;
  readonly draw: DrawView;
  readonly notice: InspectionNotice | null;
  readonly summary: readonly SummaryItem[];
  /** Some tokens were removed: the key explains the hatching. */
  readonly removed: boolean;
}

function hintOf(session: Session): string {
  const tip = currentTip(session.tree);
  if (session.inspected !== null) return "";
  if (tip !== null && hasEnded(tip)) {
    return session.display.expert
      ? "End of text: bars branch."
      : "End of text. Choose another bar to branch.";
  }
  if (isFull(session)) return "The context is full.";
  if (session.display.table) return "Press 1 to 9 or 0 to append.";
  const removed = session.answer?.dist.tokens.some((token) => !token.kept) ?? false;
  if (session.display.expert) return removed ? "Full bars append." : "Click to append."; // beside the axis
  return removed ? "Click a full bar to append." : "Click a bar to append it.";
}

/** What the bars keep from before: where their axis ended, while a slider is dragged or Play is on, and the
 * probabilities before the settings changed. */
export type Kept = Pick<DistOptions, "end" | "before">;

/** Null where there is no distribution. */
export function barsView(session: Session, kept: Kept = {}): BarsView | null {
  const { answer, display } = session;
  const drawing = drawingOf(session);
  if (answer === null) return null;
  const awaited = drawing === null && !isCurrent(session);
  const taken = findTakenStep(session);
  const dist = withPinned(answer.dist, session);
  const own = new Set(answer.dist.tokens.map(({ id }) => id));
  return {
    hint: hintOf(session),
    serial: answer.number,
    stale: awaited && !isDrawnFrom(session),
    busy: awaited,
    appendable: canAppend(session),
    dist: distView(dist, {
      vocabulary: readyModel(session)?.vocabulary ?? dist.tokens.length,
      axis: display.axis,
      ...kept,
      expert: display.expert,
      chosen: answer.node === placeOf(session) ? findTakenToken(session)?.id ?? null : null,
      drawn: drawing?.id ?? null,
      pins: pinnedIdsOf(session),
      far: new Set(dist.tokens.map(({ id }) => id).filter((id) => !own.has(id))),
    }),
    draw: stripOf(session, answer, taken),
    notice: noticeOf(session, answer, dist),
    summary: summaryOf(answer),
    removed: dist.tokens.some((token) => !token.kept),
  };
}

/** Play draws its next token from these bars: at full speed it does so all the time. */
function isDrawnFrom(session: Session): boolean {
  const body = questionOf(session)?.body;
  return playOf(session) !== null && body?.kind === "step" && body.force === null &&
    body.node === session.answer?.node && isCurrent({ ...session, activity: idleActivityOf(session) });
}

/** The draw strip: a draw that is shown, the draw of the step that is inspected, or a note of the last one. Greedy
 * draws nothing. */
function stripOf(
  session: Session,
  answer: Answer,
  taken: StepNode | null,
): DrawView {
  const { dist, settings } = answer;
  const { inspected, lastStep: { drawn } } = session;
  const drawing = drawingOf(session);
  if (drawing !== null) {
    const token = drawing.result.appended[0];
    const greedy = isGreedy(drawing.question.settings.params);
    const point = token === undefined || greedy ? null : { id: drawing.id, u: drawing.u, token };
    return drawView(dist, point, greedy);
  }
  const record = inspected === null ? null : taken?.record ?? null;
  const then = inspected === null || taken === null ? "" : describeOldSettings(session, answer, taken);
  if (record?.draw && !isGreedy(record.params)) {
    const point = { id: record.token.id, u: record.draw.u, token: record.token };
    return drawView(dist, point, false, then);
  }
  const idle = drawView(dist, null, isGreedy(settings.params), then);
  if (drawn === null || inspected !== null) return idle;
  return {
    ...idle,
    note: {
      kind: "last",
      u: drawText(drawn.u),
      rendering: renderToken(drawn.token),
      strip: lastStripOf(session),
    },
  };
}

/** The strip that the last token was drawn on; null: it was kept nowhere. */
function lastStripOf({ tree }: Session): LastStrip | null {
  const tip = currentTip(tree);
  const { dist = null, draw = null, token } = tip?.kind === "step" ? tip.record : { token: null };
  return dist === null || draw === null ? null : drawView(dist, { id: token!.id, u: draw.u, token: token! });
}

function noticeOf(session: Session, answer: Answer, dist: DistResult): InspectionNotice | null {
  const token = session.inspected === null ? null : findTakenToken(session);
  if (token === null) return null;
  const step = findTakenStep(session);
  const listed = answer.node === placeOf(session) ? dist.tokens.find(({ id }) => id === token.id) : undefined;
  return {
    rendering: renderToken(token),
    where: step === null
      ? `token ${formatCount(inspectedPlaceOf(session)! + 1)} of the prompt`
      : `step ${step.depth}`,
    facts: listed === undefined
      ? ""
      : `${formatPercent(listed.p_final)} %, rank ${formatCount(listed.rank + 1)}.`,
  };
}

/** The settings that a step was drawn with where they are not the present ones; "" where they are. */
function describeOldSettings({ settings }: Session, { key }: Answer, { record }: StepNode): string {
  const then = samplingSummary({ params: record.params, preset: "custom" });
  const now = samplingSummary({ params: settings.params, preset: "custom" });
  return key === null && then !== now ? then.replace(/^Custom, /, "") : "";
}

function summaryOf({ dist, settings: { params } }: Answer): SummaryItem[] {
  const nucleus = params.top_p < 1 && !params.greedy && params.temperature > 0;
  const size = nucleus ? dist.kept_token_count : dist.mass_90_count;
  return [
    {
      label: "Uncertainty",
      value: formatBits(dist.entropy_final_bits),
      unit: "bits",
      term: "entropy",
    },
    {
      label: "Like a draw among",
      value: measure(dist.effective_choices),
      unit: "tokens",
      term: "effective_choices",
    },
    {
      label: nucleus ? "Can be drawn" : "90 % lies in",
      value: formatCount(size),
      unit: size === 1 ? "token" : "tokens",
      term: nucleus ? "top_p_set" : "mass_90",
    },
    {
      label: "End of text",
      value: formatPercent(dist.eos_p),
      unit: "%",
      term: "end_of_text",
    },
  ];
}
