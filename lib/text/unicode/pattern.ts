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

/** One of them. */
export interface Section {
  readonly end: number;
  readonly matched: boolean;
}

/** All sections of a text; see {@link eachSection}. */
export function findSections(text: string, pattern: RegExp): Sections {
  const ends: number[] = [];
  const matched: boolean[] = [];
  for (const section of eachSection(text, pattern)) {
    ends.push(section.end);
    matched.push(section.matched);
  }
  return { ends, matched };
}

/** Cuts a text as the reference does (`onig::Regex::find_iter`): an empty match where the last one ended is none,
 * and an empty text has no match. */
export function* eachSection(text: string, pattern: RegExp): Generator<Section, void, void> {
  if (text === "") return yield { end: 0, matched: false };
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
    if (done !== found.index) yield { end: found.index, matched: false };
    yield { end, matched: true };
    done = from = lastMatch = end;
  }
  if (done !== text.length) yield { end: text.length, matched: false };
}
