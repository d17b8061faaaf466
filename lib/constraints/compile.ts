// The one entry for all kinds of constraint: from what the user wrote to a recogniser, or to what is wrong with it.
import { compileChoices } from "./choices/read.ts";
import type { ConstraintSettings, ConstraintType } from "../sampling/constraint_kinds.ts";
import { createRecogniser } from "./engine/machine.ts";
import type { Recogniser } from "./engine/recogniser.ts";
import { compileGrammar } from "./grammar/read.ts";
import { GrammarBuilder } from "./ir/grammar.ts";
import type { Expr } from "./ir/grammar.ts";
import { Budget, DEFAULT_LIMITS } from "./ir/limits.ts";
import type { Limits } from "./ir/limits.ts";
import { placeInText, refusal, refusalPlaceOf } from "./ir/refusal.ts";
import type { Place } from "./ir/refusal.ts";
import { RegexArena } from "./ir/regex.ts";
import { compileRegex } from "./regex/read.ts";
import { compileJsonSchema } from "./schema/compile.ts";
import { DEFAULT_SCHEMA_SETTINGS } from "./schema/layout.ts";
import type { SchemaSettings } from "./schema/layout.ts";

/** A constraint as the user wrote it. */
export interface ConstraintSource {
  readonly type: ConstraintType;
  /** The options, pattern, grammar or schema. */
  readonly schema: string;
  /** How JSON is written where a schema leaves it open; for json_schema, and %json in a grammar. */
  readonly settings?: SchemaSettings;
}

export interface Constraint {
  readonly source: ConstraintSource;
  readonly recogniser: Recogniser;
  /** What is in a schema and not held, because JSON Schema says that it is no condition. */
  readonly notes: readonly Note[];
}

export interface Note {
  readonly pointer: string;
  readonly message: string;
}

export type Compiled =
  | { readonly ok: true; readonly constraint: Constraint }
  | { readonly ok: false; readonly error: { readonly message: string } & Place };

/** Never throws for what the user wrote: the error has a sentence, and the place where there is one. */
export function compileConstraint(source: ConstraintSource, limits: Limits = DEFAULT_LIMITS): Compiled {
  try {
    const budget = new Budget(limits);
    const core = { budget, arena: new RegexArena(budget), builder: new GrammarBuilder(budget) };
    const { start, notes } = startOf(source, core);
    const recogniser = createRecogniser(core.builder.finish(start), core);
    return { ok: true, constraint: { source, recogniser, notes } };
  } catch (error) {
    const place = refusalPlaceOf(error);
    if (place === null) throw error;
    return { ok: false, error: { message: (error as Error).message, ...place } };
  }
}

interface Core {
  readonly budget: Budget;
  readonly arena: RegexArena;
  readonly builder: GrammarBuilder;
}

interface Start {
  readonly start: Expr;
  readonly notes: readonly Note[];
}

function startOf({ type, schema, settings = DEFAULT_SCHEMA_SETTINGS }: ConstraintSource, core: Core): Start {
  const { arena, builder } = core;
  switch (type) {
    case "multiple_choice":
      return { start: compileChoices(schema, arena, builder), notes: [] };
    case "regex":
      return { start: compileRegex(schema, arena, builder), notes: [] };
    case "cfg":
      return startOfGrammar(schema, settings, core);
    case "json_schema":
      return compileJsonSchema(schema, settings, core);
  }
}

function startOfGrammar(source: string, settings: SchemaSettings, core: Core): Start {
  const notes: Note[] = [];
  const start = compileGrammar({
    ...core,
    source,
    schema(schema, from) {
      const read = withGrammarPlace(() => compileJsonSchema(schema, settings, core), source, from);
      notes.push(...read.notes);
      return read.start;
    },
  });
  return { start, notes };
}

/** Errors of a schema that is part of a grammar are told at its place there. */
function withGrammarPlace<T>(read: () => T, source: string, from: number): T {
  try {
    return read();
  } catch (error) {
    const place = refusalPlaceOf(error);
    if (place === null) throw error;
    throw refusal((error as Error).message, { ...place, ...placeInText(source, from) });
  }
}

/** The settings of a request as the schema compiler has them. */
export function schemaSettingsOf({ whitespace, property_order }: ConstraintSettings): SchemaSettings {
  return { whitespace, propertyOrder: property_order };
}
