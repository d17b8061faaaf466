// What the keywords' readers need.
import type { Algebra } from "./algebra.ts";
import type { SchemaDocument, SchemaNode } from "./document.ts";
import type { Goal } from "./goals.ts";
import type { Json } from "./json.ts";
import type { Shape } from "./shape.ts";

/** What opens schemas and their parts. */
export interface Reader extends Algebra {
  readonly document: SchemaDocument;
  readonly goalOf: (node: SchemaNode) => Goal;
  /** The goal of the schema at a keyword (or a place in it). */
  readonly goalAt: (node: SchemaNode, value: Json, ...steps: readonly (string | number)[]) => Goal;
  readonly shapeOf: (goal: Goal) => Shape;
  /** What the goal leaves of a shape. */
  readonly within: (goal: Goal, context: Shape) => Shape;
}
