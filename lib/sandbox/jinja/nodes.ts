// The nodes of the library's syntax tree that are evaluated here; the library exports no types for them.
import type { Scope, Value } from "./values.ts";

export interface Node {
  readonly type: string;
}
interface Name extends Node {
  readonly value: string;
}
export interface CallNode extends Node {
  readonly callee: Node & { readonly value?: unknown };
  readonly args: readonly Node[];
}
export interface ForNode extends Node {
  readonly loopvar: Node & { readonly value: string | readonly Name[] };
  readonly iterable: Node & { readonly lhs?: Node; readonly test?: Node };
  readonly body: readonly Node[];
  readonly defaultBlock: readonly Node[];
}

export interface Nodes {
  For: ForNode;
  Break: Node;
  Continue: Node;
  If: Node & { readonly test: Node; readonly body: readonly Node[]; readonly alternate: readonly Node[] };
  FilterStatement: Node & { readonly filter: Node; readonly body: readonly Node[] };
  Macro: Node & { readonly name: Name };
  BinaryExpression: Node & {
    readonly operator: { readonly value: string };
    readonly left: Node;
    readonly right: Node;
  };
  UnaryExpression: Node & { readonly operator: { readonly value: string }; readonly argument: Node };
  Ternary: Node & { readonly condition: Node; readonly trueExpr: Node; readonly falseExpr: Node };
  SelectExpression: Node & { readonly lhs: Node; readonly test: Node };
  FilterExpression: Node & { readonly operand: Node; readonly filter: Node };
  TestExpression: Node & { readonly operand: Node; readonly negate: boolean; readonly test: Name };
  MemberExpression: Node & {
    readonly object: Node;
    readonly property: Node & { readonly value?: unknown };
    readonly computed: boolean;
  };
  CallExpression: CallNode;
  KeywordArgumentExpression: Node & { readonly key: Name; readonly value: Node };
  SpreadExpression: Node & { readonly argument: Node };
}

/** Evaluates one node, or the nodes of a body to their joined text. */
export interface Evaluator {
  evaluate(node: Node | undefined, scope: Scope): Value;
  block(body: readonly Node[], scope: Scope): Value;
}
