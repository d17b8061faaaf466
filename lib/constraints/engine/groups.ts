/**
 * The strongly connected components of a graph, callees first (Tarjan 1972, without recursion: a graph may be one
 * long chain). `edges[node]`: the nodes that it leads to.
 */
export function groupsOf(edges: readonly (readonly number[])[]): number[][] {
  const groups: number[][] = [];
  const index = new Array<number>(edges.length).fill(-1);
  const low = new Array<number>(edges.length).fill(0);
  const waiting = new Array<boolean>(edges.length).fill(false);
  const stack: number[] = [];
  let next = 0;
  const enter = (node: number) => {
    index[node] = low[node] = next++;
    stack.push(node);
    waiting[node] = true;
    return { node, edge: 0 };
  };
  const leave = (node: number) => {
    if (low[node] !== index[node]) return;
    const group = stack.splice(stack.lastIndexOf(node));
    for (const member of group) waiting[member] = false;
    groups.push(group);
  };
  for (let root = 0; root < edges.length; root++) {
    if (index[root] !== -1) continue;
    const path = [enter(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const target = edges[top.node]![top.edge++];
      if (target === undefined) {
        path.pop();
        leave(top.node);
        const above = path.at(-1);
        if (above !== undefined) low[above.node] = Math.min(low[above.node]!, low[top.node]!);
      } else if (index[target] === -1) path.push(enter(target));
      else if (waiting[target]) low[top.node] = Math.min(low[top.node]!, index[target]!);
    }
  }
  return groups;
}
