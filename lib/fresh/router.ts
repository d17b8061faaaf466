// From a URL to the middlewares that answer it. Middlewares and error pages hang on a tree of path segments.
import { HttpError } from "./http_error.ts";
import { runRoute } from "./route.ts";
import type { Method, Middleware, PageComponent, Route } from "./types.ts";

interface Segment<S> {
  readonly parent: Segment<S> | null;
  readonly children: Map<string, Segment<S>>;
  readonly middlewares: Middleware<S>[];
  error: Route<S> | null;
}

interface Target<S> {
  readonly pattern: string;
  readonly methods: Map<Method | "ALL", Middleware<S>[]>;
}

/** What answers a request: `chain` runs in order; `allowed` is set when only other methods are known. */
export interface Match<S> {
  chain: Middleware<S>[];
  pattern: string | null;
  params: Record<string, string>;
  allowed: string[] | null;
}

export class Router<S> {
  readonly #root: Segment<S> = newSegment<S>(null);
  readonly #statics = new Map<string, Target<S>>();
  readonly #patterns: { pattern: URLPattern; target: Target<S> }[] = [];
  app: PageComponent<null, S> | null = null;
  notFound: Route<S> | null = null;

  use(segments: readonly string[], ...middlewares: Middleware<S>[]): void {
    this.#segment(segments).middlewares.push(...middlewares);
  }

  onError(segments: readonly string[], route: Route<S>): void {
    this.#segment(segments).error = route;
  }

  /** Answers `method` at `pattern` (URLPattern syntax) behind the middlewares of `segments` known so far. */
  add(method: Method | "ALL", pattern: string, segments: readonly string[], ...own: Middleware<S>[]): void {
    const target = this.#target(pattern);
    const chain = [...this.#chain(this.#segment(segments)), ...own];
    target.methods.set(method, [...target.methods.get(method) ?? [], ...chain]);
  }

  match(method: Method, url: URL): Match<S> {
    const { target, params } = this.#find(url);
    const methods = target?.methods;
    const chain = methods?.get(method) ?? (method === "HEAD" ? methods?.get("GET") : undefined) ??
      methods?.get("ALL");
    const pattern = target?.pattern ?? null;
    if (chain !== undefined) return { chain, pattern, params, allowed: null };
    const allowed = methods === undefined ? null : [...methods.keys()];
    return { chain: this.#chain(this.#root), pattern, params: {}, allowed };
  }

  #find({ pathname }: URL): { target: Target<S> | null; params: Record<string, string> } {
    const fixed = this.#statics.get(pathname) ?? this.#statics.get(pathname.replace(/\/$/, ""));
    if (fixed !== undefined) return { target: fixed, params: {} };
    for (const { pattern, target } of this.#patterns) {
      const groups = pattern.exec({ pathname })?.pathname.groups;
      if (groups === undefined) continue;
      const params = Object.entries(groups).map(([name, value]) => [name, decodeParam(value ?? "")]);
      return { target, params: Object.fromEntries(params) };
    }
    return { target: null, params: {} };
  }

  #target(pattern: string): Target<S> {
    if (!/[*:{}+?()]/.test(pattern)) {
      const known = this.#statics.get(pattern) ?? { pattern, methods: new Map() };
      this.#statics.set(pattern, known);
      return known;
    }
    const known = this.#patterns.find(({ target }) => target.pattern === pattern)?.target;
    if (known !== undefined) return known;
    const target: Target<S> = { pattern, methods: new Map() };
    this.#patterns.push({ pattern: new URLPattern({ pathname: pattern }), target });
    return target;
  }

  #segment(names: readonly string[]): Segment<S> {
    let segment = this.#root;
    for (const name of names) {
      const child = segment.children.get(name) ?? newSegment(segment);
      segment.children.set(name, child);
      segment = child;
    }
    return segment;
  }

  /** From the root to `segment`: at each level its error page, then its middlewares. */
  #chain(segment: Segment<S>): Middleware<S>[] {
    const above = segment.parent === null ? [] : this.#chain(segment.parent);
    return [...above, this.#errorBoundary(segment), ...segment.middlewares];
  }

  #errorBoundary(segment: Segment<S>): Middleware<S> {
    const { error } = segment;
    const notFound = () => this.notFound;
    return async (ctx) => {
      try {
        return await ctx.next();
      } catch (reason) { // the only way an error becomes a page
        const status = reason instanceof HttpError ? reason.status : 500;
        const route = status === 404 ? notFound() ?? error : error;
        if (route === null) throw reason;
        return await runRoute(ctx, route, status);
      }
    };
  }
}

function newSegment<S>(parent: Segment<S> | null): Segment<S> {
  return { parent, children: new Map(), middlewares: [], error: null };
}

/** `%2F` stays as it is, so that a parameter never grows a slash. */
function decodeParam(value: string): string {
  try {
    return decodeURI(value);
  } catch (cause) {
    throw new HttpError(400, "The address has a malformed escape", { cause });
  }
}
