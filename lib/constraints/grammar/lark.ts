// Lark's notation, as llguidance documents it: rules in small letters, TERMINALS in capitals (with & and ~ for
// intersection and complement), %ignore, %import common.NAME, %json {…}; the text begins with the rule start.
import { findOwn } from "../../basics/find_own.ts";
import { COMMON_TERMINALS } from "./common_terminals.ts";
import { LarkBody, readPatternPart } from "./lark_body.ts";
import { LINES, NAME, SPACE } from "./lark_words.ts";
import { Scanner } from "./scanner.ts";
import type { Definition, GrammarTree, Part } from "./tree.ts";

/** Throws refusals with line and column. */
export function parseLark(source: string): GrammarTree {
  const scanner = new Scanner(source);
  const body = new LarkBody(scanner);
  const definitions: Definition[] = [];
  const ignored: Part[] = [];
  scanner.match(LINES);
  while (!scanner.done) {
    if (scanner.take("%")) readDirective(scanner, body, definitions, ignored);
    else definitions.push(readDefinition(scanner, body));
    scanner.match(SPACE);
    if (!scanner.done && !scanner.sees("\n")) throw scanner.refusal(`This can't go on: ${scanner.found()}.`);
    scanner.match(LINES);
  }
  return { start: "start", definitions, ignored, sign: ":" };
}

function readDefinition(scanner: Scanner, body: LarkBody): Definition {
  const from = scanner.at;
  scanner.match(/[?!]{0,2}/y); // how Lark shapes its trees: no matter here
  const name = scanner.match(NAME);
  if (name === null) throw scanner.refusal(`A rule begins with its name, but ${scanner.found()}.`);
  for (
    const [sign, what] of [["[", "Attributes"], [".", "Priorities"], ["{", "Templates"], ["::", "Parameters"]]
  ) {
    if (scanner.sees(sign!)) throw scanner.refusal(`${what} of a rule are not supported.`);
  }
  scanner.match(SPACE);
  scanner.expect(":", `Behind the rule's name ${name} ":" must stand, but ${scanner.found()}.`);
  return { name, isTerminal: isTerminalName(name), body: body.readChoice(), from, to: scanner.at };
}

function isTerminalName(name: string): boolean {
  return name === name.toUpperCase();
}

function readDirective(scanner: Scanner, body: LarkBody, definitions: Definition[], ignored: Part[]): void {
  const from = scanner.at - 1;
  const directive = scanner.match(NAME);
  scanner.match(SPACE);
  if (directive === "ignore") ignored.push(body.readChoice());
  else if (directive === "import") definitions.push(...readImport(scanner));
  else if (directive === "llguidance") {
    scanner.match(/\{\s*\}/y) ?? fail(scanner, "Options of llguidance are not supported: leave {} empty.");
  } else throw scanner.refusal(`The directive %${directive ?? ""} is not supported.`, from);
}

/** `common.NAME`, `common.NAME -> OTHER` or `common (NAME, NAME)`. */
function readImport(scanner: Scanner): Definition[] {
  scanner.match(/common\b/y) ?? fail(scanner, 'Only terminals of "common" can be imported.');
  if (scanner.take(".")) {
    const from = scanner.at;
    const name = scanner.match(NAME) ?? "";
    scanner.match(SPACE);
    if (!scanner.take("->")) return [importTerminal(scanner, name, name, from)];
    scanner.match(SPACE);
    const other = scanner.match(NAME) ??
      fail(scanner, `Behind "->" a name must stand, but ${scanner.found()}.`);
    return [importTerminal(scanner, name, other, from)];
  }
  scanner.match(SPACE);
  scanner.expect("(", `Write "common.NAME" or "common (NAME, NAME)", but ${scanner.found()}.`);
  const all: Definition[] = [];
  do {
    scanner.match(LINES);
    const from = scanner.at;
    const name = scanner.match(NAME) ?? "";
    all.push(importTerminal(scanner, name, name, from));
    scanner.match(LINES);
  } while (scanner.take(","));
  scanner.expect(")", `The list of imports is not closed: ${scanner.found()}.`);
  return all;
}

function importTerminal(scanner: Scanner, name: string, as: string, from: number): Definition {
  const pattern = findOwn(COMMON_TERMINALS, name) ?? null;
  if (pattern === null) throw scanner.refusal(`The module "common" has no terminal ${name || "here"}.`, from);
  const span = { from, to: from + name.length };
  return { name: as, isTerminal: true, body: readPatternPart(pattern, "", from, span), ...span };
}

function fail(scanner: Scanner, message: string): never {
  throw scanner.refusal(message);
}
