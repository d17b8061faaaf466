// Questions and answers: which place the bars belong to, whether the answer on the page is about it, and what has to
// be asked where it is not.
import { readyModel } from "./model.ts";
import type { Include } from "../../wire/preview.ts";
import type { Token } from "../../wire/token.ts";
import { askingOf, idleActivityOf } from "./activity.ts";
import { currentTip } from "./branches.ts";
import { amend } from "./history.ts";
import { inspectedPlaceOf } from "./inspection.ts";
import { sayNext } from "../words/spoken.ts";
import { climbToDepth, countPathTokens, hasEnded, nodeOfBars, rootOf, stepsOf } from "./tree.ts";
import { settingsOf } from "./step_bars.ts";
import type { Display } from "./display.ts";
import type {
  Answer,
  QuestionBody,
  Reason,
  RootNode,
  Session,
  Settings,
  StepNode,
  TreeNode,
} from "./types.ts";

/** The place whose next token the bars show: before the token that is inspected, else the end of the text. Null: the
 * page is empty. */
export function placeOf({ tree, inspected }: Session): TreeNode | null {
  const tip = currentTip(tree);
  if (tip === null) return null;
  if (inspected === null) return nodeOfBars(tip);
  return typeof inspected === "number" ? climbToDepth(tip, inspected) : inspected;
}

/** The step that the path takes from the place of the bars; null at its end, and inside the prompt. */
export function findTakenStep(session: Session): StepNode | null {
  const tip = currentTip(session.tree);
  const place = placeOf(session);
  if (tip === null || place === null || place === tip || place === session.inspected) return null;
  return stepsOf(tip)[place.depth] ?? null;
}

/** The token that the text goes on with at the place of the bars, in the prompt or behind it; null at its end. */
export function findTakenToken(session: Session): Token | null {
  const tip = currentTip(session.tree);
  const at = inspectedPlaceOf(session);
  const inPrompt = at === null || tip === null ? undefined : rootOf(tip).read?.tokens[at];
  return inPrompt ?? findTakenStep(session)?.record.token ?? null;
}

/** The parts of an answer that only some views need. */
export function includesOf(session: Session): readonly Include[] {
  return [
    ...wantsLedger(session.display) ? ["stages" as const] : [],
    ...wantsScores(session) ? ["prompt_scores" as const] : [],
  ];
}

function wantsLedger({ expert, tab }: Display): boolean {
  return expert && tab === "sampling";
}

/** The colours of the prompt are shown with all controls only: they cost the logits of every token. */
function wantsScores({ display, tree, promptScores }: Session): boolean {
  const tip = currentTip(tree);
  const coloured = display.heat !== "off" && display.heat !== "attribution";
  return display.expert && coloured && tip !== null && !promptScores.has(rootOf(tip).id);
}

/** Everything besides the place that decides a distribution, as one string. */
export function settingsKeyOf({ params, topK, constraint }: Settings): string {
  return JSON.stringify([params, topK, constraint.enabled ? constraint : null]);
}

/** The name of an answer under which it is kept: by the model that gave it, with its ledger or without. */
export function knownKeyOf(
  modelKey: string | null,
  settings: Settings | string,
  include: readonly Include[],
): string {
  const key = typeof settings === "string" ? settings : settingsKeyOf(settings);
  return `${modelKey} ${key}${include.includes("stages") ? " ledger" : ""}`;
}

/** True where the answer on the page belongs to the current text and settings: only then may its bars be used. */
export function isCurrent(session: Session): boolean {
  const { activity, answer, settings } = session;
  if (answer === null || activity.kind !== "idle" || answer.node !== placeOf(session)) return false;
  if (answer.node.kind === "step" && !answer.node.record.confirmed) return false;
  if (answer.modelKey !== readyModel(session)?.key) return false;
  if (answer.key === null) return true;
  return answer.key === settingsKeyOf(settings) && (answer.ledger || !wantsLedger(session.display));
}

/** True where the model can read no further token behind the current text. */
export function isFull(session: Session): boolean {
  const limit = readyModel(session)?.contextLength ?? null;
  const place = placeOf(session);
  const size = place === null ? null : countPathTokens(place);
  return limit !== null && size !== null && size >= limit;
}

/** True where the current text was written with another model: its ids mean nothing to this one. */
export function isForeign({ tree, model }: Session): boolean {
  const tip = currentTip(tree);
  const read = tip === null ? null : rootOf(tip).read;
  if (read === null || model.state !== "ready") return false;
  return read.tokenizerKey === null ? read.modelId !== model.id : read.tokenizerKey !== model.tokenizerKey;
}

/** The distribution that a step was drawn from, kept with it: what the bars show while it is inspected, and behind
 * the end of the text. Another model has another one. */
function answerFromStep(session: Session, number: number): Answer | null {
  const taken = findTakenStep(session);
  const { dist = null, modelKey = null } = taken?.record ?? {};
  if (taken === null || dist === null || modelKey !== readyModel(session)?.key) return null;
  const settings = settingsOf(taken.record, session.settings);
  return { number, node: taken.parent, key: null, settings, modelKey, ledger: false, dist, warnings: [] };
}

/** The settings of the bars at the present place: those of a step whose own bars are shown, else the present ones. */
export function shownSettingsOf(session: Session): Settings {
  const { answer, settings } = session;
  return answer !== null && answer.key === null && answer.node === placeOf(session)
    ? answer.settings
    : settings;
}

/** What there is to ask about a place: a token that the server has not seen yet is asked for in its place. */
function bodyOf(place: TreeNode): QuestionBody {
  if (place.kind === "root") {
    return place.read === null ? { kind: "read", root: place, kept: null } : { kind: "preview", node: place };
  }
  const { parent, record } = place;
  if (record.confirmed) return { kind: "preview", node: place };
  return { kind: "step", node: parent, force: { id: record.token.id }, origin: record.origin, stands: place };
}

/** Asks for the distribution at the current place; it takes the place of every earlier question. While there is no
 * model the question waits: `receiveStatus` asks it. What a step kept is shown without asking, until a setting
 * changes; what a view needs besides is asked for under the step's settings, and the bars stay. */
export function ask(session: Session, reason: Reason, preface = ""): Session {
  const rest: Session = { ...session, activity: idleActivityOf(session) };
  const place = placeOf(session);
  if (place === null || !session.enabled || isForeign(session)) return { ...rest, answer: null };
  const number = session.asked + 1;
  const kept = reason === "settings" ? null : answerFromStep(session, number);
  const include = includesOf(session);
  if (kept !== null && include.length > 0 && session.model.state === "ready") {
    const body: QuestionBody = { kind: "preview", node: kept.node };
    const ofStep = { settings: kept.settings, ofStep: true } as const;
    const question = { number, reason, preface, modelKey: kept.modelKey, include, body, ...ofStep };
    return { ...session, asked: number, answer: kept, activity: askingOf(session, question) };
  }
  if (kept !== null) {
    const said = preface === "" ? session.announcement : `${preface} ${sayNext(kept.dist)}`;
    return { ...rest, asked: number, answer: kept, announcement: said };
  }
  if (session.model.state !== "ready") return rest;
  return askBody(session, bodyOf(place), reason, preface);
}

/** Asks something in particular. */
export function askBody(before: Session, wanted: QuestionBody, reason: Reason, preface = ""): Session {
  const { session, body } = makeReadable(before, wanted);
  const number = session.asked + 1;
  const { settings } = session;
  const include = body.kind === "step" ? [...includesOf(session), "next" as const] : includesOf(session);
  const modelKey = readyModel(session)?.key ?? null;
  const question = { number, reason, preface, settings, modelKey, include, body };
  return { ...session, asked: number, activity: askingOf(session, question) };
}

/** Exact tokens mean nothing to another tokenizer: it reads their text. */
function makeReadable(session: Session, body: QuestionBody): { session: Session; body: QuestionBody } {
  const source = body.kind === "read" ? body.root.source : null;
  if (body.kind !== "read" || source?.kind !== "tokens") return { session, body };
  if (source.tokenizerKey === readyModel(session)?.tokenizerKey) return { session, body };
  const root: RootNode = { ...body.root, source: { kind: "text", text: source.text } };
  return { session: amend(session, body.root, root), body: { ...body, root } };
}

/** True where the text goes on at the place of the bars: there is room, a model, and nothing has failed. */
export function isOpen(session: Session): boolean {
  const tip = currentTip(session.tree);
  if (tip === null || !session.enabled || session.model.state !== "ready") return false;
  if (session.activity.kind === "failed") return false;
  return !isFull(session) && !isForeign(session) && !(session.inspected === null && hasEnded(tip));
}
