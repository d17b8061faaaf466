// What Jinja2 refuses when it compiles a template, though its grammar allows it.
import type { Body, Expression, Names, Statement } from "./nodes.ts";

type Node = Expression | Statement;

interface Place {
  readonly names: Names;
  /** Inside an `if`: a filter that there is not fails where it is reached. */
  readonly soft: boolean;
  readonly inLoop: boolean;
  /** In a `for`, whatever stands between: `loop` is no name there that can be given a value. */
  readonly inFor: boolean;
  /** Names of the blocks so far. */
  readonly blocks: Set<string>;
}

/** Throws a SyntaxError for unknown filters and tests outside of conditions, break and continue outside of loops, two
 * blocks or arguments of one name, and a value for `loop` in one. */
export function check(body: Body, names: Names): void {
  visitAll(body, { names, soft: false, inLoop: false, inFor: false, blocks: new Set() });
}

function visitAll(value: unknown, place: Place): void {
  if (Array.isArray(value)) { for (const one of value) visitAll(one, place); }
  else if (typeof value === "object" && value !== null) visit(value as Node, place);
}

function visit(node: Node, place: Place): void {
  const { names, soft, inLoop, blocks } = place;
  const fail = (message: string) => {
    throw new SyntaxError(message);
  };
  if (node.type === "Filter" && !soft && !names.filters.has(node.name)) {
    fail(`No filter named '${node.name}'`);
  }
  if (node.type === "Test" && !soft && !names.tests.has(node.name)) fail(`No test named '${node.name}'`);
  if ((node.type === "Break" || node.type === "Continue") && !inLoop) {
    fail(`'${node.type.toLowerCase()}' outside loop`);
  }
  if (node.type === "Block") {
    if (blocks.has(node.name)) fail(`block '${node.name}' defined twice`);
    blocks.add(node.name);
  }
  if ("signature" in node && new Set(node.signature.names).size < node.signature.names.length) {
    fail("a macro has two arguments of one name");
  }
  if (node.type === "If") {
    for (const { test, body } of node.branches) {
      visitAll(test, place);
      visitAll(body, { ...place, soft: true });
    }
    return visitAll(node.else, { ...place, soft: true });
  }
  if (place.inFor || node.type === "For") {
    if ("target" in node && namesLoop(node.target)) {
      fail("Can't assign to special loop variable in for-loop target");
    }
  }
  if (node.type === "For") {
    visitAll([node.target, node.items, node.test], place);
    visitAll(node.body, { ...place, soft: false, inLoop: true, inFor: true });
    return visitAll(node.else, { ...place, soft: false, inFor: true });
  }
  visitAll(Object.values(node), placeInside(node, place));
}

function namesLoop(target: Expression): boolean {
  return target.type === "Tuple"
    ? target.items.some(namesLoop)
    : target.type === "Name" && target.name === "loop";
}

/** The place that the parts of a node stand in. */
function placeInside(node: Node, place: Place): Place {
  switch (node.type) {
    case "Conditional":
      return { ...place, soft: true };
    case "Macro":
    case "CallBlock":
    case "Block":
    case "Scope":
      return {
        ...place,
        soft: false,
        inLoop: node.type === "Scope" && node.tag === "autoescape" && place.inLoop,
      };
    case "With":
    case "SetBlock":
    case "FilterBlock":
      return { ...place, soft: false };
    default:
      return place;
  }
}
