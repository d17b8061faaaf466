// From a grammar's tree to the engine's form.
import type { Expr, GrammarBuilder, Rule } from "../ir/grammar.ts";
import { placeInText, refusal } from "../ir/refusal.ts";
import type { RegexArena } from "../ir/regex.ts";
import { codePoints } from "../ir/utf8.ts";
import { Terminals } from "./terminals.ts";
import type { Definition, GrammarTree, Part } from "./tree.ts";

export interface Building {
  readonly source: string;
  readonly arena: RegexArena;
  readonly builder: GrammarBuilder;
  /** What %json {…} stands for; `from` is the schema's offset in the source. */
  schema(schema: string, from: number): Expr;
}

/** The grammar's start. Throws refusals with line and column. */
export function buildGrammar(tree: GrammarTree, building: Building): Expr {
  return new Builder(tree, building).start();
}

class Builder {
  readonly #tree: GrammarTree;
  readonly #building: Building;
  readonly #definitions = new Map<string, Definition>();
  readonly #rules = new Map<string, Rule>();
  readonly #terminals: Terminals;
  readonly #named = new Map<string, Expr>();
  readonly #schemas = new Map<Part, Expr>();
  /** What may stand behind every piece of text. */
  #ignored: Expr;

  constructor(tree: GrammarTree, building: Building) {
    this.#tree = tree;
    this.#building = building;
    this.#ignored = building.builder.empty;
    for (const definition of tree.definitions) {
      if (this.#definitions.has(definition.name)) {
        throw this.#refusal(`The rule ${definition.name} is defined twice.`, definition.from);
      }
      this.#definitions.set(definition.name, definition);
    }
    this.#terminals = new Terminals(
      building.source,
      building.arena,
      this.#definitions,
      (part) => this.#unknown(part),
    );
  }

  start(): Expr {
    const { builder } = this.#building;
    const { start, sign, ignored, definitions } = this.#tree;
    if (!this.#definitions.has(start)) {
      const message = `The grammar has no rule ${start}. The text begins with it: add "${start} ${sign} …".`;
      throw refusal(message, { line: 1, column: 1 });
    }
    const skipped = ignored.map((part) => this.#terminals.regex(part));
    if (skipped.length > 0) {
      const origin = { name: "ignored text", from: ignored[0]!.from, to: ignored.at(-1)!.to };
      const one = builder.terminal(this.#building.arena.alt(skipped), origin);
      this.#ignored = builder.repeat(one, 0, Infinity);
    }
    for (const { body } of definitions) this.#readSchemas(body); // complete grammars, before there are rules to define
    for (const definition of definitions) {
      if (definition.isTerminal) this.#terminals.named(definition.name);
      else this.#rules.set(definition.name, builder.rule(originOf(definition)));
    }
    for (const { name, body, isTerminal } of definitions) {
      if (!isTerminal) builder.define(this.#rules.get(name)!, this.#expr(body));
    }
    return builder.seq([this.#ignored, this.#call(start)]);
  }

  #readSchemas(part: Part): void {
    if (part.kind === "schema") this.#schemas.set(part, this.#building.schema(part.schema, part.from));
    else if (part.kind === "repeat") this.#readSchemas(part.of);
    else if (part.kind === "seq" || part.kind === "choice") {
      for (const one of part.of) this.#readSchemas(one);
    }
  }

  #call(name: string): Expr {
    const rule = this.#rules.get(name);
    if (rule !== undefined) return this.#building.builder.call(rule);
    let terminal = this.#named.get(name);
    if (terminal === undefined) {
      const definition = this.#definitions.get(name)!;
      terminal = this.#building.builder.terminal(this.#terminals.named(name), originOf(definition));
      this.#named.set(name, terminal);
    }
    return this.#building.builder.seq([terminal, this.#ignored]);
  }

  #expr(part: Part): Expr {
    const { builder } = this.#building;
    switch (part.kind) {
      case "name":
        if (!this.#definitions.has(part.name)) throw this.#unknown(part);
        return this.#call(part.name);
      case "seq":
        return builder.seq(part.of.map((one) => this.#expr(one)));
      case "choice":
        return builder.choice(part.of.map((one) => this.#expr(one)));
      case "repeat":
        return builder.repeat(this.#expr(part.of), part.min, part.max);
      case "schema":
        return builder.seq([this.#schemas.get(part)!, this.#ignored]);
      case "set":
        return this.#terminal(part, codePoints(this.#building.arena, part.ranges));
      case "and":
      case "not":
        throw this.#refusal('"&" and "~" can only stand in terminals (in CAPITALS).', part.from);
      default:
        return this.#terminal(part, this.#terminals.regex(part));
    }
  }

  #terminal(part: Part, regex: Parameters<GrammarBuilder["terminal"]>[0]): Expr {
    const { builder, source } = this.#building;
    const origin = { name: source.slice(part.from, part.to), from: part.from, to: part.to };
    return builder.seq([builder.terminal(regex, origin), this.#ignored]);
  }

  #unknown(part: Extract<Part, { readonly kind: "name" }>): Error {
    const { name, from } = part;
    const message =
      `The rule "${name}" is not defined. Add "${name} ${this.#tree.sign} …" or put it in quotes.`;
    return this.#refusal(message, from);
  }

  #refusal(message: string, at: number): Error {
    return refusal(message, placeInText(this.#building.source, at));
  }
}

function originOf({ name, from, to }: Definition) {
  return { name, from, to };
}
