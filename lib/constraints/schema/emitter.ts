// Hands out the grammar of goals: a terminal for scalars, the call of a rule for everything with parts. The bodies of
// the rules are made in emit.ts, one after the other, so that nesting costs no stack.
import type { Expr, GrammarBuilder, Origin, Rule } from "../ir/grammar.ts";
import type { Budget } from "../ir/limits.ts";
import { refusal } from "../ir/refusal.ts";
import type { Regex, RegexArena } from "../ir/regex.ts";
import { literal } from "../ir/utf8.ts";
import type { Goal } from "./goals.ts";
import { createLayout } from "./layout.ts";
import type { Layout, PropertyOrder, SchemaSettings } from "./layout.ts";
import type { Shape } from "./shape.ts";
import type { Shapes } from "./shapes.ts";

/** The core's part of one constraint. */
export interface Core {
  readonly arena: RegexArena;
  readonly builder: GrammarBuilder;
  readonly budget: Budget;
}

/** Parts of one array or object beyond this are refused. */
const MAX_STATES = 20_000;

export class Emitter {
  readonly core: Core;
  readonly layout: Layout;
  readonly propertyOrder: PropertyOrder;
  readonly shapes: Shapes;
  readonly #rules = new Map<Goal, Rule>();
  readonly #scalars = new Map<Goal, Expr>();
  readonly #origins = new Map<string, Origin>();
  readonly #quote: Regex;
  #states = 0;

  constructor(core: Core, settings: SchemaSettings, shapes: Shapes) {
    this.core = core;
    this.layout = createLayout(core.arena, settings.whitespace);
    this.propertyOrder = settings.propertyOrder;
    this.shapes = shapes;
    this.#quote = literal(core.arena, '"');
  }

  /** Every rule made so far with its goal; grows while bodies ask for values. */
  get rules(): ReadonlyMap<Goal, Rule> {
    return this.#rules;
  }

  /** The text of a value. */
  value(goal: Goal): Expr {
    const known = this.#scalars.get(goal);
    if (known !== undefined) return known;
    const rule = this.#rules.get(goal);
    if (rule !== undefined) return this.core.builder.call(rule);
    const shape = this.shapes.shapeOf(goal);
    if (shape.arrays.length === 0 && shape.objects.length === 0) {
      const scalar = this.scalar(goal, shape);
      this.#scalars.set(goal, scalar);
      return scalar;
    }
    const made = this.core.builder.rule(this.origin(describeTypes(shape), goal.pointer));
    this.#rules.set(goal, made);
    return this.core.builder.call(made);
  }

  /** The same object for the same place, as terminals ask for. */
  origin(name: string, pointer: string): Origin {
    const key = `${pointer} ${name}`;
    let origin = this.#origins.get(key);
    if (origin === undefined) this.#origins.set(key, origin = { name, pointer });
    return origin;
  }

  terminal(regex: Regex, name: string, pointer: string): Expr {
    return regex === this.core.arena.empty
      ? this.core.builder.empty
      : this.core.builder.terminal(regex, this.origin(name, pointer));
  }

  quoted(content: Regex): Regex {
    return this.core.arena.concat([this.#quote, content, this.#quote]);
  }

  /** Counts states of an array or object that is being emitted. Throws a refusal beyond the limit. */
  spendStates(count: number, pointer: string): void {
    this.#states += count;
    if (this.#states <= MAX_STATES) return;
    throw refusal(`Counting at "${pointer}" needs more than ${MAX_STATES} states. Ask for less.`, {
      pointer,
    });
  }

  /** The part of a goal that has no parts itself. */
  scalar(goal: Goal, shape: Shape): Expr {
    const { arena, builder } = this.core;
    const regex = arena.alt([
      ...shape.null ? [literal(arena, "null")] : [],
      ...shape.true ? [literal(arena, "true")] : [],
      ...shape.false ? [literal(arena, "false")] : [],
      shape.numbers.language,
      this.quoted(shape.strings),
    ]);
    if (regex === arena.nothing) return builder.nothing;
    return builder.terminal(
      regex,
      this.origin(describeTypes({ ...shape, arrays: [], objects: [] }), goal.pointer),
    );
  }
}

/** The types that are left: "string or null". */
function describeTypes(shape: Shape): string {
  const nothing = (regex: Regex) => regex.kind === "class" && regex.set.every((word) => word === 0);
  const words = [
    ...nothing(shape.strings) ? [] : ["string"],
    ...nothing(shape.numbers.language) ? [] : ["number"],
    ...shape.objects.length === 0 ? [] : ["object"],
    ...shape.arrays.length === 0 ? [] : ["array"],
    ...shape.true ? ["true"] : [],
    ...shape.false ? ["false"] : [],
    ...shape.null ? ["null"] : [],
  ];
  return words.length === 0 ? "nothing" : words.join(" or ");
}
