// The list of all tokens at the place of the bars: what was found, page by page, as it is scrolled to.
import { type ReadonlySignal, signal } from "@preact/signals";
import type { DistToken } from "../../wire/distribution.ts";
import { type Api, failureOf } from "./api.ts";
import { settingsKey } from "../session/question.ts";
import { previewBody } from "./request.ts";
import type { Session } from "../session/types.ts";
import { pagesOf, parseQuery } from "../views/vocabulary_view.ts";

export interface Found {
  readonly typed: string;
  /** Tokens that match; null while nobody has said. */
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
  close(): void;
}

const PAGE = 100;
const NOTHING: Found = { typed: "", total: null, error: null, tokens: new Map() };

export function createVocabulary(api: Api): Vocabulary {
  const found = signal<Found>(NOTHING);
  let session: Session | null = null;
  let place = "";
  let asking: { offset: number; limit: number; controller: AbortController } | null = null;

  function restart(typed: string): void {
    asking?.controller.abort();
    asking = null;
    found.value = { ...NOTHING, typed };
    void ask(0, PAGE);
  }

  async function ask(offset: number, limit: number): Promise<void> {
    const { typed } = found.value;
    const query = parseQuery(typed);
    const answer = session?.answer;
    if (query === null || !session || !answer) return;
    asking?.controller.abort();
    const controller = new AbortController();
    asking = { offset, limit, controller };
    try {
      const body = { ...previewBody(answer.node, session.settings, []), ...query, offset, limit };
      const result = await api.vocabulary(body, controller.signal);
      if (controller.signal.aborted) return;
      const tokens = new Map(found.value.tokens);
      result.tokens.forEach((token, at) => tokens.set(result.offset + at, token));
      found.value = { typed, total: result.total, error: null, tokens };
    } catch (error) {
      const failure = failureOf(error);
      if (failure !== null && !controller.signal.aborted) {
        found.value = { ...found.value, total: 0, error: failure.message };
      }
    } finally {
      if (asking?.controller === controller) asking = null;
    }
  }

  return {
    found,
    search: restart,
    range(first, count) {
      const { tokens } = found.value;
      const missing = Array.from({ length: count }, (_, at) => first + at).some((at) => !tokens.has(at));
      const pages = missing ? pagesOf({ first, count }, PAGE) : null;
      if (pages === null || (asking?.offset === pages.offset && asking.limit === pages.limit)) return;
      void ask(pages.offset, pages.limit);
    },
    follow(now) {
      const { answer } = now;
      const key = answer === null ? "" : `${answer.node.id} ${settingsKey(now.settings)}`;
      session = now;
      if (key === place) return;
      place = key;
      restart(found.value.typed);
    },
    close: () => asking?.controller.abort(),
  };
}
