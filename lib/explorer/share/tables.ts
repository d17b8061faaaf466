// Tables of what the page does not hold itself: every token of the vocabulary, and the score of every token of the
// text.
import { failureOf } from "../asking/api.ts";
import { bodyOfPreview } from "../asking/request.ts";
import { scoresOf } from "../asking/text_scores.ts";
import type { Page } from "../page/page.ts";
import { readyModel } from "../session/model.ts";
import { placeOf, shownSettingsOf } from "../session/question.ts";
import type { TreeNode } from "../session/types.ts";
import type { DistToken } from "../../wire/distribution.ts";
import { csvOfScores, csvOfVocabulary } from "./exports/csv.ts";

/** Tokens of one question. */
const PAGE = 1000;

interface TableOutcome {
  readonly said?: string;
  readonly problem?: string;
}

const never = new AbortController().signal;

/** Asks for a table and saves it; what goes wrong comes back as `problem`. */
export async function saveTable<T extends TableOutcome>(
  action: "csvAll" | "csvText",
  page: Pick<Page, "api" | "explorer">,
  save: (content: string) => T,
): Promise<T | TableOutcome> {
  const place = placeOf(page.explorer.session.peek());
  if (place === null) return { problem: "There is no text to make a table of yet." };
  try {
    if (action === "csvAll") return save(csvOfVocabulary(await fetchVocabulary(page, place)));
    const { tokens, prompt } = await scoresOf(page, place, never);
    return save(csvOfScores(tokens, prompt));
  } catch (error) {
    return { problem: failureOf(error)?.message ?? "The table could not be made." };
  }
}

/** Every token at a place, page by page. */
async function fetchVocabulary({ api, explorer }: Pick<Page, "api" | "explorer">, place: TreeNode) {
  const session = explorer.session.peek();
  const body = bodyOfPreview(place, shownSettingsOf(session), [], readyModel(session)?.key ?? null);
  const tokens: DistToken[] = [];
  for (let total = 1; tokens.length < total;) {
    const query = { query: "", mode: "text" as const, offset: tokens.length, limit: PAGE };
    const found = await api.vocabulary({ ...body, ...query }, never, "table");
    total = found.total;
    if (found.tokens.length === 0) break;
    tokens.push(...found.tokens);
  }
  return tokens;
}
