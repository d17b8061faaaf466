// The list of all tokens at the place of the bars: what was found, page by page, as it is scrolled to.
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { DistToken } from "../../wire/distribution.ts";
import type { VocabularyInput, VocabularyResult } from "../../wire/vocabulary.ts";
import type { Api } from "./api.ts";
import { latest, type Outcome } from "./latest.ts";
import { settingsKeyOf, shownSettingsOf } from "../session/question.ts";
import { bodyOfPreview } from "./request.ts";
import type { Session } from "../session/types.ts";
import { pagesOf, parseQuery } from "../views/vocabulary_view.ts";

export interface Found {
  readonly typed: string;
  /** Tokens that match; null until the server has said. */
  readonly total: number | null;
  readonly error: string | null;
  readonly tokens: ReadonlyMap<number, DistToken>; // by place in the list
}

export interface Vocabulary {
  readonly found: ReadonlySignal<Found>;
  search(typed: string): void;
  /** The rows in view: what is missing of them is asked for. */
  range(first: number, count: number): void;
  /** The page shows another place or other settings: everything is asked anew, the query stays. */
  follow(session: Session): void;
  /** The next search begins with everything. */
  close(): void;
}

const PAGE = 100;
const NOTHING: Found = { typed: "", total: null, error: null, tokens: new Map() };

interface Asked {
  readonly offset: number;
  readonly limit: number;
}

/** The list of the whole vocabulary: its pages, fetched as they are scrolled to, and its search. */
export function createVocabulary(api: Api): Vocabulary {
  const found = signal<Found>(NOTHING);
  let session: Session | null = null;
  const asking = createPaging(api, found, () => session);

  /** `total`: of how many the tokens will be, where that is known already. */
  function lookUp(typed: string, total: number | null): void {
    asking.stop();
    found.value = { ...NOTHING, typed, total };
    void asking.ask({ offset: 0, limit: PAGE });
  }

  return {
    found,
    search: (typed) => lookUp(typed, null),
    close() {
      asking.stop();
      [session, found.value] = [null, NOTHING];
    },
    range(first, count) {
      const pages = findMissingPages(found.value, first, count);
      if (pages !== null && !asking.isAsking(pages)) void asking.ask(pages);
    },
    follow(now) {
      const before = session;
      session = now;
      if (before !== null && placeKeyOf(before) === placeKeyOf(now)) return;
      const { typed, total, error } = found.value;
      // As many tokens match wherever one asks: nothing is said anew of them between the tokens of Play.
      const same = before?.answer?.modelKey === now.answer?.modelKey && error === null;
      lookUp(typed, same ? total : null);
    },
  };
}

/** The newest request for rows, and what it brings. */
function createPaging(api: Api, found: Signal<Found>, session: () => Session | null) {
  const asking = latest((signal, body: Parameters<Api["vocabulary"]>[0]) => api.vocabulary(body, signal));
  let asked: Asked | null = null;
  return {
    stop: asking.stop,
    isAsking: (pages: Asked) => asked?.offset === pages.offset && asked.limit === pages.limit,
    async ask(pages: Asked): Promise<void> {
      const now = session();
      const body = now === null ? null : bodyOf(now, found.value.typed, pages);
      if (body === null) return;
      asked = pages;
      const outcome = await asking.ask(body);
      if (outcome.kind === "superseded") return;
      asked = null;
      found.value = withOutcome(found.value, outcome);
    },
  };
}

/** The pages that hold rows in view which are not here yet; null: all are. */
function findMissingPages({ tokens }: Found, first: number, count: number): Asked | null {
  const rows = Array.from({ length: count }, (_, at) => first + at);
  return rows.some((at) => !tokens.has(at)) ? pagesOf({ first, count }, PAGE) : null;
}

function placeKeyOf(session: Session): string {
  const { answer } = session;
  return answer === null
    ? ""
    : `${answer.node.id} ${answer.modelKey} ${settingsKeyOf(shownSettingsOf(session))}`;
}

function bodyOf(session: Session, typed: string, pages: Asked): Partial<VocabularyInput> | null {
  const { answer } = session;
  const query = parseQuery(typed);
  if (query === null || answer === null) return null;
  return { ...bodyOfPreview(answer.node, shownSettingsOf(session), [], answer.modelKey), ...query, ...pages };
}

function withOutcome(
  found: Found,
  outcome: Exclude<Outcome<VocabularyResult>, { kind: "superseded" }>,
): Found {
  return outcome.kind === "failed"
    ? { ...found, total: 0, error: outcome.failure.message }
    : withFound(found, outcome.value);
}

function withFound({ typed, tokens: known }: Found, { tokens, offset, total }: VocabularyResult): Found {
  const all = new Map(known);
  tokens.forEach((token, at) => all.set(offset + at, token));
  return { typed, total, error: null, tokens: all };
}
