// What a value must satisfy, as a formula over schemas. Formulas are kept once for each structure and stay unopened
// until their turn comes, so that recursive schemas intersect and complement like any other.
import { keyOfJson } from "./json.ts";
import type { Json } from "./json.ts";
import type { SchemaNode } from "./document.ts";

interface Common {
  readonly id: number;
  /** The schema to show for it. */
  readonly pointer: string;
}

export type Goal =
  & Common
  & (
    | { readonly kind: "any" | "none" }
    | { readonly kind: "schema"; readonly node: SchemaNode }
    | { readonly kind: "constant"; readonly value: Json }
    | { readonly kind: "or"; readonly of: readonly Goal[] }
    /** `of` without repetition; `made` are the two goals it was first made of, whose shapes are likely known. */
    | { readonly kind: "and"; readonly of: readonly Goal[]; readonly made: readonly [Goal, Goal] }
    | { readonly kind: "not"; readonly of: Goal }
  );

type Shape = Goal extends infer G ? G extends Goal ? Omit<G, "id"> : never : never;

/** Makes and keeps the goals of one schema document. */
export class Goals {
  readonly any: Goal;
  readonly none: Goal;
  readonly #known = new Map<string, Goal>();

  constructor() {
    this.any = this.#intern("any", { kind: "any", pointer: "" });
    this.none = this.#intern("none", { kind: "none", pointer: "" });
  }

  schema(node: SchemaNode): Goal {
    if (typeof node.schema === "boolean") return node.schema ? this.any : this.none;
    if (node.schema.size === 0) return this.any;
    return this.#intern(`s${node.pointer}`, { kind: "schema", node, pointer: node.pointer });
  }

  /** Exactly this value; `pointer` says who asks for it. */
  constant(value: Json, pointer: string): Goal {
    return this.#intern(`c${keyOfJson(value)}`, { kind: "constant", value, pointer });
  }

  and(...parts: readonly Goal[]): Goal {
    return parts.reduce((a, b) => this.#both(a, b), this.any);
  }

  or(...parts: readonly Goal[]): Goal {
    const of = this.#distinct("or", parts, this.none, this.any);
    if (of.length < 2) return of[0] ?? this.none;
    return this.#intern(`|${keyOf(of)}`, { kind: "or", of, pointer: of[0]!.pointer });
  }

  not(goal: Goal): Goal {
    if (goal.kind === "any") return this.none;
    if (goal.kind === "none") return this.any;
    if (goal.kind === "not") return goal.of;
    if (goal.kind === "and") return this.or(...goal.of.map((part) => this.not(part)));
    if (goal.kind === "or") return this.and(...goal.of.map((part) => this.not(part)));
    return this.#intern(`!${goal.id}`, { kind: "not", of: goal, pointer: goal.pointer });
  }

  #both(a: Goal, b: Goal): Goal {
    const of = this.#distinct("and", [a, b], this.any, this.none);
    if (of.length < 2) return of[0] ?? this.any;
    return this.#intern(`&${keyOf(of)}`, { kind: "and", of, made: [a, b], pointer: of[0]!.pointer });
  }

  /** The parts of a conjunction or disjunction, flat and each once; only `decided` where they come to that. */
  #distinct(kind: "and" | "or", parts: readonly Goal[], neutral: Goal, decided: Goal): readonly Goal[] {
    const all = new Set<Goal>();
    for (const part of parts) {
      if (part === decided) return [decided];
      if (part.kind === kind) { for (const inner of part.of) all.add(inner); }
      else if (part !== neutral) all.add(part);
    }
    for (const part of all) if (part.kind === "not" && all.has(part.of)) return [decided];
    return [...all];
  }

  #intern(key: string, shape: Shape): Goal {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = { ...shape, id: this.#known.size } as Goal;
    this.#known.set(key, made);
    return made;
  }
}

function keyOf(goals: readonly Goal[]): string {
  return goals.map((goal) => goal.id).sort((a, b) => a - b).join(",");
}
