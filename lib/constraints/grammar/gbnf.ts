// GBNF, the notation of llama.cpp: name ::= "text" [a-z] other-rule ( … ) | …, with * + ? {m,n}; the text begins with
// the rule root.
import type { CodePointRange } from "../ir/utf8.ts";
import { ALL_CODE_POINTS, invertRanges } from "../ir/utf8.ts";
import { readCharacter, readCounts, readQuoted, Scanner } from "./scanner.ts";
import type { Definition, GrammarTree, Part } from "./tree.ts";

const NAME = /[A-Za-z_][A-Za-z0-9_-]*/y;
const SPACE = /(?:[ \t\r]|#[^\n]*)*/y;
const LINES = /(?:\s|#[^\n]*)*/y;
const SIGNS = "\"\\[]-^'";

/** Throws refusals with line and column. */
export function parseGbnf(source: string): GrammarTree {
  const scanner = new Scanner(source);
  const definitions: Definition[] = [];
  scanner.match(LINES);
  while (!scanner.done) {
    definitions.push(readRule(scanner));
    scanner.match(LINES);
  }
  return { start: "root", definitions, ignored: [], sign: "::=" };
}

function readRule(scanner: Scanner): Definition {
  const from = scanner.at;
  const name = scanner.match(NAME);
  if (name === null) throw scanner.refusal(`A rule begins with its name, but ${scanner.found()}.`);
  scanner.match(SPACE);
  scanner.expect("::=", `Behind the rule's name ${name} "::=" must stand, but ${scanner.found()}.`);
  scanner.match(LINES);
  const body = readChoice(scanner, SPACE);
  scanner.match(SPACE);
  if (!scanner.done && !scanner.sees("\n")) {
    throw scanner.refusal(`The rule ${name} can't go on: ${scanner.found()}.`);
  }
  return { name, isTerminal: false, body, from, to: scanner.at };
}

/** Alternatives; `space` is what may stand between parts: within brackets, lines may end. */
function readChoice(scanner: Scanner, space: RegExp): Part {
  const from = scanner.at;
  const of = [readSequence(scanner, space)];
  while (takeBar(scanner)) {
    scanner.match(LINES);
    of.push(readSequence(scanner, space));
  }
  return of.length === 1 ? of[0]! : { kind: "choice", of, from, to: scanner.at };
}

/** A bar, also at the beginning of one of the next lines. */
function takeBar(scanner: Scanner): boolean {
  const from = scanner.at;
  scanner.match(LINES);
  if (scanner.take("|")) return true;
  scanner.at = from;
  return false;
}

function readSequence(scanner: Scanner, space: RegExp): Part {
  const from = scanner.at;
  const of: Part[] = [];
  for (let part = readPart(scanner); part !== null; part = readPart(scanner)) {
    of.push(part);
    scanner.match(space);
  }
  return of.length === 1 ? of[0]! : { kind: "seq", of, from, to: scanner.at };
}

function readPart(scanner: Scanner): Part | null {
  const from = scanner.at;
  let part = readOne(scanner);
  if (part === null) return null;
  for (;;) {
    const counts = readRepeat(scanner);
    if (counts === null) return part;
    part = { kind: "repeat", of: part, ...counts, from, to: scanner.at };
  }
}

function readRepeat(scanner: Scanner): { readonly min: number; readonly max: number } | null {
  if (scanner.take("*")) return { min: 0, max: Infinity };
  if (scanner.take("+")) return { min: 1, max: Infinity };
  if (scanner.take("?")) return { min: 0, max: 1 };
  return scanner.sees("{") ? readCounts(scanner) : null;
}

function readOne(scanner: Scanner): Part | null {
  const from = scanner.at;
  if (scanner.take('"')) {
    const text = readQuoted(scanner, from, SIGNS);
    return { kind: "literal", text, ignoreCase: false, from, to: scanner.at };
  }
  if (scanner.take("[")) return { kind: "set", ranges: readClass(scanner, from), from, to: scanner.at };
  if (scanner.take(".")) return { kind: "set", ranges: ALL_CODE_POINTS, from, to: scanner.at };
  if (scanner.take("(")) return scanner.nested(() => readGroup(scanner, from));
  if (scanner.sees("<")) throw scanner.refusal("Tokens by name or number are not supported in a grammar.");
  const name = scanner.match(NAME);
  if (name === null) return null;
  return { kind: "name", name, from, to: scanner.at };
}

function readGroup(scanner: Scanner, from: number): Part {
  scanner.match(LINES);
  if (scanner.sees("=") || scanner.sees("!")) {
    throw scanner.refusal("A look-ahead is not supported in a grammar.");
  }
  const part = readChoice(scanner, LINES);
  scanner.match(LINES);
  scanner.expect(")", `The bracket of line ${lineOf(scanner, from)} is not closed: ${scanner.found()}.`);
  return part;
}

function readClass(scanner: Scanner, from: number): readonly CodePointRange[] {
  const negated = scanner.take("^");
  const ranges: CodePointRange[] = [];
  const read = () => {
    if (scanner.done) throw scanner.refusal("The class that begins here is not closed.", from);
    return readCharacter(scanner, SIGNS).codePointAt(0)!;
  };
  while (!scanner.take("]")) {
    const start = scanner.at;
    const first = read();
    const isRange = scanner.sees("-") && scanner.text[scanner.at + 1] !== "]" && scanner.take("-");
    const last = isRange ? read() : first;
    if (last < first) throw scanner.refusal("This range runs backwards.", start);
    ranges.push([first, last]);
  }
  return negated ? invertRanges(ranges) : ranges;
}

function lineOf(scanner: Scanner, at: number): number {
  return scanner.text.slice(0, at).split("\n").length;
}
