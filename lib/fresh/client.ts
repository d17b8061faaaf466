// The browser's side: finds the islands' markers and renders each island into the DOM between them.
import { type ComponentType, h, render } from "preact";

type Props = Record<string, unknown>;
type Components = Readonly<Record<string, ComponentType<Props>>>;

/** Brings the page's islands to life. `allProps` is indexed by the number in each marker. */
export function boot(islands: Components, allProps: readonly Props[]): void {
  const markers: Comment[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
  while (walker.nextNode() !== null) markers.push(walker.currentNode as Comment);
  const starts = markers.filter(({ data }) => data.startsWith("frsh:island:"));
  const ends = markers.filter(({ data }) => data === "/frsh:island");
  starts.forEach((start, i) => {
    const [, , name = "", index = ""] = start.data.split(":");
    const island = h(islands[name]!, allProps[Number(index)]!);
    // One task each: an island that throws stops no other.
    queueMicrotask(() => render(island, createElementBetween(start, ends[i]!) as Element));
  });
}

/** An element as Preact uses one, whose children are the nodes between two markers. */
function createElementBetween(start: Comment, end: Comment): unknown {
  const parent = start.parentNode!;
  const nodes = () => {
    const list: Node[] = [];
    for (let node = start.nextSibling; node !== null && node !== end; node = node.nextSibling) {
      list.push(node);
    }
    return list;
  };
  return {
    nodeType: Node.ELEMENT_NODE,
    parentNode: parent,
    namespaceURI: (parent as Element).namespaceURI,
    ownerDocument: document,
    get childNodes() {
      return nodes();
    },
    get firstChild() {
      return nodes()[0] ?? null;
    },
    contains: (node: Node) => nodes().some((child) => child.contains(node)),
    insertBefore: (node: Node, before: Node | null) => parent.insertBefore(node, before ?? end),
    appendChild: (node: Node) => parent.insertBefore(node, end),
    removeChild: (node: Node) => parent.removeChild(node),
  };
}
