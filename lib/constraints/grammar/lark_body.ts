// What stands behind the colon of a rule in Lark's notation.
import { LINES, NAME, SPACE } from "./lark_words.ts";
import { readCounts, readQuoted } from "./scanner.ts";
import type { Scanner } from "./scanner.ts";
import type { Part, Span } from "./tree.ts";

/** A pattern whose source begins at `at`. */
export function readPatternPart(pattern: string, flags: string, at: number, span: Span): Part {
  return { kind: "pattern", pattern, flags, at, ...span };
}

export class LarkBody {
  readonly #scanner: Scanner;
  #brackets = 0;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  /** Alternatives, over lines that begin with a bar. */
  readChoice(): Part {
    const scanner = this.#scanner;
    const from = scanner.at;
    this.#space();
    scanner.take("|");
    const of = [this.#readConjunction()];
    while (this.#takeBar()) of.push(this.#readConjunction());
    return of.length === 1 ? of[0]! : { kind: "choice", of, from, to: scanner.at };
  }

  #takeBar(): boolean {
    const from = this.#scanner.at;
    this.#scanner.match(LINES);
    if (this.#scanner.take("|")) return true;
    this.#scanner.at = from;
    return false;
  }

  #readConjunction(): Part {
    const scanner = this.#scanner;
    const from = scanner.at;
    const of = [this.#readSequence()];
    while (scanner.take("&")) of.push(this.#readSequence());
    if (scanner.take("->")) { // the name of a branch of Lark's tree: no matter here
      this.#space();
      if (scanner.match(NAME) === null) {
        throw scanner.refusal(`Behind "->" a name must stand, but ${scanner.found()}.`);
      }
      this.#space();
    }
    return of.length === 1 ? of[0]! : { kind: "and", of, from, to: scanner.at };
  }

  #readSequence(): Part {
    const scanner = this.#scanner;
    this.#space();
    const from = scanner.at;
    const of: Part[] = [];
    for (let part = this.#readPart(); part !== null; part = this.#readPart()) {
      of.push(part);
      this.#space();
    }
    return of.length === 1 ? of[0]! : { kind: "seq", of, from, to: scanner.at };
  }

  #readPart(): Part | null {
    const scanner = this.#scanner;
    const from = scanner.at;
    if (scanner.take("~")) {
      const of = this.#readPart();
      if (of === null) throw scanner.refusal(`Behind "~" a part must stand, but ${scanner.found()}.`);
      return { kind: "not", of, from, to: scanner.at };
    }
    let part = this.#readOne();
    for (let counts = part && this.#readRepeat(); part !== null && counts; counts = this.#readRepeat()) {
      part = { kind: "repeat", of: part, ...counts, from, to: scanner.at };
    }
    return part;
  }

  #readRepeat(): { readonly min: number; readonly max: number } | null {
    const scanner = this.#scanner;
    if (scanner.take("*")) return { min: 0, max: Infinity };
    if (scanner.take("+")) return { min: 1, max: Infinity };
    if (scanner.take("?")) return { min: 0, max: 1 };
    if (scanner.sees("{")) return readCounts(scanner);
    const from = scanner.at;
    const tilde = scanner.match(/[ \t]*~[ \t]*\d{1,7}(?:[ \t]*\.\.[ \t]*\d{1,7})?/y);
    if (tilde === null) return null;
    const [min, max = min] = tilde.match(/\d+/g)!.map(Number) as [number, number?];
    if (max < min) throw scanner.refusal(`At least ${min} and at most ${max} times can't be.`, from);
    return { min, max };
  }

  #readOne(): Part | null {
    const scanner = this.#scanner;
    const from = scanner.at;
    if (scanner.sees('"')) return this.#readQuoted();
    if (scanner.sees("/") && !scanner.sees("//")) return this.#readPattern();
    if (scanner.take("(")) return scanner.nested(() => this.#readGroup(")", from));
    if (scanner.take("[")) {
      const of = scanner.nested(() => this.#readGroup("]", from));
      return { kind: "repeat", of, min: 0, max: 1, from, to: scanner.at };
    }
    if (scanner.take("%json")) return this.#readSchema(from);
    if (scanner.sees("%")) throw scanner.refusal("Only %json {…} can stand within a rule.");
    if (scanner.sees("<")) throw scanner.refusal("Tokens by name or number are not supported in a grammar.");
    if (scanner.sees("@")) throw scanner.refusal("References to other grammars are not supported.");
    const name = scanner.match(NAME);
    if (name === null) return null;
    if (scanner.sees("{") || scanner.sees("::")) {
      if (!/\{\s*\d*\s*,?\s*\d*\s*\}/y.test(scanner.text.slice(scanner.at))) {
        throw scanner.refusal("Templates and parameters are not supported.");
      }
    }
    return { kind: "name", name, from, to: scanner.at };
  }

  #readGroup(close: string, from: number): Part {
    const scanner = this.#scanner;
    this.#brackets++;
    const part = this.readChoice();
    this.#brackets--;
    scanner.match(LINES);
    if (!scanner.take(close)) {
      throw scanner.refusal(`The bracket that begins here is not closed: ${scanner.found()}.`, from);
    }
    return part;
  }

  /** A text, or a range of characters "a".."z". */
  #readQuoted(): Part {
    const scanner = this.#scanner;
    const from = scanner.at;
    const text = this.#readText();
    const dots = scanner.match(/[ \t]*\.\.[ \t]*(?=")/y);
    if (dots === null) {
      const ignoreCase = scanner.match(/i(?![A-Za-z0-9_])/y) !== null;
      return { kind: "literal", text, ignoreCase, from, to: scanner.at };
    }
    const [[first, ...more], [last, ...others]] = [[...text], [...this.#readText()]];
    if (first === undefined || last === undefined || more.length + others.length > 0 || last < first) {
      throw scanner.refusal('A range is written "a".."z": one character to a higher one.', from);
    }
    return { kind: "set", ranges: [[first.codePointAt(0)!, last.codePointAt(0)!]], from, to: scanner.at };
  }

  #readText(): string {
    return readQuoted(this.#scanner, this.#scanner.at++, "\"\\'/");
  }

  #readPattern(): Part {
    const scanner = this.#scanner;
    const from = scanner.at;
    const source = scanner.match(/\/(?:[^\\/\n[]|\\[^\n]|\[(?:[^\\\]\n]|\\[^\n])*\])+\//y);
    if (source === null) throw scanner.refusal("The pattern that begins here is not closed.", from);
    const flags = scanner.match(/[a-z]*/y)!;
    const wrong = /[^isu]/.exec(flags)?.[0];
    if (wrong !== undefined) throw scanner.refusal(`The flag ${wrong} of a pattern is not supported.`, from);
    return readPatternPart(source.slice(1, -1), flags, from + 1, { from, to: scanner.at });
  }

  /** A JSON value: its end is where its brackets are closed. */
  #readSchema(from: number): Part {
    const scanner = this.#scanner;
    scanner.match(LINES);
    const start = scanner.at;
    let depth = 0;
    do {
      const piece = scanner.match(/"(?:[^"\\\n]|\\[^\n])*"|[{[\]}]|[^"{[\]}]+/y);
      if (piece === null) throw scanner.refusal("The schema behind %json is not closed.", from);
      if (piece === "{" || piece === "[") depth++;
      else if (piece === "}" || piece === "]") depth--;
      else if (depth === 0) throw scanner.refusal("Behind %json a schema in braces must stand.", start);
    } while (depth > 0);
    return { kind: "schema", schema: scanner.text.slice(start, scanner.at), from: start, to: scanner.at };
  }

  #space(): void {
    this.#scanner.match(this.#brackets > 0 ? LINES : SPACE);
  }
}
