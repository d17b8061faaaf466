// The browser's side: finds the islands' markers and renders each island into the DOM between them.
import { type ComponentType, h, render } from "preact";

interface Root {
  component: ComponentType<Record<string, unknown>>;
  props: Record<string, unknown>;
  start: Comment;
  end: Comment;
}

/** Brings the page's islands to life. `allProps` is indexed by the number in each marker. */
export function boot(islands: Record<string, Root["component"]>, allProps: Record<string, unknown>[]): void {
  for (const root of findRoots(islands, allProps)) {
    // One task each: an island that throws stops no other.
    queueMicrotask(() => revive(root));
  }
}

function findRoots(islands: Record<string, Root["component"]>, allProps: Record<string, unknown>[]): Root[] {
  const roots: Root[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
  let open: Omit<Root, "end"> | null = null;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const marker = node as Comment;
    const [prefix, kind, name = "", index = ""] = marker.data.split(":");
    if (prefix === "frsh" && kind === "island") {
      const component = islands[name];
      const props = allProps[Number(index)];
      if (component !== undefined && props !== undefined) open = { component, props, start: marker };
    } else if (marker.data === "/frsh:island" && open !== null) {
      roots.push({ ...open, end: marker });
      open = null;
    }
  }
  return roots;
}

function revive({ component, props, start, end }: Root): void {
  const parent = start.parentNode;
  if (parent === null) return;
  const typed = typedValues(start, end);
  render(h(component, props), between(parent, start, end) as unknown as Element);
  for (const { element, restore } of typed) {
    if (!element.isConnected) continue;
    restore();
    element.dispatchEvent(new Event("input", { bubbles: true }));
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** An element as Preact uses one, whose children are the nodes between two markers. */
function between(parent: Node, start: Comment, end: Comment): unknown {
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

interface Typed {
  element: Element;
  restore: () => void;
}

/** What the user has entered before the script ran; rendering would put the first values back. */
function typedValues(start: Comment, end: Comment): Typed[] {
  const found: Typed[] = [];
  for (const element of document.querySelectorAll("input, textarea, select")) {
    const after = start.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
    const before = end.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING;
    const restore = after && before ? entered(element) : null;
    if (restore !== null) found.push({ element, restore });
  }
  return found;
}

function entered(element: Element): (() => void) | null {
  if (element instanceof HTMLSelectElement) {
    const { value } = element;
    const first = [...element.options].find((option) => option.defaultSelected) ?? element.options[0];
    return element.multiple || first === undefined || value === first.value
      ? null
      : () => element.value = value;
  }
  if (element instanceof HTMLInputElement && (element.type === "checkbox" || element.type === "radio")) {
    const { checked } = element;
    return checked === element.defaultChecked ? null : () => element.checked = checked;
  }
  if (!(element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement)) return null;
  const { value, selectionStart, selectionEnd } = element;
  if (value === element.defaultValue || element.type === "file") return null;
  return () => {
    element.value = value;
    if (document.activeElement === element && selectionStart !== null) {
      element.setSelectionRange(selectionStart, selectionEnd);
    }
  };
}
