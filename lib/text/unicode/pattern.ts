// Patterns of tokenizer.json. The reference compiles them with Oniguruma; oniguruma-to-es translates its syntax.
import { toRegExp } from "oniguruma-to-es";
import { isRecord } from "../../basics/is_record.ts";
import { messageOf } from "../../basics/message_of.ts";
import { type Component, fileError, unsupportedError } from "../file/component.ts";
import { keepCaseOfProperties } from "./ignored_case.ts";
import { startOfLastCharacter } from "./last_character.ts";
import { leadingClassOf } from "./leading_run.ts";
import { spellOutWords } from "./word_characters.ts";

/** A text cut into what a pattern matches and what lies between, in order and without gaps. */
export interface Sections {
  /** Where each section ends, in UTF-16 units; it begins where the one before ends. */
  readonly ends: number[];
  readonly matched: boolean[];
}

/** Reads the option `pattern`: `{"String": …}` is a text, `{"Regex": …}` an expression in Oniguruma's syntax. Throws
 * a fault for anything else. */
export function patternOption(component: Component): RegExp {
  const { pattern } = component;
  if (isRecord(pattern) && Object.keys(pattern).length === 1) {
    if (typeof pattern.String === "string") return literalPattern(pattern.String);
    if (typeof pattern.Regex === "string") return compilePattern(pattern.Regex);
  }
  throw fileError("tokenizer.json", `its ${component.type} needs "pattern", a String or a Regex`);
}

/** A global RegExp that matches exactly this text. */
export function literalPattern(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "gu");
}

function compilePattern(source: string): RegExp {
  try {
    return toRegExp(keepCaseOfProperties(spellOutWords(source)), { global: true, accuracy: "strict" });
  } catch (error) {
    throw unsupportedError(`the pattern ${JSON.stringify(source)} (${messageOf(error)})`);
  }
}

/** All sections of a text; see {@link createSectionReader}. */
export function findSections(text: string, pattern: RegExp): Sections {
  const ends: number[] = [];
  const matched: boolean[] = [];
  const sections = createSectionReader(pattern);
  sections.begin(text);
  while (sections.next()) {
    ends.push(sections.end);
    matched.push(sections.matched);
  }
  return { ends, matched };
}

/** One section of a text after the other. */
export interface SectionReader {
  /** Of the section that was read last. */
  readonly end: number;
  readonly matched: boolean;
  begin(text: string): void;
  /** False where there is none left. */
  next(): boolean;
}

/** Cuts texts as the reference does (`onig::Regex::find_iter`): an empty match where the last one ended is none, and an
 * empty text has no match. */
export function createSectionReader(pattern: RegExp): SectionReader {
  const finder = createFinder(pattern);
  let text = "";
  let from = 0; // where the next match is looked for
  let lastMatch = -1; // where the last one ended
  let found = false; // a match that is not read yet, behind what lies before it
  const reader = {
    end: 0,
    matched: false,
    begin(given: string) {
      text = given;
      from = reader.end = 0;
      lastMatch = -1;
      found = false;
    },
    next(): boolean {
      if (!found && text !== "" && from <= text.length) found = findNext();
      const start = found ? finder.start : text.length;
      reader.matched = found && start === reader.end;
      if (!reader.matched) {
        if (start === reader.end) return false;
        reader.end = start;
        return true;
      }
      found = false;
      reader.end = from = lastMatch = finder.end;
      return true;
    },
  };
  const findNext = (): boolean => {
    while (from <= text.length && finder.find(text, from)) {
      if (finder.end > finder.start || finder.end !== lastMatch) return true;
      from += (text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1;
    }
    from = text.length + 1;
    return false;
  };
  return reader;
}

/** Where the first match from a place on begins and ends. */
interface Finder {
  readonly start: number;
  readonly end: number;
  find(text: string, from: number): boolean;
}

function createFinder(pattern: RegExp): Finder {
  if (Object.getPrototypeOf(pattern) !== RegExp.prototype) return createPlainFinder(pattern, null); // a subclass
  const there = new RegExp(pattern, pattern.flags.replace("g", "y"));
  const leading = leadingClassOf(pattern.source);
  return leading === null ? createPlainFinder(pattern, there) : createRunFinder(there, leading);
}

/** Most patterns match again where the last match ended: asking `there`, for that place alone, makes no array of what
 * was found. */
function createPlainFinder(pattern: RegExp, there: RegExp | null): Finder {
  let follows = true; // the last match followed the one before
  const finder = {
    start: 0,
    end: 0,
    find(text: string, from: number): boolean {
      if (there !== null && follows) {
        there.lastIndex = from;
        if (there.test(text)) {
          finder.start = from;
          finder.end = there.lastIndex;
          return true;
        }
      }
      pattern.lastIndex = from;
      const found = pattern.exec(text);
      if (found === null) return false;
      finder.start = found.index;
      finder.end = found.index + found[0].length;
      follows = finder.start === from;
      return true;
    },
  };
  return finder;
}

/** A pattern that begins with a run of the class `leading` is looked for once in each run. */
function createRunFinder(there: RegExp, leading: string): Finder {
  const flags = there.flags.replace("y", "");
  const [one, run] = [new RegExp(leading, `${flags}g`), new RegExp(`${leading}+`, `${flags}y`)];
  const finder = {
    start: 0,
    end: 0,
    find(text: string, from: number): boolean {
      for (one.lastIndex = from; one.test(text);) {
        finder.start = startOfLastCharacter(text, one.lastIndex);
        there.lastIndex = run.lastIndex = finder.start;
        if (there.test(text)) {
          finder.end = there.lastIndex;
          return true;
        }
        run.test(text);
        one.lastIndex = run.lastIndex;
      }
      return false;
    },
  };
  return finder;
}
