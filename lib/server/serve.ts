// Listening, and stopping cleanly: the jobs end, the answers go out, the streams close, the process exits 0.
import type { Services } from "../define.ts";
import type { Output } from "../log.ts";
import { type Handler, listen, type Listening } from "./listen.ts";

/** How long open streams may hold a stopping server, in milliseconds. */
const STREAM_GRACE_MS = 500;
/** How long the last lines may, in milliseconds. */
const LINES_MS = 200;

/** Serves `handler` until SIGINT or SIGTERM. An address that cannot be
 * listened on ends the process with exit code 1 and a sentence. */
export async function serve(
  handler: Handler,
  { config, engine, checks, log }: Services,
  output: Output,
): Promise<void> {
  let server: Listening | null = null;
  let stopping = false;
  const stop = async () => {
    if (stopping) Deno.exit(130); // asked twice: at once
    stopping = true;
    checks.close();
    await engine.close();
    await server?.close(STREAM_GRACE_MS);
    await output.flush(LINES_MS);
    Deno.exit(0);
  };
  // Before listening: a signal right after the first line must find its listener.
  Deno.addSignalListener("SIGINT", stop);
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGTERM", stop);
    Deno.addSignalListener("SIGXFSZ", () => {}); // a limit on the size of files fails one download, not the server
  }
  try {
    const onFailure = (error: unknown) => log.error("A request was not answered", error);
    server = await listen(handler, config.host, config.port, { onFailure });
  } catch (error) {
    await engine.close();
    const sentence = whyNotListening(error, config);
    if (sentence === null) throw error;
    log.error(sentence);
    await output.flush(LINES_MS);
    Deno.exit(1);
  }
  output.write("info", `Next Token is at ${addressOf(server.hostname, server.port)}`);
}

/** Why `host` and `port` cannot be listened on, in words; null for any other error. */
export function whyNotListening(
  error: unknown,
  { host, port }: { host: string; port: number },
): string | null {
  if (error instanceof Deno.errors.AddrInUse) {
    return `Port ${port} is in use. Stop what uses it, or choose another with PORT=5006.`;
  }
  const code = error instanceof Error && "code" in error ? error.code : null;
  switch (code) {
    case "EACCES":
    case "EPERM":
      return `This process may not listen on port ${port}. Choose one above 1023, such as PORT=5006.`;
    case "EADDRNOTAVAIL":
    case "EINVAL": // what Deno says of the same
      return `${host} is no address of this machine. Set HOST to one of its own, to 127.0.0.1, or to 0.0.0.0 for all.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The name ${host} leads to no address. Set HOST to an IP address or to a name that resolves.`;
    default:
      return null;
  }
}

/** An address to click on: the wildcard addresses are reached by localhost. */
function addressOf(hostname: string, port: number): string {
  const wildcard = hostname === "0.0.0.0" || hostname === "::";
  const name = wildcard ? "localhost" : hostname.includes(":") ? `[${hostname}]` : hostname;
  return `http://${name}:${port}`;
}
