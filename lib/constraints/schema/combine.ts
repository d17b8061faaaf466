// What the keywords that combine schemas leave: references, boolean combinations, conditions, finite lists.
import { refusal, refusalPlaceOf } from "../ir/refusal.ts";
import { complement, intersect, isDisjoint, unite } from "./boolean.ts";
import type { Reader } from "./reader.ts";
import { shapeOfConstants } from "./constants.ts";
import { extendPointer } from "./document.ts";
import type { SchemaNode } from "./document.ts";
import type { Goal } from "./goals.ts";
import { isArray } from "./json.ts";
import type { Json } from "./json.ts";
import { asNames, keywordOf, listOf, mapOf, textOf } from "./read.ts";
import type { Member, Shape } from "./shape.ts";

/** What a keyword leaves of `context`, which is what its neighbours left: so that what cannot be is dropped early. */
type Combine = (reader: Reader, node: SchemaNode, name: string, context: Shape) => Shape;

export const COMBINING: ReadonlyMap<string, Combine> = new Map<string, Combine>([
  ["$ref", reference],
  ["$dynamicRef", reference],
  ["$recursiveRef", reference],
  ["allOf", allOf],
  ["anyOf", anyOf],
  ["oneOf", oneOf],
  ["not", not],
  ["if", condition],
  ["then", (_reader, _node, _name, context) => context],
  ["else", (_reader, _node, _name, context) => context],
  ["const", readListed],
  ["enum", readListed],
  ["dependencies", dependencies],
  ["dependentRequired", dependencies],
  ["dependentSchemas", dependencies],
]);

function reference(reader: Reader, node: SchemaNode, name: string, context: Shape): Shape {
  const target = reader.document.resolve(textOf(node, name)!, node, name);
  return reader.within(reader.goalOf(target), context);
}

function readListed(reader: Reader, node: SchemaNode, name: string, context: Shape): Shape {
  const pointer = extendPointer(node.pointer, name);
  const values = name === "const" ? [keywordOf(node, name)!] : listOf(node, name);
  return intersect(reader, context, shapeOfConstants(reader, values, pointer), pointer);
}

function readBranches(reader: Reader, node: SchemaNode, name: string): readonly Goal[] {
  const list = listOf(node, name);
  if (list.length > 0) return list.map((schema, i) => reader.goalAt(node, schema, name, i));
  throw refusal(`"${name}" needs at least one schema.`, { pointer: extendPointer(node.pointer, name) });
}

function allOf(reader: Reader, node: SchemaNode, name: string, context: Shape): Shape {
  return readBranches(reader, node, name).reduce((left, goal) => reader.within(goal, left), context);
}

function anyOf(reader: Reader, node: SchemaNode, name: string, context: Shape): Shape {
  const ways = readBranches(reader, node, name).map((goal) => reader.within(goal, context));
  return unite(reader, ways, extendPointer(node.pointer, name));
}

/** Each branch without what it shares with others: nothing has to be taken away where two are disjoint. */
function oneOf(reader: Reader, node: SchemaNode, name: string, context: Shape): Shape {
  const pointer = extendPointer(node.pointer, name);
  const goals = readBranches(reader, node, name);
  const ways = goals.map((goal) => reader.within(goal, context));
  const own = ways.map((way, i) => {
    return ways.reduce((left, other, j) => {
      if (i === j || isDisjoint(reader, left, other)) return left;
      const which = `${name}/${i} and ${name}/${j}`;
      return intersect(reader, left, without(reader, goals[j]!, which, pointer), pointer);
    }, way);
  });
  return unite(reader, own, pointer);
}

function without(reader: Reader, goal: Goal, which: string, pointer: string): Shape {
  try {
    return complement(reader, reader.shapeOf(goal), pointer);
  } catch (error) {
    if (refusalPlaceOf(error) === null || reader.budget.exceeds) throw error;
    throw refusal(`${which} may both fit one value, and what is in both cannot be taken out. Use anyOf.`, {
      pointer,
    });
  }
}

function not(reader: Reader, node: SchemaNode, name: string, context: Shape): Shape {
  const pointer = extendPointer(node.pointer, name);
  const goal = reader.goalAt(node, keywordOf(node, name)!, name);
  return intersect(reader, context, complement(reader, reader.shapeOf(goal), pointer), pointer);
}

/** (if and then) or (not if and else). */
function condition(reader: Reader, node: SchemaNode, _name: string, context: Shape): Shape {
  const pointer = extendPointer(node.pointer, "if");
  const goalAt = (name: string) => {
    const value = keywordOf(node, name);
    return value === undefined ? reader.goals.any : reader.goalAt(node, value, name);
  };
  const [when, then, otherwise] = [goalAt("if"), goalAt("then"), goalAt("else")];
  if (then.kind === "any" && otherwise.kind === "any") return context;
  const holds = reader.within(when, context);
  const fails = intersect(reader, context, complement(reader, reader.shapeOf(when), pointer), pointer);
  return unite(reader, [reader.within(then, holds), reader.within(otherwise, fails)], pointer);
}

/** For each key: it is absent, or the names it asks for are there, or the schema it asks for holds. */
function dependencies(reader: Reader, node: SchemaNode, name: string, context: Shape): Shape {
  let shape = context;
  for (const [key, value] of mapOf(node, name)) {
    const pointer = extendPointer(node.pointer, name, key);
    const absent = withMember(reader, key, { goal: reader.goals.none, required: false });
    const present = withMember(reader, key, { goal: reader.goals.any, required: true });
    const asked = readKeyword(reader, node, name, key, value, intersect(reader, shape, present, pointer));
    shape = unite(reader, [intersect(reader, shape, absent, pointer), asked], pointer);
  }
  return shape;
}

function readKeyword(
  reader: Reader,
  node: SchemaNode,
  name: string,
  key: string,
  value: Json,
  context: Shape,
): Shape {
  if (!isArray(value)) return reader.within(reader.goalAt(node, value, name, key), context);
  const any = { goal: reader.goals.any, required: true };
  return asNames(value, extendPointer(node.pointer, name, key)).reduce((shape, other) => {
    return intersect(reader, shape, withMember(reader, other, any), node.pointer);
  }, context);
}

/** Every value; objects with this member only. */
function withMember({ universe }: Reader, key: string, member: Omit<Member, "placed">): Shape {
  const named = new Map([[key, { ...member, placed: false }]]);
  return { ...universe.any, objects: [{ ...universe.anyObject, named }] };
}
