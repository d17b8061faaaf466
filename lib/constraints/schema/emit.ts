// Goals as a grammar of JSON text.
import type { Expr } from "../ir/grammar.ts";
import { placeRefusal } from "./at.ts";
import { emitArray } from "./emit_array.ts";
import { emitObject } from "./emit_object.ts";
import type { Emitter } from "./emitter.ts";
import type { Goal } from "./goals.ts";

/** The text of a value; defines every rule that it needs. */
export function emitGoal(emitter: Emitter, goal: Goal): Expr {
  const { builder, budget } = emitter.core;
  const start = emitter.value(goal);
  for (const [asked, rule] of emitter.rules) { // grows while it is walked
    builder.define(rule, placeRefusal(asked.pointer, () => bodyOf(emitter, asked)));
    budget.step();
  }
  return start;
}

function bodyOf(emitter: Emitter, goal: Goal): Expr {
  const shape = emitter.shapes.shapeOf(goal);
  return emitter.core.builder.choice([
    emitter.scalar(goal, shape),
    ...shape.arrays.map((array) => emitArray(emitter, array, goal.pointer)),
    ...shape.objects.map((object) => emitObject(emitter, object, goal.pointer)),
  ]);
}
