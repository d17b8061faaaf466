// What is explained: a candidate at the place of the bars, a token of the completion, or a span of it; and the request
// that asks about it.
import type { PartName } from "../../wire/attribution.ts";
import { readsField, scoresTokens } from "../../wire/attribution_methods.ts";
import { currentTip } from "../session/branches.ts";
import { findTakenToken, placeOf } from "../session/question.ts";
import { climbToDepth, countPathTokens, hasEnded, pathIdsOf, stepsOf } from "../session/tree.ts";
import type { Session, TreeNode } from "../session/types.ts";
import type { AttributionBody } from "./api.ts";
import type { Choice } from "./methods.ts";

export type Aim =
  | { readonly kind: "candidate"; readonly id: number }
  /** The token at this place of the completion, 0 = first. */
  | { readonly kind: "step"; readonly step: number }
  /** Tokens [from, to) of the completion. */
  | { readonly kind: "span"; readonly from: number; readonly to: number };

/** A token or span in its place. */
export interface Subject {
  /** The text before it. */
  readonly place: TreeNode;
  /** The token, of a span the first. */
  readonly id: number;
  /** Where a span ends; null: one token. */
  readonly end: TreeNode | null;
  /** Explain why it is not this one; null: nothing is compared. */
  readonly rival: number | null;
}

/** The subject of an aim; without one the token that the text goes on with, else the most probable. Null: there is
 * none, or its place has not been read. */
export function subjectOf(session: Session, aim: Aim | null, rival: number | null): Subject | null {
  const tip = currentTip(session.tree);
  const found = tip === null ? null : findAim(session, tip, aim ?? chooseAim(session));
  if (found === null || countPathTokens(found.place) === null || !isConfirmed(found.end ?? found.place)) {
    return null;
  }
  return { ...found, rival: rival === found.id || found.end !== null ? null : rival };
}

function findAim(session: Session, tip: TreeNode, aim: Aim | null): Omit<Subject, "rival"> | null {
  if (aim === null) return null;
  if (aim.kind === "candidate") {
    const place = placeOf(session);
    return place === null ? null : { place, id: aim.id, end: null };
  }
  const [from, to] = aim.kind === "step" ? [aim.step, aim.step + 1] : [aim.from, aim.to];
  const first = stepsOf(tip)[from];
  if (first === undefined || to <= from || to > tip.depth) return null;
  return {
    place: first.parent,
    id: first.record.token.id,
    end: to === from + 1 ? null : climbToDepth(tip, to),
  };
}

/** What is explained when nothing is aimed at. */
function chooseAim(session: Session): Aim | null {
  const tip = currentTip(session.tree);
  const taken = findTakenToken(session);
  if (taken !== null && (session.inspected !== null || (tip !== null && hasEnded(tip)))) {
    return { kind: "candidate", id: taken.id };
  }
  const { answer } = session;
  if (answer === null || answer.node !== placeOf(session)) return null;
  const kept = answer.dist.tokens.filter((token) => token.kept);
  const best = kept.reduce((a, b) => b.p_final > a.p_final ? b : a, kept[0] ?? answer.dist.tokens[0]!);
  return best === undefined ? null : { kind: "candidate", id: best.id };
}

function isConfirmed(node: TreeNode): boolean {
  return node.kind === "root" || node.record.confirmed;
}

/** Tokens of the text before a subject. */
export function countContext({ place }: Subject): number {
  return countPathTokens(place) ?? 0;
}

export interface Query {
  readonly subject: Subject;
  readonly choice: Choice;
  readonly modelKey: string | null;
  /** Measure how far the scores can be trusted. */
  readonly faithfulness: boolean;
  /** All methods on the same text. */
  readonly comparison: boolean;
  /** Parts to take away; direct logit attribution only. */
  readonly remove: readonly PartName[];
}

/** The body of POST /api/attribution for a query. */
export function bodyOfAttribution(query: Query): AttributionBody {
  const { subject: { place, id, end, rival }, choice, comparison } = query;
  const ids = pathIdsOf(end ?? place)!;
  const method = comparison ? "comparison" : choice.method;
  return {
    prompt_ids: ids.prompt,
    completion_ids: ids.completion,
    ...query.modelKey === null ? {} : { model_key: query.modelKey },
    ...end === null
      ? { target_index: place.depth, target_token_id: id }
      : { target_span: [place.depth, end.depth] },
    ...rival === null || !takesRival(query) ? {} : { contrast_token_id: rival },
    method,
    ...comparison ? {} : optionsOf(query),
    ...query.remove.length === 0 ? {} : { remove: query.remove },
    ...isMeasured(query) ? { faithfulness: true } : {},
  };
}

/** Whether the answer is to say how far its scores can be trusted, which is measured for one token, by taking others
 * away before it. */
function isMeasured({ subject, choice, faithfulness, comparison }: Query): boolean {
  return faithfulness && !comparison && scoresTokens(choice.method) && subject.end === null &&
    countContext(subject) > 1;
}

/** Whether A against B is asked for; a method that knows no rival explains A alone. */
function takesRival({ choice, comparison }: Query): boolean {
  return comparison || readsField(choice.method, "contrast_token_id");
}

/** The fields that a method reads. All heads come along where the answer is looked at for longer. */
function optionsOf({ choice, faithfulness: heads }: Query): AttributionBody {
  const { method } = choice;
  const segments = { segments: choice.segments, normalize: false } as const;
  if (method === "attention") {
    return {
      ...segments,
      layer: choice.layer,
      head: choice.layer === null ? null : choice.head,
      heads,
    };
  }
  if (method === "occlusion") return { ...segments, occlusion: choice.occlusion };
  if (method === "input_x_gradient") return { ...segments, signed: choice.signed };
  if (method === "integrated_gradients") {
    return { ...segments, signed: choice.signed, steps: choice.steps, baseline: choice.baseline };
  }
  return scoresTokens(method) ? segments : {};
}

/** The key of a query in the store of answers: ids of places are never given out twice. */
export function keyOfQuery(query: Query): string {
  const { subject: { place, id, end, rival }, choice, ...rest } = query;
  const asked = query.comparison ? null : optionsOf(query);
  const method = query.comparison ? "comparison" : choice.method;
  return JSON.stringify([
    place.id,
    id,
    end?.id ?? null,
    takesRival(query) ? rival : null,
    method,
    asked,
    rest,
  ]);
}
