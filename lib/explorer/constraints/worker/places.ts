// Where a part of a constraint stands in its text: from line and column, or from a JSON pointer.
import { type AnyNode, type MemberNode, parse } from "@humanwhocodes/momoa";
import type { Place } from "../../../constraints/ir/refusal.ts";
import type { Span } from "../protocol.ts";

/** The stretch that a place names: a word from line and column on, or what a pointer leads to; null for neither. */
export function spanOf(text: string, { line, column, pointer }: Place): Span | null {
  if (line !== undefined) return findWord(text, offsetOf(text, line, column ?? 1));
  return pointer === undefined ? null : findPointed(text, pointer);
}

/** "Line 4, column 24", from 1. */
export function describePlace(text: string, { from }: Span): string {
  const lines = text.slice(0, from).split("\n");
  return `Line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
}

function offsetOf(text: string, line: number, column: number): number {
  const before = text.split("\n").slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return Math.min(text.length, before + column - 1);
}

/** The word that begins at an offset, or one character; at the end of a text or line the character before. */
function findWord(text: string, offset: number): Span {
  const from = offset < text.length && text[offset] !== "\n" ? offset : Math.max(0, offset - 1);
  const [word] = /^(?:[\p{L}\p{N}_-]+|[^])/u.exec(text.slice(from)) ?? [""];
  return { from, to: from + word.length };
}

/** Members are marked by their name, with their value where that is no object or array; a whole document by its first
 * character. Null where the text is no JSON, or the pointer leads nowhere. */
function findPointed(text: string, pointer: string): Span | null {
  const body = bodyOf(text);
  if (body === null) return null;
  let at: AnyNode = body;
  let member: MemberNode | null = null;
  for (const part of pointer.split("/").slice(1).map(unescape)) {
    const next = childOf(at, part);
    if (next === null) break; // the last part may name what is missing
    member = next.type === "Member" ? next : null;
    at = next.type === "Member" ? next.value : next;
  }
  const [from, to] = at.range!;
  const isLarge = at.type === "Object" || at.type === "Array";
  if (member === null) return { from, to: isLarge ? from + 1 : to };
  return { from: member.name.range![0], to: isLarge ? member.name.range![1] : to };
}

function bodyOf(text: string): AnyNode | null {
  try {
    return parse(text, { mode: "json", ranges: true }).body;
  } catch {
    return null; // no JSON
  }
}

function childOf(node: AnyNode, part: string): MemberNode | AnyNode | null {
  if (node.type === "Array") return node.elements[Number(part)]?.value ?? null;
  if (node.type !== "Object") return null;
  const named = ({ name }: MemberNode) => name.type === "String" ? name.value === part : name.name === part;
  return node.members.findLast(named) ?? null;
}

/** A part of a JSON pointer as it is meant (RFC 6901). */
function unescape(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}
