// Which schema is to blame where none of its values is left.
import { extendPointer } from "./document.ts";
import type { SchemaNode } from "./document.ts";
import { isArray } from "./json.ts";
import { countOf, keywordOf, listOf, mapOf, namesOf, textOf } from "./read.ts";
import type { Reader } from "./reader.ts";
import { isNone } from "./shape.ts";

/** The innermost schema that allows nothing by itself and makes `root` impossible; null where each allows something
 * by itself. */
export function findImpossibleSchema(reader: Reader, root: SchemaNode): SchemaNode | null {
  const isImpossible = (node: SchemaNode) => isNone(reader.universe, reader.shapeOf(reader.goalOf(node)));
  const seen = new Set([root]);
  let found = isImpossible(root) ? root : null;
  for (let at: SchemaNode | null = root; at !== null;) {
    const next: SchemaNode | undefined = findNeeded(reader, at).find((part) =>
      !seen.has(part) && isImpossible(part)
    );
    if (next !== undefined) seen.add(found = next);
    at = next ?? null;
  }
  return found;
}

/** Schemas without whose values the node has none. */
function findNeeded(reader: Reader, node: SchemaNode): readonly SchemaNode[] {
  if (typeof node.schema === "boolean") return [];
  const { document } = reader;
  const parts = listOf(node, "allOf").map((part, i) =>
    document.node(extendPointer(node.pointer, "allOf", i), part)
  );
  const reference = textOf(node, "$ref");
  if (reference !== undefined) parts.push(document.resolve(reference, node, "$ref"));
  if (keywordOf(node, "type") === "object") {
    const properties = mapOf(node, "properties");
    for (const name of namesOf(node, "required")) {
      const value = properties.get(name);
      if (value !== undefined) {
        parts.push(document.node(extendPointer(node.pointer, "properties", name), value));
      }
    }
  }
  const items = keywordOf(node, "items");
  if (
    keywordOf(node, "type") === "array" && countOf(node, "minItems", 0) > 0 && items !== undefined &&
    !isArray(items)
  ) {
    parts.push(document.node(extendPointer(node.pointer, "items"), items));
  }
  return parts;
}
