// Attributes of ONNX nodes: written from plain values, read with their defaults.
import { create } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  AttributeProto_AttributeType as Type,
  AttributeProtoSchema,
  type NodeProto,
  type TensorProto,
} from "onnx-buf";

/** bigint → INT, number → FLOAT, bigint[] → INTS, string → STRING, tensor → TENSOR. */
export type AttributeValue = bigint | number | string | readonly bigint[] | TensorProto;

/** Attributes of a node, by name. */
export function createAttributes(values: Readonly<Record<string, AttributeValue>>): AttributeProto[] {
  return Object.entries(values).map(([name, value]) => makeAttribute(name, value));
}

function makeAttribute(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === "bigint") return create(AttributeProtoSchema, { name, type: Type.INT, i: value });
  if (typeof value === "number") return create(AttributeProtoSchema, { name, type: Type.FLOAT, f: value });
  if (typeof value === "string") {
    return create(AttributeProtoSchema, { name, type: Type.STRING, s: new TextEncoder().encode(value) });
  }
  if ("$typeName" in value) return create(AttributeProtoSchema, { name, type: Type.TENSOR, t: value });
  return create(AttributeProtoSchema, { name, type: Type.INTS, ints: [...value] });
}

function findAttribute(node: NodeProto, name: string): AttributeProto | undefined {
  return node.attribute.find((candidate) => candidate.name === name);
}

/** An INT attribute as a number; `fallback` where the node has none. */
export function intAttribute(node: NodeProto, name: string, fallback: number): number {
  const found = findAttribute(node, name);
  return found === undefined ? fallback : Number(found.i);
}

/** A FLOAT attribute; `fallback` where the node has none. */
export function floatAttribute(node: NodeProto, name: string, fallback: number): number {
  return findAttribute(node, name)?.f ?? fallback;
}

/** An INTS attribute as numbers; null where the node has none. */
export function intsAttribute(node: NodeProto, name: string): number[] | null {
  return findAttribute(node, name)?.ints.map(Number) ?? null;
}

/** A STRING attribute as text; `fallback` where the node has none. */
export function stringAttribute(node: NodeProto, name: string, fallback: string): string {
  const found = findAttribute(node, name);
  return found === undefined ? fallback : new TextDecoder().decode(found.s);
}

/** A TENSOR attribute; null where the node has none. */
export function tensorAttribute(node: NodeProto, name: string): TensorProto | null {
  return findAttribute(node, name)?.t ?? null;
}
