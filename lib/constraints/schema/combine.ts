// What the keywords that combine schemas leave: references, boolean combinations, conditions, finite lists.
import { refusal, refusedAt } from "../ir/refusal.ts";
import { complement, intersect, isDisjoint, unite } from "./boolean.ts";
import type { Reader } from "./reader.ts";
import { shapeOfConstants } from "./constants.ts";
import { child } from "./document.ts";
import type { SchemaNode } from "./document.ts";
import { isArray } from "./json.ts";
import type { Json } from "./json.ts";
import { asNames, keyword, listOf, mapOf, textOf } from "./read.ts";
import type { Member, Shape } from "./shape.ts";

type Combine = (reader: Reader, node: SchemaNode, name: string) => Shape;

/** Keyword → what it leaves of all values. */
export const COMBINING: ReadonlyMap<string, Combine> = new Map<string, Combine>([
  ["$ref", reference],
  ["$dynamicRef", reference],
  ["$recursiveRef", reference],
  ["allOf", allOf],
  ["anyOf", anyOf],
  ["oneOf", oneOf],
  ["not", not],
  ["if", condition],
  ["then", (reader) => reader.universe.any],
  ["else", (reader) => reader.universe.any],
  [
    "const",
    (reader, node) => shapeOfConstants(reader, [keyword(node, "const")!], child(node.pointer, "const")),
  ],
  ["enum", (reader, node) => shapeOfConstants(reader, listOf(node, "enum"), child(node.pointer, "enum"))],
  ["dependencies", dependencies],
  ["dependentRequired", dependencies],
  ["dependentSchemas", dependencies],
]);

function reference(reader: Reader, node: SchemaNode, name: string): Shape {
  const target = reader.document.resolve(textOf(node, name)!, node, name);
  return reader.shapeOf(reader.goalOf(target));
}

function branches(reader: Reader, node: SchemaNode, name: string): readonly Shape[] {
  const list = listOf(node, name);
  const pointer = child(node.pointer, name);
  if (list.length === 0) throw refusal(`"${name}" needs at least one schema.`, { pointer });
  return list.map((schema, i) => reader.shapeOf(reader.goalAt(node, schema, name, i)));
}

function allOf(reader: Reader, node: SchemaNode, name: string): Shape {
  const pointer = child(node.pointer, name);
  return branches(reader, node, name).reduce((a, b) => intersect(reader, a, b, pointer));
}

function anyOf(reader: Reader, node: SchemaNode, name: string): Shape {
  return unite(reader, branches(reader, node, name), child(node.pointer, name));
}

/** Each branch without what it shares with others: nothing has to be taken away where two are disjoint. */
function oneOf(reader: Reader, node: SchemaNode, name: string): Shape {
  const pointer = child(node.pointer, name);
  const shapes = branches(reader, node, name);
  const own = shapes.map((shape, i) => {
    return shapes.reduce((left, other, j) => {
      if (i === j || isDisjoint(reader, left, other)) return left;
      return intersect(
        reader,
        left,
        without(reader, other, `${name}/${i} and ${name}/${j}`, pointer),
        pointer,
      );
    }, shape);
  });
  return unite(reader, own, pointer);
}

function without(reader: Reader, shape: Shape, which: string, pointer: string): Shape {
  try {
    return complement(reader, shape, pointer);
  } catch (error) {
    if (refusedAt(error) === null) throw error;
    throw refusal(`${which} may both fit one value, and what is in both cannot be taken out. Use anyOf.`, {
      pointer,
    });
  }
}

function not(reader: Reader, node: SchemaNode, name: string): Shape {
  const goal = reader.goalAt(node, keyword(node, name)!, name);
  return complement(reader, reader.shapeOf(goal), child(node.pointer, name));
}

/** (if and then) or (not if and else). */
function condition(reader: Reader, node: SchemaNode): Shape {
  const pointer = child(node.pointer, "if");
  const at = (name: string) => {
    const value = keyword(node, name);
    return value === undefined ? reader.universe.any : reader.shapeOf(reader.goalAt(node, value, name));
  };
  const [then, otherwise] = [at("then"), at("else")];
  if (then === reader.universe.any && otherwise === reader.universe.any) return reader.universe.any;
  const when = at("if");
  return unite(reader, [
    intersect(reader, when, then, pointer),
    intersect(reader, complement(reader, when, pointer), otherwise, pointer),
  ], pointer);
}

/** For each key: it is absent, or the names it asks for are there, or the schema it asks for holds. */
function dependencies(reader: Reader, node: SchemaNode, name: string): Shape {
  let shape = reader.universe.any;
  for (const [key, value] of mapOf(node, name)) {
    const pointer = child(node.pointer, name, key);
    const asked = askedBy(reader, node, name, key, value);
    if (asked === reader.universe.any) continue;
    const present = intersect(
      reader,
      withMember(reader, key, { goal: reader.goals.any, required: true }),
      asked,
      pointer,
    );
    const absent = withMember(reader, key, { goal: reader.goals.none, required: false });
    shape = intersect(reader, shape, unite(reader, [absent, present], pointer), pointer);
  }
  return shape;
}

function askedBy(reader: Reader, node: SchemaNode, name: string, key: string, value: Json): Shape {
  if (name === "dependentRequired" || isArray(value)) {
    const names = isArray(value) ? asNames(value, child(node.pointer, name, key)) : [];
    const any = { goal: reader.goals.any, required: true };
    return names.reduce((shape, other) => {
      return intersect(reader, shape, withMember(reader, other, any), node.pointer);
    }, reader.universe.any);
  }
  return reader.shapeOf(reader.goalAt(node, value, name, key));
}

/** Every value; objects with this member only. */
function withMember({ universe }: Reader, key: string, member: Omit<Member, "placed">): Shape {
  const named = new Map([[key, { ...member, placed: false }]]);
  return { ...universe.any, objects: [{ ...universe.anyObject, named }] };
}
