// Parts that are drawn again only where they would show something else.
import type { Component, VNode } from "preact";

/** `Part`, drawn again only where `same` says that its props show something else. `Part` has no state of its own.
 * A VNode that is kept and returned again would save as much, but it holds the tree that it was first drawn in, and
 * so everything that the page showed at that time. */
export function memo<P>(Part: (props: P) => VNode, same: (before: P, next: P) => boolean) {
  return function (this: Component<P>, props: P): VNode {
    this.shouldComponentUpdate = (next) => !same(this.props, next);
    return Part(props);
  };
}
