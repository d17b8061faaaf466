// The document's own elements while a page renders: `Head`, nonces, marked assets, the current link.
import { type ComponentChildren, Fragment, h, type VNode } from "preact";
import { current } from "./current.ts";
import type { Rendering } from "./render.ts";
import { asset, Head } from "./runtime.ts";

type AnyProps = Record<string, unknown> & { children?: ComponentChildren };

const HEAD_TAGS = new Set(["title", "meta", "link", "base", "script", "style"]);

export const documentHooks = {
  before(vnode: VNode, rendering: Rendering): void {
    const { type } = vnode;
    const props = vnode.props as AnyProps;
    if (type === Head) rendering.depth.headComponent++;
    if (typeof type !== "string") return;
    if (type === "html" || type === "head" || type === "body") rendering.seen[type] = true;
    if (type === "head") rendering.depth.headElement++;
    if (type === "a") vnode.props = { ...vnode.props, ...linkState(props.href, rendering.pathname) };
    if (type === "img" || type === "source") vnode.props = { ...vnode.props, ...markedSources(props) };
    if ((type === "script" || type === "style") && !props.nonce) {
      vnode.props = { ...vnode.props, nonce: rendering.nonce } as VNode["props"];
    }
    const { headComponent, headElement } = rendering.depth;
    if (headComponent + headElement === 0 || !HEAD_TAGS.has(type) || rendering.own.has(vnode)) return;
    const inner = vnode.props;
    vnode.props = { tag: type, id: vnode.key ?? headKey(type, props), inner } as never;
    vnode.type = HeadItem as never;
  },
  after(vnode: VNode, rendering: Rendering): void {
    if (vnode.type === Head) rendering.depth.headComponent--;
    if (vnode.type === "head") rendering.depth.headElement--;
  },
};

/** An element of the head: kept for later inside `Head`, replaced by a kept one inside `<head>`. */
function HeadItem({ tag, id, inner }: { tag: string; id: string; inner: AnyProps }): ComponentChildren {
  const element = h(tag, inner) as VNode;
  const rendering = current.rendering;
  if (rendering === null) return element;
  rendering.own.add(element);
  if (rendering.depth.headComponent > 0) {
    rendering.head.set(id, element);
    return null;
  }
  const replacement = rendering.head.get(id);
  rendering.head.delete(id);
  return replacement ?? element;
}

/** What `Head` gave and nothing in `<head>` has taken. */
export function RemainingHead(): ComponentChildren {
  const rendering = current.rendering;
  if (rendering === null) return null;
  const rest = [...rendering.head.values()];
  rendering.head.clear();
  return h(Fragment, null, ...rest);
}

/** One title; one meta of a name, whatever its content; other elements by all their attributes. */
function headKey(tag: string, props: AnyProps): string {
  if (tag === "title") return tag;
  const skipped = new Set([
    "children",
    "nonce",
    "dangerouslySetInnerHTML",
    ...(tag === "meta" ? ["content"] : []),
  ]);
  const names = Object.keys(props).filter((name) => !skipped.has(name)).sort();
  return JSON.stringify([tag, ...names.map((name) => [name, String(props[name])])]);
}

function markedSources(props: AnyProps): AnyProps {
  if (props["data-fresh-disable-lock"]) return {};
  const { src, srcset } = props;
  return {
    ...(typeof src === "string" ? { src: asset(src) } : {}),
    ...(typeof srcset === "string" ? { srcset: markedSourceSet(srcset) } : {}),
  };
}

function markedSourceSet(srcset: string): string {
  return srcset.split(",").map((part) => part.replace(/\S+/, (url) => asset(url))).join(",");
}

/** Marks a link to the page itself, or to a folder above it. */
function linkState(href: unknown, pathname: string): AnyProps {
  if (typeof href !== "string" || !href.startsWith("/")) return {};
  const trim = (path: string) => path === "/" ? path : path.replace(/\/$/, "");
  const target = trim(new URL(href, "http://localhost").pathname);
  const here = trim(pathname);
  if (here === target) return { "data-current": "true", "aria-current": "page" };
  const above = target === "/" || here.startsWith(`${target}/`);
  return above ? { "data-ancestor": "true", "aria-current": "true" } : {};
}
