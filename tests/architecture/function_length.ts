// The length of functions, as Deno's own parser sees them.
export interface LongFunction {
  readonly name: string;
  readonly line: number; // 1-based
  readonly lines: number;
}

/** Functions, methods and arrows of `source` that have more than `max` lines. Works in `deno test` only. */
export function findLongFunctions(file: string, source: string, max: number): readonly LongFunction[] {
  const found: LongFunction[] = [];
  const lineAt = (offset: number) => source.slice(0, offset).split("\n").length;
  const check = (node: Deno.lint.Node, name: string) => {
    const [from, to] = node.range.map(lineAt) as [number, number];
    if (to - from + 1 > max) found.push({ name, line: from, lines: to - from + 1 });
  };
  const measure: Deno.lint.LintVisitor = {
    FunctionDeclaration: (node) => check(node, node.id?.name ?? "default"),
    FunctionExpression: (node) => check(node, nameFromParent(node.parent)),
    ArrowFunctionExpression: (node) => check(node, nameFromParent(node.parent)),
  };
  const rules = { "function-length": { create: () => measure } };
  Deno.lint.runPlugin({ name: "house", rules }, file, source);
  return found;
}

/** What a function without a name of its own is called by: the variable, property or method that holds it. */
function nameFromParent(parent: Deno.lint.Node): string {
  const named = parent.type === "VariableDeclarator"
    ? parent.id
    : parent.type === "Property" || parent.type === "MethodDefinition"
    ? parent.key
    : null;
  return named?.type === "Identifier" ? named.name : "(no name)";
}
