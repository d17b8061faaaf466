// A request as the server gives it: it says which of Node's it stands for, whose parts are had without the web's.
import type { IncomingMessage } from "node:http";

type ServedRequest = Partial<Request> & {
  readonly runtime?: { readonly node?: { readonly req: IncomingMessage } | undefined };
};

/** Node's request behind one; undefined where there is none, as in tests. */
export function incomingOf(request: object): IncomingMessage | undefined {
  return (request as ServedRequest).runtime?.node?.req;
}

/** The names of a request's headers, in small letters: to list them by `Headers` sorts and copies them all. */
export function headerNamesOf(request: Pick<Request, "headers">): string[] {
  const incoming = incomingOf(request);
  return incoming === undefined ? [...request.headers.keys()] : Object.keys(incoming.headers);
}
