// Patterns of tokenizer.json. The reference compiles them with Oniguruma; oniguruma-to-es translates its syntax.
import { toRegExp } from "oniguruma-to-es";
import { isRecord } from "../../basics/is_record.ts";
import { messageOf } from "../../basics/message_of.ts";
import { type Component, unsupportedError, unusable } from "../file/component.ts";
import { keepCaseOfProperties } from "./ignored_case.ts";
import { spellOutWords } from "./word_characters.ts";

/** A text cut into what a pattern matches and what lies between, in order and without gaps. */
export interface Sections {
  /** Where each section ends, in UTF-16 units; it begins where the one before ends. */
  readonly ends: number[];
  readonly matched: boolean[];
}

/** Reads the option `pattern`: `{"String": …}` is a text, `{"Regex": …}` an expression in Oniguruma's syntax. */
export function patternOption(component: Component): RegExp {
  const { pattern } = component;
  if (isRecord(pattern) && Object.keys(pattern).length === 1) {
    if (typeof pattern.String === "string") return literalPattern(pattern.String);
    if (typeof pattern.Regex === "string") return regexPattern(pattern.Regex);
  }
  throw unusable("tokenizer.json", `its ${component.type} needs "pattern", a String or a Regex`);
}

/** A global RegExp that matches exactly this text. */
export function literalPattern(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "gu");
}

function regexPattern(source: string): RegExp {
  try {
    return toRegExp(keepCaseOfProperties(spellOutWords(source)), { global: true, accuracy: "strict" });
  } catch (error) {
    throw unsupportedError(`the pattern ${JSON.stringify(source)} (${messageOf(error)})`);
  }
}

/** Cuts a text as the reference does (`onig::Regex::find_iter`): an empty match where the last one ended is none,
 * and an empty text has no match. */
export function findSections(text: string, pattern: RegExp): Sections {
  if (text === "") return { ends: [0], matched: [false] };
  const ends: number[] = [];
  const matched: boolean[] = [];
  const push = (end: number, isMatch: boolean) => {
    ends.push(end);
    matched.push(isMatch);
  };
  let done = 0;
  let lastMatch = -1;
  for (let from = 0; from <= text.length;) {
    pattern.lastIndex = from;
    const found = pattern.exec(text);
    if (found === null) break;
    const end = found.index + found[0].length;
    if (found[0] === "" && end === lastMatch) {
      from += (text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1;
      continue;
    }
    if (done !== found.index) push(found.index, false);
    push(end, true);
    done = from = lastMatch = end;
  }
  if (done !== text.length) push(text.length, false);
  return { ends, matched };
}
