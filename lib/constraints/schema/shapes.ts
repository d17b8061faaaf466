// Opens goals: the shape of each, computed when it is asked for and kept.
import { placeRefusal } from "./at.ts";
import type { Budget } from "../ir/limits.ts";
import { refusal } from "../ir/refusal.ts";
import { complement, intersect, unite } from "./boolean.ts";
import { COMBINING } from "./combine.ts";
import { arraysOf, objectsOf } from "./composites.ts";
import type { Reader } from "./reader.ts";
import { shapeOfConstants } from "./constants.ts";
import { extendPointer } from "./document.ts";
import type { SchemaDocument, SchemaNode } from "./document.ts";
import { Goals } from "./goals.ts";
import type { Goal } from "./goals.ts";
import type { Json, JsonObject } from "./json.ts";
import { textOf } from "./read.ts";
import { numbersOf, readStrings, shapeOfTypes } from "./scalars.ts";
import { isNone } from "./shape.ts";
import type { Shape, Universe } from "./shape.ts";
import { checkUnevaluated } from "./unevaluated.ts";
import { ANNOTATIONS, BASIC } from "./vocabulary.ts";

/** Schemas inside each other at one place of the document (allOf in anyOf in …), or looked through for emptiness. */
const MAX_NESTED = 300;
const MAX_LOOKED_THROUGH = 40;

/** Thrown where the emptiness of a goal depends on a goal that is being opened; only `isEmpty` sees it. */
const NOT_YET_KNOWN = new Error("not yet known");

export interface Note {
  readonly pointer: string;
  readonly message: string;
}

export class Shapes implements Reader {
  readonly document: SchemaDocument;
  readonly goals: Goals;
  readonly universe: Universe;
  readonly budget: Budget;
  readonly #notes = new Map<string, Note>();
  readonly #shapes = new Map<Goal, Shape>();
  readonly #empty = new Map<Goal, boolean>();
  /** Goals that are being opened → how many emptiness questions deep. */
  readonly #opening = new Map<Goal, number>();
  #questions = 0;

  constructor(document: SchemaDocument, goals: Goals, universe: Universe, budget: Budget) {
    this.document = document;
    this.goals = goals;
    this.universe = universe;
    this.budget = budget;
  }

  /** What the user should know of the schemas opened so far. */
  get notes(): readonly Note[] {
    return [...this.#notes.values()];
  }

  readonly goalAt = (node: SchemaNode, value: Json, ...steps: readonly (string | number)[]): Goal => {
    return this.goalOf(this.document.node(extendPointer(node.pointer, ...steps), value));
  };

  /** The goal of a schema; a schema that is a reference and nothing else is its target. */
  readonly goalOf = (node: SchemaNode): Goal => {
    const seen = new Set<SchemaNode>();
    let target = node;
    while (isOnlyReference(target.schema)) {
      if (seen.has(target)) throw cyclicError(node.pointer);
      seen.add(target);
      target = this.document.resolve(textOf(target, "$ref")!, target, "$ref");
    }
    return this.goals.schema(target);
  };

  /** Throws a refusal for what cannot be decided, and where a schema asks for itself at the same place. */
  readonly shapeOf = (goal: Goal): Shape => {
    const known = this.#shapes.get(goal);
    if (known !== undefined) return known;
    const shape = this.#opened(goal, this.universe.any);
    this.#shapes.set(goal, shape);
    return shape;
  };

  readonly within = (goal: Goal, context: Shape): Shape => {
    if (context === this.universe.any) return this.shapeOf(goal);
    if (goal.kind === "any") return context;
    const known = this.#shapes.get(goal);
    return known === undefined || known.arrays.length + known.objects.length > 1
      ? this.#opened(goal, context)
      : intersect(this, context, known, goal.pointer);
  };

  #opened(goal: Goal, context: Shape): Shape {
    const depth = this.#opening.get(goal);
    if (depth === this.#questions) throw cyclicError(goal.pointer);
    if (depth !== undefined) throw NOT_YET_KNOWN;
    if (this.#opening.size > MAX_NESTED) {
      throw refusal(`Schemas are nested more than ${MAX_NESTED} deep at one place.`, {
        pointer: goal.pointer,
      });
    }
    this.#opening.set(goal, this.#questions);
    try {
      return placeRefusal(goal.pointer, () => this.#open(goal, context));
    } finally {
      this.#opening.delete(goal);
    }
  }

  readonly isEmpty = (goal: Goal): boolean => {
    if (goal.kind === "none") return true;
    if (goal.kind === "any" || goal.kind === "schema" || goal.kind === "constant") return false;
    const known = this.#empty.get(goal);
    if (known !== undefined) return known;
    if (this.#questions >= MAX_LOOKED_THROUGH) return false;
    const empty = this.#ask(goal);
    this.#empty.set(goal, empty);
    return empty;
  };

  #ask(goal: Goal): boolean {
    this.#questions++;
    try {
      return isNone(this.universe, this.shapeOf(goal));
    } catch (error) {
      if (error === NOT_YET_KNOWN) return false;
      throw error;
    } finally {
      this.#questions--;
    }
  }

  #open(goal: Goal, context: Shape): Shape {
    switch (goal.kind) {
      case "any":
        return context;
      case "none":
        return this.universe.none;
      case "constant":
        return intersect(this, context, shapeOfConstants(this, [goal.value], goal.pointer), goal.pointer);
      case "and":
        return context === this.universe.any
          ? this.within(goal.made[1], this.shapeOf(goal.made[0]))
          : goal.of.reduce((left, part) => this.within(part, left), context);
      case "or":
        return unite(this, goal.of.map((part) => this.within(part, context)), goal.pointer);
      case "not":
        return intersect(this, context, complement(this, this.shapeOf(goal.of), goal.pointer), goal.pointer);
      case "schema":
        return this.#openSchema(goal.node, context);
    }
  }

  /** Own conditions first, then those of other schemas that always hold, then those with alternatives: each sees what
   * the ones before it left. */
  #openSchema(node: SchemaNode, context: Shape): Shape {
    const names = [...(node.schema as JsonObject).keys()];
    let shape = context;
    if (names.some((name) => BASIC.has(name))) {
      shape = intersect(this, shape, this.#openBasic(node), node.pointer);
    }
    const rank = (name: string) =>
      name === "$ref" || name === "allOf" || name === "const" || name === "enum" ? 0 : 1;
    for (const name of names.toSorted((a, b) => rank(a) - rank(b))) {
      shape = this.#openCombining(node, name, shape);
    }
    return shape;
  }

  #openCombining(node: SchemaNode, name: string, context: Shape): Shape {
    const combine = COMBINING.get(name);
    if (combine !== undefined) return combine(this, node, name, context);
    if (name === "unevaluatedProperties" || name === "unevaluatedItems") {
      return intersect(this, context, checkUnevaluated(this, node, name), extendPointer(node.pointer, name));
    }
    if (!BASIC.has(name) && !ANNOTATIONS.has(name) && !name.startsWith("x-")) {
      this.#note(
        `"${name}" is no keyword of JSON Schema and is not held.`,
        extendPointer(node.pointer, name),
      );
    }
    return context;
  }

  #openBasic(node: SchemaNode): Shape {
    const types = shapeOfTypes(this, node);
    return {
      ...types,
      numbers: numbersOf(this, node, types.numbers),
      strings: types.strings === this.universe.strings.any
        ? readStrings(this, node, this.#note)
        : types.strings,
      arrays: types.arrays.length > 0 ? arraysOf(this, node) : [],
      objects: types.objects.length > 0 ? objectsOf(this, node) : [],
    };
  }

  readonly #note = (message: string, pointer: string): void => {
    this.#notes.set(pointer, { pointer, message });
  };
}

function isOnlyReference(schema: boolean | JsonObject): boolean {
  if (typeof schema === "boolean" || !schema.has("$ref")) return false;
  return [...schema.keys()].every((name) =>
    name === "$ref" || ANNOTATIONS.has(name) || name.startsWith("x-")
  );
}

function cyclicError(pointer: string): Error {
  return refusal("The schema asks for itself at the same place, without an array or object between.", {
    pointer,
  });
}
