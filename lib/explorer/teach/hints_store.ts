// The hints about the prompt and the text: what the tokenizer makes of the text is asked when it rests, and nothing is
// said about a prompt while it is being written.
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { sleep } from "../../basics/sleep.ts";
import type { Token } from "../../wire/token.ts";
import type { Api } from "../asking/api.ts";
import type { Explorer, Move } from "../asking/explorer.ts";
import { latest } from "../asking/latest.ts";
import { step } from "../moves/path_moves.ts";
import { isDirty } from "../moves/prompt_moves.ts";
import { playOf } from "../session/activity.ts";
import { readyModel } from "../session/model.ts";
import { isCurrent } from "../session/question.ts";
import type { Fix, Hint } from "./hints.ts";
import { applyFix, findCheckable, hasOpenCharacter, hintsOfSession } from "./teaching_moves.ts";

const REST_MS = 400; // the text stays as it is before its tokens are checked
const TYPED_MS = 900; // the prompt rests before something is said about its end
const MOST_BYTES = 6; // tokens that completing a character takes at most

export interface HintsStore {
  readonly hints: ReadonlySignal<readonly Hint[]>;
  fix(fix: Fix): void;
  /** Follows the session. Returns the way to stop. */
  open(): () => void;
}

interface HintsOptions {
  readonly explorer: Explorer;
  readonly dispatch: (move: Move) => void;
  readonly api: Api;
}

/** The hints about the present text, and their fixes. */
export function createHints({ explorer, dispatch, api }: HintsOptions): HintsStore {
  const usual = createUsualTokens(explorer, api);
  const writing = createWriting(explorer);
  let stopCompleting = () => {};
  return {
    hints: computed(() => {
      const found = hintsOfSession(explorer.session.value, usual.tokens.value);
      return writing.now.value
        ? found.filter(({ kind }) => kind === "character" || kind === "tokens")
        : found;
    }),
    fix(fix) {
      stopCompleting();
      if (fix.kind === "complete") stopCompleting = complete(explorer, dispatch);
      else dispatch((now) => applyFix(now, fix, usual.tokens.peek()));
    },
    open() {
      const stops = [usual.open(), writing.open()];
      return () => {
        stops.forEach((stop) => stop());
        stopCompleting();
      };
    },
  };
}

/** What the tokenizer makes of the present text; null where that is not known. */
function createUsualTokens({ session }: Explorer, api: Api) {
  const known = signal<{ readonly what: string; readonly tokens: readonly Token[] | null } | null>(null);
  const text = computed(() => {
    const now = session.value;
    return isCurrent(now) && playOf(now) === null ? findCheckable(now)?.text ?? null : null;
  });
  // The same text is cut in another way by the tokenizer of another model.
  const what = computed(() => `${readyModel(session.value)?.tokenizerKey} ${text.value}`);
  const asking = latest(async (signal, text: string) => {
    await sleep(REST_MS, signal);
    return await api.tokenize(text, readyModel(session.value)?.key ?? null, signal);
  });
  const ask = async (text: string, what: string) => {
    const found = await asking.ask(text);
    if (found.kind === "superseded") return;
    known.value = { what, tokens: found.kind === "value" ? found.value.tokens : null };
  };
  return {
    tokens: computed(() => known.value?.what === what.value ? known.value.tokens : null),
    open: () => {
      const forget = effect(() => {
        const now = text.value;
        if (now === null || now === "" || known.peek()?.what === what.value) asking.stop();
        else void ask(now, what.value);
      });
      return () => {
        forget();
        asking.stop();
      };
    },
  };
}

/** True while the prompt is being written: after every word it ends with a space. */
function createWriting({ session }: Explorer) {
  const text = computed(() => session.value.draft.text);
  const written = computed(() => isDirty(session.value));
  const rested = signal(text.peek());
  return {
    now: computed(() => written.value && rested.value !== text.value),
    open: () =>
      effect(() => {
        const now = text.value;
        const timer = setTimeout(() => rested.value = now, written.value ? TYPED_MS : 0);
        return () => clearTimeout(timer);
      }),
  };
}

/** Appends the most probable tokens until the text ends with whole characters. Returns the way to stop. */
function complete(explorer: Explorer, dispatch: HintsOptions["dispatch"]): () => void {
  let left = MOST_BYTES;
  let seen: unknown = null;
  const stop = effect(() => {
    const now = explorer.session.value;
    if (!isCurrent(now) || now.answer === seen) return;
    seen = now.answer;
    if (left-- <= 0 || !hasOpenCharacter(now)) return void queueMicrotask(() => stop());
    queueMicrotask(() => dispatch((session) => step(session, "greedy")));
  });
  return stop;
}
