// A JSON schema as a grammar of the JSON texts that it allows.
import type { Expr } from "../ir/grammar.ts";
import { refusal } from "../ir/refusal.ts";
import { findImpossibleSchema } from "./blame.ts";
import { SchemaDocument } from "./document.ts";
import { emitGoal } from "./emit.ts";
import { Emitter } from "./emitter.ts";
import type { Core } from "./emitter.ts";
import { Goals } from "./goals.ts";
import { parseJson } from "./json.ts";
import type { SchemaSettings } from "./layout.ts";
import { createNumerals } from "./numerals.ts";
import { findImpossible } from "./productive.ts";
import { createUniverse } from "./shape.ts";
import { Shapes } from "./shapes.ts";
import type { Note } from "./shapes.ts";
import { createStrings } from "./strings.ts";

export interface SchemaGrammar {
  readonly start: Expr;
  /** What is in the schema and not held, because JSON Schema says that it is no condition. */
  readonly notes: readonly Note[];
}

/**
 * The start of the grammar for a schema's text (JSON Schema 2020-12; the spellings of drafts 4 to 7 too).
 * Throws a refusal: with line and column for a text that is not JSON, with a JSON pointer for a schema that is wrong,
 * cannot be decided, allows no value, or asks for itself without an array or object between.
 */
export function compileJsonSchema(source: string, settings: SchemaSettings, core: Core): SchemaGrammar {
  const document = new SchemaDocument(parseJson(source));
  const goals = new Goals();
  const universe = createUniverse(createStrings(core.arena), createNumerals(core.arena), goals.any);
  const shapes = new Shapes(document, goals, universe, core.budget);
  const emitter = new Emitter(core, settings, shapes);
  const start = emitGoal(emitter, shapes.goalOf(document.root));
  const impossible = findImpossible(core.builder.finish(start));
  if (impossible === null) return { start, notes: shapes.notes };
  throw unsatisfiableError(impossible === "start" ? "" : impossible.origin.pointer ?? "", shapes, document);
}

function unsatisfiableError(pointer: string, shapes: Shapes, document: SchemaDocument): Error {
  const blamed = findImpossibleSchema(shapes, document.root);
  if (blamed === null) {
    return refusal("No value can satisfy the schema: each would have to hold another without end.", {
      pointer,
    });
  }
  const where = blamed.pointer === ""
    ? "its conditions exclude each other"
    : `nothing is left at ${blamed.pointer}`;
  return refusal(`No value can satisfy the schema: ${where}.`, { pointer: blamed.pointer });
}
