// Listening, and stopping cleanly: the jobs end, the answers go out, the streams close, the process exits 0.
import type { Services } from "../define.ts";
import type { Output } from "../log.ts";
import { type Handler, listen, type Listening } from "./listen.ts";
import { whyNotListening } from "./why_not_listening.ts";

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

/** An address to click on: the wildcard addresses are reached by localhost. */
function addressOf(hostname: string, port: number): string {
  const wildcard = hostname === "0.0.0.0" || hostname === "::";
  const name = wildcard ? "localhost" : hostname.includes(":") ? `[${hostname}]` : hostname;
  return `http://${name}:${port}`;
}
