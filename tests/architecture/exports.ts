// What the modules of lib export: that others import it, and that it says what it does.

const EXPORTED = /^export (?:async )?(?:function\*?|class|const|let) (\w+)/gm;
const NAMED = /(?:import|export)\s+(?:type\s+)?\{([^}]*)\}\s*from\s*"([^"]+)"/g;
const WHOLE = /(?:\bimport\s*\(\s*|\bimport\s+\*\s+as\s+\w+\s+from\s+|\bexport\s+\*\s+from\s+)"([^"]+)"/g;

/** An exported value (no type) of a module, with its line (from 1). */
interface Export {
  readonly name: string;
  readonly line: number;
}

/** The values that a module exports where it declares them. */
export function listExports(source: string): readonly Export[] {
  return [...source.matchAll(EXPORTED)].map(({ 1: name, index }) => ({
    name: name!,
    line: source.slice(0, index).split("\n").length,
  }));
}

/** What a module imports by name: "specifier:name"; "specifier:*" where it takes the whole. */
export function listImportedNames(source: string): readonly string[] {
  const named = [...source.matchAll(NAMED)].flatMap(([, names, from]) =>
    names!.split(",").map((one) => `${from}:${one.trim().replace(/^type\s+/, "").split(/\s+as\s+/)[0]}`)
  );
  return [...named, ...[...source.matchAll(WHOLE)].map(([, from]) => `${from}:*`)];
}

/** The exported functions that no doc comment stands before. */
export function listUndocumented(source: string): readonly Export[] {
  const lines = source.split("\n");
  const functions = /^export (?:async )?function/;
  const documented = new Set<string>();
  return listExports(source).filter(({ name, line }) => {
    if (!functions.test(lines[line - 1]!)) return false;
    const before = lines.slice(0, line - 1).findLast((text) => !/^\s*\/\/(?!\/)/.test(text)) ?? "";
    if (/\*\/\s*$/.test(before)) documented.add(name); // of overloads the first one says it
    return !documented.has(name);
  });
}
