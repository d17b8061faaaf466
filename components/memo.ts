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

/** `Part`, drawn again only where its props have other values, which are few and plain: JSON says the same of what
 * looks the same. `but`: functions, which are left out of that. */
export function memoPlain<P extends object>(Part: (props: P) => VNode, ...but: readonly (keyof P)[]) {
  const written = (props: P) =>
    JSON.stringify(props, (key, value) => but.includes(key as keyof P) ? null : value);
  return memo(Part, (before, next) => written(before) === written(next));
}
