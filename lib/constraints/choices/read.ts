// Multiple choice: one of a list of texts.
import type { Expr, GrammarBuilder } from "../ir/grammar.ts";
import { placeInText, refusal } from "../ir/refusal.ts";
import type { RegexArena } from "../ir/regex.ts";
import { literal } from "../ir/utf8.ts";

/**
 * The options that a text lists: a JSON list of strings, exactly as it has them, or else one option a line, trimmed.
 * Without empty ones and repetitions, in their order. Throws a refusal where there is none, or where a list holds
 * something else.
 */
export function readChoices(source: string): string[] {
  const listed = source.trimStart().startsWith("[") ? readJsonList(source) : null;
  const options = (listed ?? source.split(/\r?\n/).map((line) => line.trim())).filter((option) =>
    option !== ""
  );
  if (options.length === 0) {
    throw refusal("There is no option. Write one on each line.", { line: 1, column: 1 });
  }
  return [...new Set(options)];
}

/** Null for text that is no JSON: its lines are the options then. */
function readJsonList(source: string): string[] | null {
  let list: unknown;
  try {
    list = JSON.parse(source);
  } catch {
    return null;
  }
  if (!Array.isArray(list)) return null;
  return list.map((option: unknown, i) => {
    if (typeof option === "string") return option;
    throw refusal(`Option ${i + 1} of the list is not a text. Put it in quotes.`, { pointer: `/${i}` });
  });
}

/** Exactly one of the options; the name of each in explanations is its text, its place where the source has it. */
export function compileChoices(source: string, arena: RegexArena, builder: GrammarBuilder): Expr {
  let searched = 0;
  return builder.choice(
    readChoices(source).map((option) => {
      const found = source.indexOf(option, searched);
      const place = found < 0 ? {} : { from: found, to: found + option.length };
      if (found >= 0) searched = found + option.length;
      checkEncodable(source, option, found);
      return builder.terminal(literal(arena, option), { name: option, ...place });
    }),
  );
}

function checkEncodable(source: string, option: string, found: number): void {
  if (!option.isWellFormed()) {
    throw refusal(
      "An option has half of a surrogate pair, which no text can have.",
      placeInText(source, Math.max(0, found)),
    );
  }
}
