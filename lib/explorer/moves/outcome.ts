// What the server says: answers and failures, put where they belong in the tree. An answer to any question but the
// newest is dropped.
import { modelIdOf } from "../session/model.ts";
import { withdrawUnconfirmed } from "./withdraw.ts";
import type { DistResult } from "../../wire/distribution.ts";
import type { PreviewResult } from "../../wire/preview.ts";
import type { ScoredToken } from "../../wire/token.ts";
import { idleActivityOf, isBusy, playOf, questionOf, queueOf, withNext } from "../session/activity.ts";
import { amend } from "../session/history.ts";
import { step } from "./path_moves.ts";
import { placeTyped, stopTyped } from "./typed_prompt.ts";
import { ask, askBody, isCurrent, settingsKeyOf } from "../session/question.ts";
import { sayNext } from "../words/spoken.ts";
import { addLedger } from "../session/step_bars.ts";
import { bareTokenOf, recordKept } from "../session/step_record.ts";
import { countPathTokens, createStep, rootOf } from "../session/tree.ts";
import type {
  Answer,
  Failure,
  KeptCompletion,
  NodeId,
  Question,
  QuestionBody,
  RootNode,
  Session,
  StepBody,
  TreeNode,
  Waiting,
} from "../session/types.ts";

type Body<K extends QuestionBody["kind"]> = Question & { readonly body: Extract<QuestionBody, { kind: K }> };

/** The open question, if it has this number. */
export function findQuestion(session: Session, number: number): Question | null {
  const question = questionOf(session);
  return question?.number === number ? question : null;
}

/** The answer to a question about a place or a prompt. */
export function receivePreview(session: Session, number: number, result: PreviewResult): Session {
  const question = findQuestion(session, number);
  if (question === null) return session;
  const { body } = question;
  if (body.kind === "read") return receiveRead(session, { ...question, body }, result);
  return body.kind === "preview" ? receiveDist(session, question, body.node, result.dist, result) : session;
}

/** The answer to a question about a place, from what the page has seen already. */
export function receiveKnown(session: Session, number: number, dist: DistResult): Session {
  const question = findQuestion(session, number);
  if (question?.body.kind !== "preview") return session;
  return receiveDist(session, question, question.body.node, dist, { warnings: [] });
}

/** The distribution at `node`, which becomes the answer on the page; then what has been waiting for it. */
export function receiveDist(
  session: Session,
  question: Question,
  node: TreeNode,
  dist: DistResult,
  { warnings, prompt_tokens }: Pick<PreviewResult, "warnings"> & Partial<PreviewResult>,
): Session {
  const answer = answerTo(session, question, node, dist, warnings);
  const promptScores = scoresOf(session, question, node, prompt_tokens);
  const next: Session = {
    ...session,
    activity: idleActivityOf(session),
    connected: true,
    answer,
    promptScores,
    announcement: announce(session, question, node, answer.dist) ?? session.announcement,
  };
  return goOn(next, queueOf(session));
}

/** The answer as the page keeps it. More about the bars of a step never takes their place. */
function answerTo(
  { answer: own }: Session,
  question: Question,
  node: TreeNode,
  dist: DistResult,
  warnings: readonly string[],
): Answer {
  const ledger = question.include.includes("stages");
  if (question.ofStep && own !== null) return ledger ? addLedger(own, dist, warnings) : own;
  const { number, settings, modelKey } = question;
  return { number, node, key: settingsKeyOf(settings), settings, modelKey, ledger, dist, warnings };
}

function scoresOf(
  session: Session,
  { include }: Question,
  node: TreeNode,
  tokens: readonly ScoredToken[] | undefined,
): Session["promptScores"] {
  if (!include.includes("prompt_scores") || tokens === undefined) return session.promptScores;
  return receiveScores(session, rootOf(node).id, tokens).promptScores;
}

/** What the model thought of the tokens of a prompt. */
export function receiveScores(session: Session, root: NodeId, tokens: readonly ScoredToken[]): Session {
  const scores = tokens.map(({ p, logprob, rank, surprisal_bits, entropy_bits }) => ({
    p: p ?? null,
    logprob: logprob ?? null,
    rank: rank ?? null,
    surprisal_bits: surprisal_bits ?? null,
    entropy_bits: entropy_bits ?? null,
  }));
  return { ...session, promptScores: new Map([...session.promptScores, [root, scores]]) };
}

function announce(
  session: Session,
  { reason, preface }: Question,
  node: TreeNode,
  dist: DistResult,
): string | null {
  if (reason === "settings" || reason === "auto") return null;
  const first = reason === "start" ? `Read ${countPathTokens(node)} tokens.` : preface;
  return `${first} ${session.lastStep.stopped === null ? "" : "Stop sequence reached."} ${sayNext(dist)}`
    .replace(/ +/g, " ").trim();
}

/** With a new distribution on the page: settings that have changed since are asked for, else the next token that
 * waits is appended. */
function goOn(session: Session, queue: readonly Waiting[]): Session {
  if (!isCurrent(session)) return withQueue(ask(session, "settings"), queue);
  const [first, ...rest] = queue;
  return first === undefined ? session : withQueue(step(session, first), rest);
}

function withQueue(session: Session, queue: readonly Waiting[]): Session {
  return { ...session, activity: withNext(session, { queue, play: playOf(session) }) };
}

/** A prompt that was read, with what it takes along behind it. */
function receiveRead(session: Session, question: Body<"read">, result: PreviewResult): Session {
  const { root, kept, typed = false } = question.body;
  const read: RootNode = {
    ...root,
    read: {
      modelId: result.model.model_id,
      tokenizerKey: result.model.tokenizer_key,
      tokens: result.prompt_tokens.map(bareTokenOf),
      templateText: result.template_text,
      warnings: result.warnings,
    },
  };
  if (kept !== null && "steps" in kept) {
    const { node, nextId } = rebuildSteps(session, question, read, kept, result);
    return receiveDist({ ...amend(session, root, node), nextId }, question, node, result.dist, result);
  }
  const placed = amend(typed ? placeTyped(session, root) : session, root, read);
  const next = receiveDist(placed, question, read, result.dist, result);
  if (kept === null || isBusy(next)) return next;
  const body: StepBody = {
    kind: "step",
    node: read,
    force: { text: kept.text },
    origin: "forced",
    stands: null,
  };
  return askBody(next, body, question.reason, "The text was read again.");
}

function rebuildSteps(
  { nextId }: Session,
  { settings }: Question,
  root: RootNode,
  { steps, behind = null }: Extract<KeptCompletion, { readonly steps: unknown }>,
  { completion_tokens }: PreviewResult,
): { node: TreeNode; nextId: number } {
  const node = steps.reduce<TreeNode>((parent, { record }, at) => {
    const scored = completion_tokens[at];
    if (scored === undefined || at < parent.depth) return parent;
    return createStep(nextId + at, parent, recordKept(scored, record, settings));
  }, behind ?? root);
  return { node, nextId: nextId + steps.length };
}

/** Question `number` has no answer. The text stays as it is. */
export function fail(session: Session, number: number, failure: Failure): Session {
  const question = findQuestion(session, number);
  if (question === null) return session;
  const aboutModel = failure.kind === "loading" || failure.kind === "changed";
  if (question.ofStep && !aboutModel) return leaveStepBars(session, question, failure);
  const rest = stopTyped(session);
  if (failure.kind === "refused" && rest !== session && isCurrent(rest)) return rest; // it may be half written
  const missed = failure.again !== undefined &&
    { missed: { question, queue: queueOf(session), play: playOf(session) } };
  const failed: Session = { ...session, activity: { kind: "failed", failure, ...missed } };
  if (failure.kind === "unreachable") return { ...failed, connected: false };
  if (failure.kind === "loading") return { ...failed, model: { state: "loading", id: modelIdOf(session) } };
  return failure.kind === "changed" ? withdrawUnconfirmed(failed) : failed;
}

/** More about the bars of a step could not be had: they stay as they are, and their ledger says why it is missing. */
function leaveStepBars(session: Session, question: Question, { kind, message }: Failure): Session {
  const { answer } = session;
  if (answer === null) return { ...session, activity: idleActivityOf(session) };
  const lacks = question.include.includes("stages") && { lacks: message };
  const said = announce(session, question, answer.node, answer.dist);
  const next: Session = {
    ...session,
    activity: idleActivityOf(session),
    answer: { ...answer, ...lacks },
    announcement: said ?? session.announcement,
  };
  return kind === "unreachable" ? { ...next, connected: false } : goOn(next, queueOf(session));
}
