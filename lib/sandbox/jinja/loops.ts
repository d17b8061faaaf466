// `{% for %}`: over lists, texts and mappings, each iteration in a scope of its own, with break and continue.
import { Environment } from "@huggingface/jinja";
import type { Evaluator, ForNode } from "./nodes.ts";
import {
  boolean,
  callable,
  integer,
  isText,
  itemsOf,
  list,
  mapping,
  missing,
  type Scope,
  text,
  truth,
  typeName,
  type Value,
} from "./values.ts";

/** A `break` or `continue` on its way to the innermost loop; blocks stop while one is pending. */
export interface LoopControl {
  pending: "break" | "continue" | null;
}

/** The text of a whole loop. */
export function evaluateFor(node: ForNode, scope: Scope, evaluator: Evaluator, control: LoopControl): Value {
  const items = chosenItems(node, scope, evaluator);
  let out = "";
  let finishedOne = false; // as in Jinja2: an iteration that was cut short doesn't count against `else`
  for (const [i] of items.entries()) {
    const inner = iterationScope(node, items, i, scope);
    const body = evaluator.block(node.body, inner);
    if (isText(body)) out += body.value;
    const { pending } = control;
    control.pending = null;
    if (pending === "break") break;
    finishedOne ||= pending === null;
  }
  if (finishedOne) return text(out);
  const otherwise = evaluator.block(node.defaultBlock, scope);
  return text(out + (isText(otherwise) ? otherwise.value : ""));
}

function chosenItems(node: ForNode, scope: Scope, { evaluate }: Evaluator): Value[] {
  const { lhs, test } = node.iterable;
  if (node.iterable.type !== "SelectExpression") return itemsOf(evaluate(node.iterable, scope));
  return itemsOf(evaluate(lhs, scope)).filter((item) => {
    const inner = new Environment(scope);
    bind(node, item, inner);
    return truth(evaluate(test, inner));
  });
}

function iterationScope(node: ForNode, items: readonly Value[], i: number, scope: Scope): Scope {
  const inner = new Environment(scope);
  const loop = {
    index: integer(i + 1),
    index0: integer(i),
    revindex: integer(items.length - i),
    revindex0: integer(items.length - i - 1),
    first: boolean(i === 0),
    last: boolean(i === items.length - 1),
    length: integer(items.length),
    depth: integer(1),
    depth0: integer(0),
    previtem: items[i - 1] ?? missing,
    nextitem: items[i + 1] ?? missing,
    cycle: callable((args) => args[i % args.length] ?? missing),
  };
  inner.variables.set("loop", mapping(new Map<string, Value>(Object.entries(loop))) as never);
  bind(node, items[i] ?? missing, inner);
  return inner;
}

/** Sets the loop's variable, or several from one item. */
function bind({ loopvar }: ForNode, item: Value, scope: Scope): void {
  if (typeof loopvar.value === "string") {
    scope.variables.set(loopvar.value, item as never);
    return;
  }
  const names = loopvar.value;
  const parts = itemsOf(item);
  if (parts.length !== names.length) {
    throw new Error(
      `a loop expects ${names.length} values in each item, but ${typeName(list(parts))} has ${parts.length}`,
    );
  }
  for (const [i, name] of names.entries()) scope.variables.set(name.value, (parts[i] ?? missing) as never);
}
