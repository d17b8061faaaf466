// The types of Fresh's public API that routes use, and `createDefine` over them.
import type { FunctionComponent, VNode } from "preact";

/** One request on its way through the middlewares to its route; `state` starts as `{}` and is shared by all. */
export interface Context<S> {
  readonly req: Request;
  /** The request's URL, repeated slashes in its path folded to one. */
  readonly url: URL;
  readonly info: Deno.ServeHandlerInfo;
  /** What stands in the path where the route file's name has [name] or [...name]. */
  readonly params: Readonly<Record<string, string>>;
  readonly state: S;
  /** Asks whatever comes next. Rejects with an HttpError where nothing answers, or with what was thrown. */
  next: () => Promise<Response>;
}

export type Middleware<S> = (ctx: Context<S>) => Response | Promise<Response>;

/** What a page component gets. `D` is what Fresh's handlers give; pages here have none. */
export interface PageProps<D, S> extends Omit<Context<S>, "next"> {
  readonly data: D;
  /** In `_app`: the page. */
  readonly Component: FunctionComponent;
}

export type PageComponent<S> = (props: PageProps<unknown, S>) => VNode | null;

/** `page` gives a page component its types and returns it as it is. */
export function createDefine<S>(): { page(component: PageComponent<S>): PageComponent<S> } {
  return { page: (component) => component };
}
