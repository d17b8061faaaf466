// Running one route: its handler, then its component.
import type { Context } from "./context.ts";
import { callComponent, pageProps } from "./render.ts";
import type { HandlerFn, Method, Route } from "./types.ts";

/** Answers with `route`; a method that its handler object lacks goes on to whatever comes next. */
export async function runRoute<S>(ctx: Context<S>, route: Route<S>, status = 200): Promise<Response> {
  const handler = handlerFor(route, ctx.req.method);
  if (handler === null) return await ctx.next();
  const answer = await handler(ctx);
  if (answer instanceof Response) return answer;
  if (typeof answer !== "object" || answer === null) {
    throw new TypeError(`Expected the handler of ${ctx.url.pathname} to return a Response or page data`);
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(headerList(answer.headers))) headers.set(name, value);
  let vnode = null;
  if (route.component !== undefined) {
    vnode = await callComponent(route.component, pageProps(ctx, answer.data as never, () => null));
    if (vnode instanceof Response) return vnode;
  }
  return await ctx.render(vnode, { headers, status: answer.status ?? status }, route.config);
}

function handlerFor<S>(route: Route<S>, method: string): HandlerFn<unknown, S> | null {
  const { handler } = route;
  const bare = route.component === undefined ? null : () => ({ data: {} });
  if (handler === undefined) return bare;
  if (typeof handler === "function") return handler;
  const own = handler[method as Method];
  if (own !== undefined) return own;
  if (method === "HEAD") return handler.GET ?? bare;
  return method === "GET" ? bare : null;
}

/** Later entries of one name win, `set-cookie` included: that is how Fresh copies them. */
function headerList(headers: HeadersInit | undefined): Record<string, string> {
  if (headers === undefined) return {};
  return Object.fromEntries(
    headers instanceof Headers || Array.isArray(headers) ? [...headers] : Object.entries(headers),
  );
}
