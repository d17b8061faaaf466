// The form that every constraint is compiled to: rules whose bodies are made of terminals (regular expressions over
// bytes) and calls of rules. There is no lexer and no longest match: the language is exactly that of the grammar.
// Bodies are kept once for each structure, as expressions are.
import type { Budget } from "./limits.ts";
import { refusal } from "./refusal.ts";
import type { Place } from "./refusal.ts";
import type { Regex } from "./regex.ts";

/** Where a part of a grammar comes from; for explanations, never for recognition. */
export interface Origin {
  /** In words, as it is shown: a rule's name, "a character of [a-z]", "string", "option 3". */
  readonly name: string;
  /** Offsets [from, to) in the source of a regex or grammar, in UTF-16 units. */
  readonly from?: number;
  readonly to?: number;
  /** JSON pointer into the schema that asks for it. */
  readonly pointer?: string;
}

/** A body, or a part of one. Made by a GrammarBuilder. */
export type Expr =
  & { readonly id: number }
  & (
    | { readonly kind: "empty" }
    | { readonly kind: "terminal"; readonly regex: Regex; readonly origin: Origin }
    | { readonly kind: "call"; readonly rule: Rule }
    | { readonly kind: "seq"; readonly first: Expr; readonly rest: Expr }
    | { readonly kind: "choice"; readonly of: readonly Expr[] }
    | { readonly kind: "repeat"; readonly of: Expr; readonly min: number; readonly max: number }
    | { readonly kind: "members"; readonly list: MemberList; readonly taken: bigint; readonly count: number }
  );

/**
 * The members of an object and its end: each item at most once, required ones exactly once, others as often as wanted,
 * between `min` and `max` together, with separators between them. What is left is in the expression: `taken` has a bit
 * for each item that cannot come any more, `count` says how many members there were (no further than it matters).
 * members.ts unfolds it step by step, so that any order of many items costs nothing before it is written.
 */
export interface MemberList {
  readonly items: readonly { readonly expr: Expr; readonly required: boolean }[];
  /** `nothing` where there are no others. */
  readonly others: Expr;
  /** Items, others, separator and end are never empty. */
  readonly separator: Expr;
  readonly end: Expr;
  /** Items come in their order, others behind them; else all in any order. */
  readonly ordered: boolean;
  readonly min: number;
  readonly max: number;
}

/** A rule's name; its body is in the grammar. */
export interface Rule {
  readonly id: number;
  readonly origin: Origin;
}

export interface Grammar {
  readonly start: Expr;
  /** Rules by their ids. */
  readonly rules: readonly Rule[];
  /** Body of each rule, by the rule's id. */
  readonly bodies: readonly Expr[];
}

type Shape = Expr extends infer E ? E extends Expr ? Omit<E, "id"> : never : never;

/** Makes and keeps the bodies of one grammar. */
export class GrammarBuilder {
  /** The empty text. */
  readonly empty: Expr;
  /** No text at all. */
  readonly nothing: Expr;
  readonly #budget: Budget;
  readonly #known = new Map<string, Expr>();
  readonly #origins = new Map<Origin, number>();
  readonly #lists = new Map<MemberList, number>();
  readonly #rules: Rule[] = [];
  readonly #bodies: (Expr | undefined)[] = [];

  constructor(budget: Budget) {
    this.#budget = budget;
    this.empty = this.#intern("e", { kind: "empty" });
    this.nothing = this.choice([]);
  }

  /** A piece of text that `regex` describes. The origin's object is its identity: use one object for one place. */
  terminal(regex: Regex, origin: Origin): Expr {
    let place = this.#origins.get(origin);
    if (place === undefined) this.#origins.set(origin, place = this.#origins.size);
    return this.#intern(`t${regex.id},${place}`, { kind: "terminal", regex, origin });
  }

  seq(parts: readonly Expr[]): Expr {
    let joined = parts.at(-1) ?? this.empty;
    for (let i = parts.length - 2; i >= 0; i--) {
      for (const piece of piecesOf(parts[i]!).reverse()) joined = this.#pair(piece, joined);
    }
    return joined;
  }

  /** Any of them; none: `nothing`. */
  choice(parts: readonly Expr[]): Expr {
    const flat = new Set(parts.flatMap((part) => part.kind === "choice" ? part.of : [part]));
    const [only] = flat;
    if (flat.size === 1) return only!;
    const of = [...flat];
    return this.#intern(`|${of.map((part) => part.id).join(",")}`, { kind: "choice", of });
  }

  optional(part: Expr): Expr {
    return this.choice([part, this.empty]);
  }

  /** Between `min` and `max` (Infinity: any number) times; counts are kept as numbers, so large ones cost nothing. */
  repeat(of: Expr, min: number, max: number): Expr {
    if (max === 0 || of === this.empty) return this.empty;
    if (min === 1 && max === 1) return of;
    if (of === this.nothing) return min === 0 ? this.empty : this.nothing;
    return this.#intern(`${of.id}{${min},${max}`, { kind: "repeat", of, min, max });
  }

  /** What is left of a list of members; by default all of it. */
  members(list: MemberList, taken = 0n, count = 0): Expr {
    let place = this.#lists.get(list);
    if (place === undefined) this.#lists.set(list, place = this.#lists.size);
    return this.#intern(`m${place},${taken.toString(36)},${count}`, { kind: "members", list, taken, count });
  }

  /** A new rule, to be defined once; it can be called before. */
  rule(origin: Origin): Rule {
    const rule = { id: this.#rules.length, origin };
    this.#rules.push(rule);
    this.#bodies.push(undefined);
    return rule;
  }

  define(rule: Rule, body: Expr): void {
    this.#bodies[rule.id] = body;
  }

  call(rule: Rule): Expr {
    return this.#intern(`r${rule.id}`, { kind: "call", rule });
  }

  /** The grammar of everything defined so far. Throws a refusal where a rule has no body. */
  finish(start: Expr): Grammar {
    const bodies = this.#bodies.map((body, id) => body ?? throwMissing(this.#rules[id]!));
    return { start, rules: [...this.#rules], bodies };
  }

  #pair(first: Expr, rest: Expr): Expr {
    if (first === this.empty) return rest;
    if (rest === this.empty) return first;
    if (first === this.nothing || rest === this.nothing) return this.nothing;
    return this.#intern(`.${first.id},${rest.id}`, { kind: "seq", first, rest });
  }

  #intern(key: string, shape: Shape): Expr {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#budget.spend("expressions");
    const made = { ...shape, id: this.#known.size } as Expr;
    this.#known.set(key, made);
    return made;
  }
}

function throwMissing({ origin }: Rule): never {
  const place: Place = origin.pointer === undefined ? {} : { pointer: origin.pointer };
  throw refusal(`The rule ${origin.name} is used but not defined.`, place);
}

/** The parts of a sequence, in order; anything else is its only part. */
export function piecesOf(expr: Expr): Expr[] {
  const pieces: Expr[] = [];
  let rest = expr;
  while (rest.kind === "seq") {
    pieces.push(rest.first);
    rest = rest.rest;
  }
  pieces.push(rest);
  return pieces;
}
