// Who asks. Fair queueing and "a newer request of the same page" depend on it.
import type { SubmitOptions } from "../../engine/types.ts";

/** The page that names itself in X-NextToken-Client, else the address a request comes from. A name longer than
 * 64 characters or with unusual ones counts as none. */
export function clientOf(
  request: Request,
  remoteAddress: Deno.Addr,
): Required<Pick<SubmitOptions, "client" | "replaces">> {
  const name = request.headers.get("x-nexttoken-client");
  if (name !== null && /^[\w.:-]{1,64}$/.test(name)) return { client: `page ${name}`, replaces: true };
  const address = "hostname" in remoteAddress ? remoteAddress.hostname : "local";
  return { client: `address ${address}`, replaces: false };
}
