// Who asks. Fair queueing, "a newer request of the same page" and the lock on the model depend on it.
import type { Context } from "fresh";
import type { State } from "../../define.ts";
import type { SubmitOptions } from "../../engine/types.ts";
import { headerNamesOf } from "./served_request.ts";

/** What of a request says who it is from. */
interface Asking {
  readonly req: Pick<Request, "headers">;
  readonly info: Pick<Context<State>["info"], "remoteAddr">;
  readonly state: { readonly config: Pick<State["config"], "trustProxy"> };
}

const THIS_COMPUTER: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1", "localhost"]);

/** Whether an address means the computer that the server runs on. */
export function isThisComputer(address: string): boolean {
  return THIS_COMPUTER.has(address);
}

/** Headers by which proxies say that they pass a request on. */
const FORWARDED = /^(forwarded|via|x-real-ip|x-forwarded-.+)$/;

/** The page that names itself in X-NextToken-Client, else the address a request comes from. A name longer than
 * 64 characters or with unusual ones counts as none. */
export function clientOf(asking: Asking): Required<Pick<SubmitOptions, "client" | "replaces">> {
  const name = asking.req.headers.get("x-nexttoken-client");
  if (name !== null && /^[\w.:-]{1,64}$/.test(name)) return { client: `page ${name}`, replaces: true };
  return { client: `address ${addressOf(asking) ?? directAddressOf(asking)}`, replaces: false };
}

/** The address a request comes from. Where a proxy on this computer passed it on: the nearest one in X-Forwarded-For
 * that is another computer's, as what comes before that may be made up; null where no proxy is trusted, or this one is
 * silent. Of a proxy on another computer it is the proxy's. */
export function addressOf(asking: Asking): string | null {
  const { req, state: { config } } = asking;
  const direct = directAddressOf(asking);
  if (!headerNamesOf(req).some((name) => FORWARDED.test(name))) return direct;
  const named = config.trustProxy ? req.headers.get("x-forwarded-for") : null;
  if (named === null) return isThisComputer(direct) ? null : direct;
  const way = [...named.split(",").map(withoutPort), direct];
  return way.findLast((address) => !isThisComputer(address)) ?? direct;
}

function directAddressOf({ info: { remoteAddr } }: Asking): string {
  return "hostname" in remoteAddr ? remoteAddr.hostname : "local";
}

/** "[::1]:80" -> "::1", "127.0.0.1:80" -> "127.0.0.1". */
function withoutPort(address: string): string {
  const [, bracketed, plain] = /^\[(.*)\](?::\d+)?$|^([^:]*):\d+$/.exec(address.trim()) ?? [];
  return bracketed ?? plain ?? address.trim();
}
