// Guess first: what a reader thinks comes next, and what the model says to it.
import { type ReadonlySignal, signal } from "@preact/signals";
import type { DistToken } from "../../wire/distribution.ts";
import { failureOf } from "../asking/api.ts";
import { bodyOfPreview } from "../asking/request.ts";
import type { Page } from "../page/page.ts";
import { placeOf, shownSettingsOf } from "../session/question.ts";
import type { TreeNode } from "../session/types.ts";
import { renderToken, type TokenRendering } from "../words/appearance.ts";
import { formatPercent, sayNumber } from "../words/format.ts";

/** A guess that was held against the model. */
export interface Guess {
  readonly typed: string;
  readonly id: number;
  readonly rendering: TokenRendering;
  /** Place by probability, 1 = first. */
  readonly place: number;
  readonly p: number;
}

export interface Guesses {
  /** Every guess since the page was opened. */
  readonly made: ReadonlySignal<readonly Guess[]>;
  /** Why the last one could not be looked up; "" = it could. */
  readonly problem: ReadonlySignal<string>;
  readonly working: ReadonlySignal<boolean>;
  /** Looks a guess up at the end of the text; null where that failed, or another one is being looked up. */
  lookUp(typed: string): Promise<{ readonly guess: Guess; readonly place: TreeNode } | null>;
  stop(): void;
}

/** Guesses that are made before the bars are seen, looked up at the end of the text. */
export function createGuesses({ page }: { readonly page: Pick<Page, "api" | "explorer"> }): Guesses {
  const made = signal<readonly Guess[]>([]);
  const problem = signal("");
  const working = signal(false);
  const stopped = new AbortController();
  const find = async (typed: string) => {
    const session = page.explorer.session.peek();
    const [{ answer }, place] = [session, placeOf(session)];
    if (place === null || answer === null) return null;
    const ids = await findFirstTokens(page, typed, answer.modelKey, stopped.signal);
    const query = { query: ids.join(), mode: "id", offset: 0, limit: ids.length } as const;
    const body = { ...bodyOfPreview(place, shownSettingsOf(session), [], answer.modelKey), ...query };
    const { tokens } = await page.api.vocabulary(body, stopped.signal, "guess");
    const best = tokens.toSorted((a, b) => b.p_final - a.p_final || b.p_base - a.p_base)[0];
    return best === undefined ? null : { guess: guessOf(typed, best), place };
  };
  return {
    ...{ made, problem, working, stop: () => stopped.abort() },
    async lookUp(typed) {
      if (working.value) return null;
      working.value = true;
      problem.value = "";
      try {
        const found = await find(typed);
        if (found !== null) made.value = [...made.value, found.guess];
        return found;
      } catch (error) {
        problem.value = failureOf(error)?.message ?? "";
        return null;
      } finally {
        working.value = false;
      }
    },
  };
}

/** The first token of a guess, with a space before it and without: who guesses a word need not type the space that
 * most words begin with. */
async function findFirstTokens(
  { api }: Pick<Page, "api">,
  typed: string,
  modelKey: string | null,
  signal: AbortSignal,
): Promise<number[]> {
  const texts = /^\s/.test(typed) ? [typed] : [` ${typed}`, typed];
  const ids: number[] = [];
  for (const text of texts) {
    const [first] = (await api.tokenize(text, modelKey, signal, "guess")).tokens;
    if (first !== undefined) ids.push(first.id);
  }
  return [...new Set(ids)];
}

function guessOf(typed: string, token: DistToken): Guess {
  return { typed, id: token.id, rendering: renderToken(token), place: token.rank + 1, p: token.p_final };
}

/** "Your guess ␣Paris is number 1 of all, with 95.5 %." in words for the ear. */
export function guessWords({ rendering, place, p }: Guess): string {
  return `Your guess ${rendering.spoken} is number ${place}, with ${sayNumber(formatPercent(p))} percent.`;
}

/** How the class does: "3 guesses: 1 was the model's first, 2 among its first ten." */
export function guessScore(made: readonly Guess[]): string {
  if (made.length === 0) return "No guesses yet.";
  const first = made.filter(({ place }) => place === 1).length;
  const ten = made.filter(({ place }) => place <= 10).length;
  const guesses = `${made.length} guess${made.length === 1 ? "" : "es"}`;
  return `${guesses}: ${first} the model's first, ${ten} among its first ten.`;
}
