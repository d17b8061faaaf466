// Server rendering: a page inside `_app`, its islands between marker comments, the boot script at the end of
// `<body>`. Islands are found through Preact's option hooks, as in Fresh.
import { Fragment, type FunctionComponent, h, options, type VNode } from "preact";
import { jsxTemplate } from "preact/jsx-runtime";
import { renderToString } from "preact-render-to-string";
import type { Island, IslandTable } from "./build.ts";
import { current, type Rendering } from "./current.ts";
import { escapeScript, toJson } from "./props.ts";
import type { Context, PageComponent, PageProps } from "./types.ts";

/** Where a rendered Response carries the nonce of its scripts, for the middleware that sets the policy. */
const NONCE = Symbol.for("__freshNonce");

/** What pages of one build have in common. */
export interface Site<S> {
  /** What is around them; null: a bare document. */
  readonly app: PageComponent<S> | null;
  readonly islands: IslandTable;
  /** URL path of the browser's boot module. */
  readonly client: string;
}

/** The HTML response for `page` inside its site. Throws where its `app` renders no `<body>`. */
export function renderPage<S>(
  ctx: Context<S>,
  page: PageComponent<S>,
  { app, islands, client }: Site<S>,
): Response {
  const { req, url, info, params, state } = ctx;
  const vnodeOf = (component: PageComponent<S>, Component: FunctionComponent): VNode => {
    const props: PageProps<unknown, S> = { req, url, info, params, state, data: {}, Component };
    return h(component as FunctionComponent, props as object);
  };
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const rendering: Rendering = { nonce, islands, roots: [] };
  const tree = vnodeOf(app ?? BareDocument, () => vnodeOf(page, () => null));
  const html = renderAs(rendering, tree);
  const end = html.lastIndexOf("</body>");
  if (end < 0) throw new Error("Expected routes/_app.tsx to render a <body> element");
  const headers = { "content-type": "text/html; charset=utf-8" };
  const body = `<!DOCTYPE html>${html.slice(0, end)}${bootScript(rendering, client)}${html.slice(end)}`;
  return Object.assign(new Response(body, { headers }), { [NONCE]: nonce });
}

function BareDocument({ Component }: { Component: FunctionComponent }): VNode {
  const head = h("head", null, h("meta", { charset: "utf-8" }));
  return h("html", null, head, h("body", null, h(Component, null)));
}

function renderAs(rendering: Rendering | null, tree: VNode): string {
  const before = current.rendering;
  current.rendering = rendering;
  try {
    return renderToString(tree);
  } finally {
    current.rendering = before;
  }
}

/** The component that stands for an island in the page around it. An island inside an island is an ordinary
 * component: the inside is rendered without the hooks. */
function shellOf(island: Island, component: FunctionComponent, { roots }: Rendering): FunctionComponent {
  return (props) => {
    const index = roots.push({ island, props }) - 1;
    const inside = jsxTemplate([renderAs(null, h(component, props))]);
    return h(
      Fragment,
      null,
      createComment(`frsh:island:${island.name}:${index}:`),
      inside,
      createComment("/frsh:island"),
    );
  };
}

function createComment(text: string): VNode {
  return h(Fragment, { UNSTABLE_comment: text } as never);
}

/** The module script that brings the page's islands to life; nothing on a page without any. */
function bootScript({ roots, nonce }: Rendering, client: string): string {
  const islands = [...new Set(roots.map(({ island }) => island))];
  if (islands.length === 0) return "";
  const literal = (text: string) => escapeScript(JSON.stringify(text));
  const imports = islands.map(({ chunk }, i) => `import i${i} from${literal(chunk)};`).join("");
  const registry = islands.map(({ name }, i) => `${literal(name)}:i${i}`).join();
  const props = toJson(roots.map((root) => root.props));
  const code = `import{boot}from${literal(client)};${imports}boot({${registry}},${props});`;
  return `<script type="module" nonce="${nonce}">${code}</script>`;
}

/** Preact calls `__b` with each element before it renders it. */
const hooks = options as { __b?: (vnode: VNode) => void };
const before = hooks.__b;
hooks.__b = (vnode) => {
  if (current.rendering !== null) prepare(vnode, current.rendering);
  before?.(vnode);
};

function prepare(vnode: VNode, rendering: Rendering): void {
  const island = rendering.islands.get(vnode.type);
  if (island !== undefined) vnode.type = shellOf(island, vnode.type as FunctionComponent, rendering);
  if ((vnode.type === "script" || vnode.type === "style") && !("nonce" in vnode.props)) {
    vnode.props = { nonce: rendering.nonce, ...vnode.props } as VNode["props"];
  }
}
