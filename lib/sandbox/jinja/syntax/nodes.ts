// The syntax tree, with the names of Jinja2's nodes. Types only.

export type Literal = string | bigint | number | boolean | null;

export interface Call {
  readonly args: readonly Expression[];
  readonly named: readonly (readonly [name: string, value: Expression])[];
  readonly spread: Expression | null; // *args
  readonly namedSpread: Expression | null; // **kwargs
}

export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**";
export type CompareOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";

export type Expression =
  | { readonly type: "Const"; readonly value: Literal }
  | { readonly type: "Name"; readonly name: string }
  | { readonly type: "NamespaceRef"; readonly name: string; readonly attribute: string } // a target only
  | { readonly type: "Tuple" | "List"; readonly items: readonly Expression[] }
  | { readonly type: "Dict"; readonly items: readonly (readonly [key: Expression, value: Expression])[] }
  | {
    readonly type: "Conditional";
    readonly test: Expression;
    readonly then: Expression;
    readonly else: Expression | null;
  }
  | { readonly type: "And" | "Or"; readonly left: Expression; readonly right: Expression }
  | { readonly type: "Not"; readonly value: Expression }
  | {
    readonly type: "Compare";
    readonly first: Expression;
    readonly rest: readonly (readonly [CompareOperator, Expression])[];
  }
  | {
    readonly type: "Binary";
    readonly operator: BinaryOperator;
    readonly left: Expression;
    readonly right: Expression;
  }
  | { readonly type: "Unary"; readonly operator: "+" | "-"; readonly value: Expression }
  | { readonly type: "Concat"; readonly items: readonly Expression[] }
  | { readonly type: "Attribute"; readonly object: Expression; readonly name: string }
  | { readonly type: "Item"; readonly object: Expression; readonly key: Expression }
  | { readonly type: "Slice"; readonly parts: readonly (Expression | null)[] } // start, stop, step
  | { readonly type: "Folded"; readonly value: Expression } // what is printed and reads no name: see constants.ts
  | { readonly type: "Call"; readonly callee: Expression; readonly call: Call }
  | FilterNode
  | { readonly type: "Test"; readonly value: Expression; readonly name: string; readonly call: Call };

/** `value` null: the text of a block. */
export interface FilterNode {
  readonly type: "Filter";
  readonly value: Expression | null;
  readonly name: string;
  readonly call: Call;
}

export interface Signature {
  readonly names: readonly string[];
  /** Of the last names. */
  readonly defaults: readonly Expression[];
}

export type Body = readonly Statement[];

export interface ForNode {
  readonly type: "For";
  readonly target: Expression;
  readonly items: Expression;
  readonly test: Expression | null;
  readonly recursive: boolean;
  readonly body: Body;
  readonly else: Body;
}

export interface MacroNode {
  readonly type: "Macro";
  readonly name: string;
  readonly signature: Signature;
  readonly body: Body;
}

export interface CallBlockNode {
  readonly type: "CallBlock";
  readonly signature: Signature;
  readonly call: Expression;
  readonly body: Body;
}

export interface BlockNode {
  readonly type: "Block";
  readonly name: string;
  readonly scoped: boolean;
  readonly required: boolean;
  readonly body: Body;
}

export type Statement =
  | { readonly type: "Data"; readonly text: string }
  | { readonly type: "Output"; readonly values: readonly Expression[] }
  | ForNode
  | {
    readonly type: "If";
    readonly branches: readonly { readonly test: Expression; readonly body: Body }[];
    readonly else: Body;
  }
  | { readonly type: "Set"; readonly target: Expression; readonly value: Expression }
  | {
    readonly type: "SetBlock";
    readonly target: Expression;
    readonly filter: FilterNode | null;
    readonly body: Body;
  }
  | {
    readonly type: "With";
    readonly targets: readonly Expression[];
    readonly values: readonly Expression[];
    readonly body: Body;
  }
  | MacroNode
  | CallBlockNode
  | BlockNode
  | { readonly type: "FilterBlock"; readonly filter: FilterNode; readonly body: Body }
  | { readonly type: "Scope"; readonly tag: "generation" | "autoescape"; readonly body: Body }
  | { readonly type: "Break" | "Continue" }
  | { readonly type: "Load"; readonly tag: string }; // include, import, from, extends: refused where it is reached

/** The filters and tests that there are, by name. */
export interface Names {
  readonly filters: ReadonlySet<string>;
  readonly tests: ReadonlySet<string>;
}
