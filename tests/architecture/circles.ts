// Circles in a graph of imports.

/** Who imports whom. */
export type Graph = ReadonlyMap<string, Iterable<string>>;

/** One way round for each knot of the graph (a strongly connected component of several nodes), as
 * "a → b → a". */
export function findCircles(graph: Graph): readonly string[] {
  return knotsOf(graph).map((knot) => shortestCircle(graph, knot).join(" → "));
}

/** Strongly connected components of more than one node (Tarjan 1972). */
function knotsOf(graph: Graph): readonly ReadonlySet<string>[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const open = new Set<string>();
  const knots: Set<string>[] = [];
  const visit = (node: string) => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    open.add(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) visit(next);
      if (open.has(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!));
    }
    if (low.get(node) !== index.get(node)) return;
    const knot = new Set(stack.splice(stack.indexOf(node)));
    for (const one of knot) open.delete(one);
    if (knot.size > 1) knots.push(knot);
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return knots;
}

/** The shortest way from the first node of a knot back to it. */
function shortestCircle(graph: Graph, knot: ReadonlySet<string>): readonly string[] {
  const [start] = [...knot].sort() as [string];
  const ways: string[][] = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const next of graph.get(way.at(-1)!) ?? []) {
      if (next === start) return [...way, start];
      if (!knot.has(next) || seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  throw new Error("A knot without a circle.");
}
