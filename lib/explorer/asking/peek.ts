// Looking ahead: what could come behind the token whose bar is hovered. Known distributions show at once; others are
// asked for when the pointer rests and nothing else is open. The scores of a prompt's tokens come the same way.
import { type ReadonlySignal, signal } from "@preact/signals";
import type { DistResult } from "../../wire/distribution.ts";
import type { ScoredToken } from "../../wire/token.ts";
import type { Api } from "./api.ts";
import { isBusy } from "../session/activity.ts";
import { currentTip } from "../session/branches.ts";
import { shownTokens } from "../views/dist_rows.ts";
import type { Explorer } from "./explorer.ts";
import { percent } from "../words/format.ts";
import { lookOf, type TokenLook } from "../words/appearance.ts";
import { receiveScores } from "../moves/outcome.ts";
import { canAppend } from "../moves/path_moves.ts";
import { includesOf, isCurrent, knownKey } from "../session/question.ts";
import { previewBody } from "./request.ts";
import { choiceOf, plainPill, steppedRecord } from "../session/step_record.ts";
import { hasEnded, rootOf, stepNode } from "../session/tree.ts";
import type { Session } from "../session/types.ts";

/** The token that the strip shows at its end. */
export interface Ghost {
  readonly id: number;
  readonly look: TokenLook;
  /** The first tokens that could follow; null: not known. */
  readonly next: readonly { readonly look: TokenLook; readonly percent: string }[] | null;
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

export function createPeek(explorer: Explorer, api: Api): Peek {
  const ghost = signal<Ghost | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | null = null;

  function drop(): void {
    clearTimeout(timer);
    asking?.abort();
    asking = null;
  }

  function hover(id: number | null): void {
    if (id === (ghost.value?.id ?? null)) return;
    drop();
    const session = explorer.session.value;
    // Behind the end of a text nothing stands: its bars are those of the step before.
    const usable = id !== null && session.look === null && isCurrent(session) && !atEnd(session);
    const choice = usable ? choiceOf(session.answer!.dist, id) : undefined;
    if (choice === undefined) return void (ghost.value = null);
    const known = explorer.known.behind(session.answer!.node, choice.id, keyOf(session));
    ghost.value = { id: choice.id, look: lookOf(choice), next: known === undefined ? null : firstOf(known) };
    if (known === undefined && !choice.special) {
      timer = setTimeout(() => void look(session, choice.id), REST_MS);
    }
  }

  /** Asks what follows, unless the page has moved on. */
  async function look(session: Session, id: number): Promise<void> {
    if (explorer.session.value !== session || !canAppend(session) || !isCurrent(session)) return;
    const { node, dist } = session.answer!;
    const choice = choiceOf(dist, id)!;
    const controller = asking = new AbortController();
    const meta = { dist, selected_id: id, p_final: choice.p_final ?? 0, draw: null };
    const record = steppedRecord(
      plainPill(choice),
      {
        ...meta,
        forced: true,
        forced_by: "token",
        p_raw: choice.p_raw ?? 0,
        rank: choice.rank ?? 0,
      },
      session.settings,
      { origin: "chosen", mu: null, end: false },
    );
    const body = previewBody(stepNode(-1, node, record), session.settings, includesOf(session));
    const result = await api.peek(body, controller.signal).catch(() => null); // a look ahead may fail
    if (result === null || controller.signal.aborted) return;
    explorer.known.setBehind(node, id, keyOf(session), result.dist);
    if (ghost.value?.id === id) ghost.value = { ...ghost.value, next: firstOf(result.dist) };
  }

  let scored: number | null = null; // the prompt that is asked for
  async function scores(): Promise<void> {
    const session = explorer.session.value;
    const tip = currentTip(session.tree);
    const root = tip === null ? null : rootOf(tip);
    if (root === null || root.read === null || root.id === scored || !session.model.ready) return;
    if (!session.enabled || isBusy(session) || session.promptScores.has(root.id)) return;
    scored = root.id;
    const signal = (asking = new AbortController()).signal;
    const result = await api.peek(previewBody(root, session.settings, ["prompt_scores"]), signal).catch(() =>
      null
    );
    scored = null;
    const tokens: readonly ScoredToken[] | undefined = result?.prompt_tokens;
    if (tokens !== undefined) explorer.dispatch((now) => receiveScores(now, root.id, tokens));
  }

  // Other bars, or a text that has gone on from these: what is under the pointer is no more what could come next. It
  // is gone until the pointer moves.
  let shown = explorer.session.value.answer;
  const forget = explorer.session.subscribe((session) => {
    if (session.answer === shown && (ghost.value === null || isCurrent(session))) return;
    shown = session.answer;
    drop();
    ghost.value = null;
  });

  function stop(): void {
    forget();
    drop();
  }

  return { ghost, hover, wantScores: () => void scores(), stop };
}

function atEnd({ tree }: Session): boolean {
  const tip = currentTip(tree);
  return tip !== null && hasEnded(tip);
}

function keyOf(session: Session): string {
  return knownKey(session.settings, includesOf(session));
}

function firstOf(dist: DistResult): NonNullable<Ghost["next"]> {
  const { kept } = shownTokens(dist);
  const first = kept.length > 0 ? kept : dist.kept_top;
  return first.slice(0, SHOWN).map((token) => ({ look: lookOf(token), percent: percent(token.p_final, 0) }));
}
