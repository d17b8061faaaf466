// The same text as the tokenizer writes it: a branch, in which tokens that stay what they were keep what is known of
// them.
import type { Token } from "../../wire/token.ts";
import { currentTip } from "../session/branches.ts";
import { joinCharacters } from "../session/path_text.ts";
import { createUnreadRecord } from "../session/step_record.ts";
import { createRoot, createStep, rootOf, stepsOf } from "../session/tree.ts";
import type { PromptSource, RootNode, Session, StepNode, TreeNode } from "../session/types.ts";
import { begin, draftOf } from "./prompt_moves.ts";

/** Where a text is divided between prompt and completion. */
interface Division {
  readonly source: PromptSource;
  /** Tokens of the prompt among the usual ones. */
  readonly count: number;
  /** The prompt's tokens are the usual ones: the branch leaves the old path. */
  readonly same: boolean;
}

/** A branch with the text of the current path in `usual` tokens, which begin behind the `lead` special ones of the
 * prompt. Where a usual token reaches over the end of the prompt, the prompt ends before it. */
export function writeUsually(session: Session, usual: readonly Token[], lead: number): Session {
  const tip = currentTip(session.tree);
  if (tip === null) return session;
  const tokens = joinCharacters(usual);
  const root = rootOf(tip);
  const division = divide(root, tokens, lead);
  const steps = divideSteps(tokens.slice(division.count), tip, session);
  const old = stepsOf(tip);
  const shared = division.same ? steps.findIndex((step, at) => step !== old[at]) : 0;
  const behind: TreeNode | null = !division.same ? null : shared > 0 ? steps[shared - 1]! : root;
  const next = { ...session, draft: draftOf(division.source, session.draft) };
  return begin(next, division.source, steps.length === 0 ? null : { steps, behind }, "start");
}

function divide({ source, read }: RootNode, tokens: readonly Token[], lead: number): Division {
  const prompt = joinCharacters(read?.tokens ?? []).slice(lead);
  if (prompt.every(({ id }, at) => id === tokens[at]?.id)) {
    return { source, count: prompt.length, same: true };
  }
  const end = lengthOf(prompt);
  let count = 0;
  while (count < tokens.length && lengthOf(tokens.slice(0, count + 1)) <= end) count++;
  const own = Math.max(1, count); // a prompt is never empty
  const text = tokens.slice(0, own).map((token) => token.text).join("");
  return { source: { kind: "text", text }, count: own, same: false };
}

/** Where steps begin that have no place in the tree yet. */
const NOWHERE = createRoot(0, { kind: "text", text: "" });

/** The steps of a completion of these tokens: the old nodes as far as they agree from its beginning, then new ones, in
 * which a token that stands where it stood keeps its origin. */
function divideSteps(usual: readonly Token[], tip: TreeNode, { settings }: Session): StepNode[] {
  const old = stepsOf(tip);
  const written = joinCharacters(old.map(({ record }) => record.token));
  const ends = endsOf(written); // from the end of the text: its beginning may be divided elsewhere
  const byEnd = new Map(old.map((step, at) => [`${ends[at]} ${written[at]!.id}`, step]));
  const newEnds = endsOf(usual);
  const steps: StepNode[] = [];
  for (const [at, token] of usual.entries()) {
    const stood = byEnd.get(`${newEnds[at]} ${token.id}`);
    const before = steps.at(-1) ?? null;
    const same = stood !== undefined && stood === old[at] && (at === 0 || before === old[at - 1]);
    const record = createUnreadRecord(token, stood?.record.origin ?? "forced", settings.params);
    steps.push(same ? stood : createStep(0, before ?? NOWHERE, record));
  }
  return steps;
}

function lengthOf(tokens: readonly Token[]): number {
  return tokens.reduce((sum, { text }) => sum + text.length, 0);
}

/** Characters behind each token, to the end of the text. */
function endsOf(tokens: readonly Token[]): number[] {
  let left = lengthOf(tokens);
  return tokens.map(({ text }) => left -= text.length);
}
