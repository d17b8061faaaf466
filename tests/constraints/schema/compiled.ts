// Compiles schemas and reads texts with them, for the tests of this folder.
import { createRecogniser } from "../../../lib/constraints/engine/machine.ts";
import { FAILED } from "../../../lib/constraints/engine/recogniser.ts";
import type { Recogniser } from "../../../lib/constraints/engine/recogniser.ts";
import { GrammarBuilder } from "../../../lib/constraints/ir/grammar.ts";
import { Budget } from "../../../lib/constraints/ir/limits.ts";
import { refusalPlaceOf } from "../../../lib/constraints/ir/refusal.ts";
import { RegexArena } from "../../../lib/constraints/ir/regex.ts";
import { compileJsonSchema } from "../../../lib/constraints/schema/compile.ts";
import { DEFAULT_SCHEMA_SETTINGS } from "../../../lib/constraints/schema/layout.ts";
import type { SchemaSettings } from "../../../lib/constraints/schema/layout.ts";
import type { Note } from "../../../lib/constraints/schema/shapes.ts";

export interface Compiled {
  readonly recogniser: Recogniser;
  readonly notes: readonly Note[];
  readonly budget: Budget;
  accepts(text: string): boolean;
}

export function compileText(source: string, settings: Partial<SchemaSettings> = {}): Compiled {
  const budget = new Budget();
  const core = { arena: new RegexArena(budget), builder: new GrammarBuilder(budget), budget };
  const { start, notes } = compileJsonSchema(source, { ...DEFAULT_SCHEMA_SETTINGS, ...settings }, core);
  const recogniser = createRecogniser(core.builder.finish(start), core);
  const accepts = (text: string) => {
    let state = recogniser.initial;
    for (const byte of new TextEncoder().encode(text)) state = recogniser.advance(state, byte);
    return state !== FAILED && recogniser.accepts(state);
  };
  return { recogniser, notes, budget, accepts };
}

export function compileSchema(schema: unknown, settings: Partial<SchemaSettings> = {}): Compiled {
  return compileText(JSON.stringify(schema), settings);
}

/** The sentence and the pointer with which a schema is refused. */
export function refusalOf(
  schema: unknown,
): { readonly message: string; readonly pointer: string | undefined } {
  try {
    compileSchema(schema);
  } catch (error) {
    const place = refusalPlaceOf(error);
    if (place === null) throw error;
    return { message: (error as Error).message, pointer: place.pointer };
  }
  throw new Error(`not refused: ${JSON.stringify(schema).slice(0, 200)}`);
}
