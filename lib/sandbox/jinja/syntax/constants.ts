// What Jinja2 computes when it compiles a template: printed expressions that read no name. There a slice of what has
// none is undefined (`{{ none[1:] }}` prints nothing), as an item that there is not; in all other places it is an
// error.
import type { Expression } from "./nodes.ts";

/** Filters that read the names of the template, whatever they are given. */
const WITH_CONTEXT = new Set(["map", "select", "reject", "selectattr", "rejectattr", "random"]);

/** `expression`, marked where it is one of those and has a slice. */
export function markFolded(expression: Expression): Expression {
  const slices = { found: false };
  return isConstant(expression, slices) && slices.found ? { type: "Folded", value: expression } : expression;
}

function isConstant(value: unknown, slices: { found: boolean }): boolean {
  if (Array.isArray(value)) return value.every((one) => isConstant(one, slices));
  if (typeof value !== "object" || value === null) return true;
  const node = value as Expression;
  if (node.type === "Name" || node.type === "Call") return false;
  if (node.type === "Filter" && WITH_CONTEXT.has(node.name)) return false;
  if (node.type === "Slice") slices.found = true;
  return Object.values(node).every((part) => isConstant(part, slices));
}
