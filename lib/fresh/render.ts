// Server rendering: a page inside `_app`, with islands between marker comments, `Head` children lifted into
// `<head>`, and the boot script at the end of `<body>`. It works through Preact's option hooks, as Fresh does.
import { type ComponentChildren, Fragment, type FunctionComponent, h, options, type VNode } from "preact";
import { jsxTemplate } from "preact/jsx-runtime";
import { renderToString } from "preact-render-to-string";
import type { Build, Island } from "./build.ts";
import type { Context } from "./context.ts";
import { current } from "./current.ts";
import { documentHooks, RemainingHead } from "./render_head.ts";
import { escapeScript, toSource } from "./serialize.ts";
import type { PageComponent, PageProps } from "./types.ts";

/** Where a rendered Response carries the nonce of its scripts, for the middleware that sets the policy. */
const NONCE = Symbol.for("__freshNonce");

/** The state of one page while it renders. */
export interface Rendering {
  readonly nonce: string;
  readonly pathname: string;
  readonly build: Build | null;
  readonly islands: Set<Island>;
  readonly islandProps: unknown[];
  /** Head elements given through `Head`, by what they replace. */
  readonly head: Map<string, VNode>;
  /** Vnodes that the hooks made themselves and must leave alone. */
  readonly own: WeakSet<VNode>;
  readonly seen: { html: boolean; head: boolean; body: boolean; scripts: boolean };
  readonly depth: { island: number; headComponent: number; headElement: number };
}

type AnyProps = Record<string, unknown>;
type Hook = (vnode: VNode) => void;

/** The props of a page component for this request. */
export function pageProps<D, S>(ctx: Context<S>, data: D, Component: FunctionComponent): PageProps<D, S> {
  const { config, error, info, isPartial, params, req, route, state, url } = ctx;
  return { Component, config, data, error, info, isPartial, params, req, route, state, url };
}

/** Calls an `async` component, or makes a vnode of any other. */
export async function callComponent<D, S>(
  component: PageComponent<D, S>,
  props: PageProps<D, S>,
): Promise<VNode | Response | null> {
  if (component.constructor.name !== "AsyncFunction") return h(component as never, props as never);
  return await component(props) as VNode | Response | null;
}

/** The HTML response for `vnode` inside `app`. */
export async function renderPage<S>(
  ctx: Context<S>,
  vnode: VNode | null,
  app: PageComponent<null, S> | null,
  build: Build | null,
  init: ResponseInit,
): Promise<Response> {
  let content = "";
  const Component = () => jsxTemplate([content]);
  ctx.Component = Component;
  const outer = app === null ? null : await callComponent(app, pageProps(ctx, null, Component));
  if (outer instanceof Response) return outer;
  const rendering = newRendering(ctx.url.pathname, build);
  current.rendering = rendering;
  let html: string;
  try {
    content = renderToString(vnode ?? h(Fragment, null)); // the page first: `_app` has to know its Head
    html = completeDocument(outer === null ? content : renderToString(outer), rendering);
  } finally {
    current.rendering = null;
  }
  const headers = new Headers(init.headers);
  headers.set("content-type", "text/html; charset=utf-8");
  const links = preloads(rendering).map((path) => `<${encodeURI(path)}>; rel="modulepreload"; as="script"`);
  if (links.length > 0) headers.append("link", links.join(", "));
  const response = new Response(`<!DOCTYPE html>${html}`, { ...init, headers });
  Object.defineProperty(response, NONCE, { value: rendering.nonce });
  return response;
}

function newRendering(pathname: string, build: Build | null): Rendering {
  return {
    nonce: crypto.randomUUID().replaceAll("-", ""),
    pathname,
    build,
    islands: new Set(),
    islandProps: [],
    head: new Map(),
    own: new WeakSet(),
    seen: { html: false, head: false, body: false, scripts: false },
    depth: { island: 0, headComponent: 0, headElement: 0 },
  };
}

/** Adds whichever of html, head and body the page left out. */
function completeDocument(html: string, { seen }: Rendering): string {
  if (seen.html && seen.head && seen.body) return html;
  let tree: ComponentChildren = jsxTemplate([html]);
  if (!seen.body) tree = h("body", null, tree);
  if (!seen.head) tree = h(Fragment, null, h("head", null, h("meta", { charset: "utf-8" })), tree);
  if (!seen.html) tree = h("html", null, tree);
  return renderToString(tree as VNode);
}

function preloads({ islands, build }: Rendering): string[] {
  if (build === null || islands.size === 0) return [];
  const { client, preloads } = build.manifest;
  const chunks = [client, ...[...islands].map((island) => island.chunk)];
  return [...new Set([...chunks, ...chunks.flatMap((chunk) => preloads[chunk] ?? [])])];
}

/** The component that stands for an island in the page around it. */
function shellOf(island: Island, component: unknown): NonNullable<Island["shell"]> {
  island.shell ??= (props: AnyProps) => {
    const inner = h(component as never, props as never);
    const rendering = current.rendering;
    if (rendering === null || rendering.depth.island > 0) return inner;
    rendering.own.add(inner);
    rendering.islands.add(island);
    const index = rendering.islandProps.push(props) - 1;
    return h(Fragment, null, comment(`frsh:island:${island.name}:${index}:`), inner, comment("/frsh:island"));
  };
  return island.shell;
}

function comment(text: string): VNode {
  return h(Fragment, { UNSTABLE_comment: text } as never);
}

/** The module script that boots the page's islands; nothing on a page without any. */
function Scripts(): ComponentChildren {
  const rendering = current.rendering;
  if (rendering === null || rendering.seen.scripts) return null;
  rendering.seen.scripts = true;
  const { islands, build, nonce } = rendering;
  if (build === null || islands.size === 0) return null;
  const literal = (text: string) => escapeScript(JSON.stringify(text));
  const list = [...islands];
  const imports = list.map(({ exportName, chunk }, i) =>
    `import{${exportName} as i${i}}from${literal(chunk)};`
  );
  const registry = list.map(({ name }, i) => `${literal(name)}:i${i}`);
  const code = `import{boot}from${literal(build.manifest.client)};${imports.join("")}` +
    `boot({${registry.join(",")}},${toSource(rendering.islandProps)});`;
  return h("script", { type: "module", nonce, dangerouslySetInnerHTML: { __html: code } });
}

function beforeVNode(vnode: VNode, rendering: Rendering): void {
  if (typeof vnode.type === "string") {
    documentHooks.before(vnode, rendering);
    if (vnode.type === "head") append(vnode, RemainingHead);
    if (vnode.type === "body") append(vnode, Scripts);
    return;
  }
  if (rendering.own.has(vnode)) {
    rendering.depth.island++;
    return;
  }
  const island = rendering.build?.islands.get(vnode.type);
  if (island !== undefined && rendering.depth.island === 0) vnode.type = shellOf(island, vnode.type);
  else documentHooks.before(vnode, rendering);
}

function afterVNode(vnode: VNode, rendering: Rendering): void {
  if (typeof vnode.type === "function" && rendering.own.has(vnode)) rendering.depth.island--;
  else documentHooks.after(vnode, rendering);
}

function append(vnode: VNode, last: () => ComponentChildren): void {
  const { children } = vnode.props;
  vnode.props = { ...vnode.props, children: [children, h(last as FunctionComponent, null)] };
}

/** Puts `hook` in front of one of Preact's option hooks; it runs only while a page renders. */
function install(name: "__b" | "diffed", hook: (vnode: VNode, rendering: Rendering) => void): void {
  const hooks = options as unknown as Record<string, Hook | undefined>;
  const before = hooks[name];
  hooks[name] = (vnode) => {
    if (current.rendering !== null) hook(vnode, current.rendering);
    before?.(vnode);
  };
}

install("__b", beforeVNode);
install("diffed", afterVNode);
