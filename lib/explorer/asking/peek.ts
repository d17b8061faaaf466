// Looking ahead: what could come behind the token whose bar is hovered. Known distributions show at once; others are
// asked for when the pointer rests and nothing else is open. The scores of a prompt's tokens come the same way.
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { DistResult } from "../../wire/distribution.ts";
import { sleep } from "../../basics/sleep.ts";
import { readyModel } from "../session/model.ts";
import type { Api } from "./api.ts";
import { isBusy } from "../session/activity.ts";
import { currentTip } from "../session/branches.ts";
import { orderTokens } from "../views/dist_rows.ts";
import type { Explorer } from "./explorer.ts";
import { formatPercent } from "../words/format.ts";
import { renderToken, type TokenRendering } from "../words/appearance.ts";
import { receiveScores } from "../moves/outcome.ts";
import { canAppend } from "../moves/path_moves.ts";
import { includesOf, isCurrent, knownKeyOf } from "../session/question.ts";
import { latest } from "./latest.ts";
import { bodyOfPreview, type PreviewBody } from "./request.ts";
import { type Choice, choiceOf, recordChoice } from "../session/step_record.ts";
import { createStep, hasEnded, rootOf } from "../session/tree.ts";
import type { Session } from "../session/types.ts";

/** The token that the strip shows at its end. */
export interface Ghost {
  readonly id: number;
  readonly rendering: TokenRendering;
  /** The first tokens that could follow; null: not known. */
  readonly next: readonly { readonly rendering: TokenRendering; readonly percent: string }[] | null;
}

export interface Peek {
  readonly ghost: ReadonlySignal<Ghost | null>;
  /** The bar under the pointer or the focus; null: none. */
  hover(id: number | null): void;
  /** The card of a prompt's token is open: what the model thought of it is wanted. */
  wantScores(): void;
  stop(): void;
}

const REST_MS = 160;
const SHOWN = 3;

/** The token under the pointer, and what could come behind it, asked for when the pointer rests. */
export function createPeek(explorer: Explorer, api: Api): Peek {
  const ghost = signal<Ghost | null>(null);
  const scores = createScores(explorer, api);
  const behind = createBehind(explorer, api, ghost);
  const forget = forgetWithBars(explorer, ghost, behind.stop);
  return {
    ghost,
    hover(id) {
      if (id === (ghost.value?.id ?? null)) return;
      behind.stop();
      const session = explorer.session.value;
      const choice = id === null ? undefined : findHovered(session, id);
      if (choice === undefined) return void (ghost.value = null);
      const known = explorer.known.behind(session.answer!.node, choice.id, keyOf(session));
      ghost.value = {
        id: choice.id,
        rendering: renderToken(choice),
        next: known === undefined ? null : firstOf(known),
      };
      const barred = isBarred(session.answer!.dist, choice.id);
      if (known === undefined && !choice.special && !barred) void behind.ask(session, choice);
    },
    wantScores: scores.want,
    stop() {
      forget();
      behind.stop();
      scores.stop();
    },
  };
}

/** What could come behind a token, asked for when the pointer rests on its bar. */
function createBehind({ session, known }: Explorer, api: Api, ghost: Signal<Ghost | null>) {
  const asking = latest(async (signal, before: Session, choice: Choice) => {
    await sleep(REST_MS, signal);
    if (session.value !== before || !canAppend(before)) throw new DOMException("", "AbortError");
    return await api.peek(bodyOfPeek(before, choice), signal);
  });
  return {
    stop: asking.stop,
    async ask(before: Session, choice: Choice): Promise<void> {
      const outcome = await asking.ask(before, choice);
      if (outcome.kind !== "value") return; // a look ahead may fail
      const { dist } = outcome.value;
      known.setBehind(before.answer!.node, choice.id, keyOf(before), dist);
      if (ghost.value?.id === choice.id) ghost.value = { ...ghost.value, next: firstOf(dist) };
    },
  };
}

/** Other bars, or a text that has gone on from these: what is under the pointer is no more what could come next. It is
 * gone until the pointer moves. Returns the way to stop. */
function forgetWithBars({ session }: Explorer, ghost: Signal<Ghost | null>, stop: () => void): () => void {
  let shown = session.value.answer;
  return session.subscribe((now) => {
    if (now.answer === shown && (ghost.value === null || isCurrent(now))) return;
    shown = now.answer;
    stop();
    ghost.value = null;
  });
}

/** The bar with this id, where something could come behind it: behind the end of a text nothing stands, its bars are
 * those of the step before. */
function findHovered(session: Session, id: number): Choice | undefined {
  const usable = session.inspected === null && isCurrent(session) && !isAtEnd(session);
  return usable ? choiceOf(session.answer!.dist, id) : undefined;
}

/** The server refuses a text that leaves the constraint. */
function isBarred({ tokens }: DistResult, id: number): boolean {
  return tokens.some((token) => token.id === id && !token.valid);
}

/** The question what follows a token of the bars. */
function bodyOfPeek(session: Session, choice: Choice): PreviewBody {
  const answer = session.answer!;
  const record = recordChoice(choice, answer, "chosen");
  const behind = createStep(-1, answer.node, { ...record, mu: null });
  return bodyOfPreview(behind, session.settings, includesOf(session), answer.modelKey);
}

/** What the model thought of the tokens of a prompt, asked for once where nothing else is open. */
function createScores(explorer: Explorer, api: Api) {
  let wanted: number | null = null; // the prompt that is asked for
  const asking = latest((signal, body: PreviewBody) => api.peek(body, signal));
  return {
    stop: asking.stop,
    want(): void {
      const session = explorer.session.value;
      const tip = currentTip(session.tree);
      const root = tip === null ? null : rootOf(tip);
      const model = readyModel(session);
      if (root === null || root.read === null || root.id === wanted || model === null) return;
      if (!session.enabled || isBusy(session) || session.promptScores.has(root.id)) return;
      wanted = root.id;
      void asking.ask(bodyOfPreview(root, session.settings, ["prompt_scores"], model.key)).then((outcome) => {
        wanted = null;
        if (outcome.kind !== "value") return;
        const { prompt_tokens: tokens, model: { model_key } } = outcome.value;
        explorer.dispatch((now) =>
          readyModel(now)?.key === model_key ? receiveScores(now, root.id, tokens) : now
        );
      });
    },
  };
}

function isAtEnd({ tree }: Session): boolean {
  const tip = currentTip(tree);
  return tip !== null && hasEnded(tip);
}

function keyOf(session: Session): string {
  return knownKeyOf(session.answer!.modelKey, session.settings, includesOf(session));
}

function firstOf(dist: DistResult): NonNullable<Ghost["next"]> {
  const { kept } = orderTokens(dist);
  const first = kept.length > 0 ? kept : dist.kept_top;
  return first.slice(0, SHOWN).map((token) => ({
    rendering: renderToken(token),
    percent: formatPercent(token.p_final, 0),
  }));
}
