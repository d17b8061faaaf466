// The real server as a child process, with the permissions and flags of the start task, and requests to it.
import { BUNDLED, ROOT } from "./model.ts";
import { openPlainClient, type PlainClient } from "./plain_client.ts";

export interface Server {
  readonly url: string;
  readonly pid: number;
  /** performance.now() when the process was started. */
  readonly spawned: number;
  stop(): Promise<void>;
}

/** The part of an answer of POST /api/next-token that is looked at here. */
export interface Answer {
  readonly candidates: readonly { readonly id: number }[];
  readonly timing: { readonly computed_tokens: number; readonly decode_ms: number };
}

/** The part of GET /api/model/status that is looked at here. */
export interface Status {
  readonly vocab_size: number;
  readonly runtime: string;
  readonly cache: { readonly bytes: number };
  readonly loading: boolean;
  readonly progress: { readonly phase: string } | null;
  readonly load_error: string | null;
}

/** Variables that would make a run differ from the next; "" counts as not set. */
const NEUTRAL = {
  ...{ NEXTTOKEN_MODEL: BUNDLED, NEXTTOKEN_DEVICE: "cpu", NEXTTOKEN_RUNNER: "", NEXTTOKEN_KV_CACHE_MB: "" },
  ...{
    NEXTTOKEN_THREADS: "",
    NEXTTOKEN_PREFETCH: "",
    LLM_DEMO_DEFAULT_MODEL: "",
    LLM_DEMO_LOG_LEVEL: "warn",
    HOST: "",
    PORT: "0",
  },
};
const STOP_PATIENCE_MS = 5000;
/** What ends the bench, and must not leave a server behind. */
const ENDINGS: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];

/** Builds what the server serves, where it is stale: the first half of the start task. */
export async function buildPage(): Promise<void> {
  const { build } = await startCommands();
  const output = await new Deno.Command(Deno.execPath(), { args: build, cwd: ROOT }).output();
  if (output.success) return;
  throw new Error(`Building the page failed: ${new TextDecoder().decode(output.stderr)}`);
}

/** Starts a server on a free port; resolves when it listens, which is before its model is ready. */
export async function startServer(env: Readonly<Record<string, string>> = {}): Promise<Server> {
  const { serve } = await startCommands();
  const detached = Deno.build.os !== "windows"; // a process group of its own, to end all of it
  const options = { args: serve, cwd: ROOT, env: { ...NEUTRAL, ...env }, detached } as const;
  const spawned = performance.now();
  const child = new Deno.Command(Deno.execPath(), { ...options, stdout: "piped", stderr: "inherit" }).spawn();
  const kill = (signal: Deno.Signal) => Deno.kill(detached ? -child.pid : child.pid, signal);
  const interrupted = () => {
    kill("SIGKILL");
    Deno.exit(130);
  };
  for (const signal of ENDINGS) Deno.addSignalListener(signal, interrupted);
  const ignore = () => {
    for (const signal of ENDINGS) Deno.removeSignalListener(signal, interrupted);
  };
  const stop = async () => {
    ignore();
    kill("SIGTERM");
    const timer = setTimeout(() => kill("SIGKILL"), STOP_PATIENCE_MS);
    await child.status;
    clearTimeout(timer);
  };
  const url = await addressFrom(child.stdout);
  if (url !== null) return { url, pid: child.pid, spawned, stop };
  ignore();
  throw new Error(`The server ended with code ${(await child.status).code} before it listened.`);
}

/** Runs `work` with a server whose model is ready, and stops it whatever happens. */
export async function withServer(
  env: Readonly<Record<string, string>>,
  work: (server: Server) => Promise<void>,
): Promise<void> {
  await buildPage();
  const server = await startServer(env);
  try {
    await firstAnswer(server, [1]);
    await work(server);
  } finally {
    await server.stop();
  }
}

/** Answers that a client takes until V8 has compiled it. */
const PRACTICE = 300;

/** Has this process ask a server of its own, so that what is measured of another one is no interpreted client. `bytes`:
 * of each answer. */
export async function practise(
  bytes: number,
  ask: (client: PlainClient, ids: readonly number[]) => Promise<unknown>,
): Promise<void> {
  const answer = JSON.stringify({ candidates: [], timing: {}, text: "x".repeat(bytes) });
  const headers = { "content-type": "application/json" };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    await request.text();
    return new Response(answer, { headers });
  });
  try {
    const { hostname, port } = server.addr;
    const client = await openPlainClient(`http://${hostname}:${port}`);
    for (let at = 0; at < PRACTICE; at++) await ask(client, [at]);
    client.close();
  } finally {
    await server.shutdown();
  }
}

/** Asks until the model has loaded. Throws where it never will. */
export async function firstAnswer(server: Server, ids: readonly number[]): Promise<void> {
  while (true) {
    const response = await post(server, ids);
    const text = await response.text();
    if (response.ok) return;
    const loading = response.status === 503 && text.includes('"model_loading"');
    if (!loading) throw new Error(`The server answered ${response.status}: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What the page asks POST /api/next-token after a click. */
export function nextTokenBody(ids: readonly number[]) {
  return { ids, top_k: 50, temperature: 0.7 };
}

/** What it asks POST /api/step: the token `id` after `ids`, and the distribution behind it. */
export function stepBody(ids: readonly number[], id: number) {
  return { prompt_ids: ids, force_token_id: id, top_k: 50, include: ["stages", "next"] };
}

/** One request to POST /api/next-token, by ids, as the page asks after a click. */
export function post(
  server: Pick<Server, "url">,
  ids: readonly number[],
  { client = "bench", accept = "application/json", signal }: {
    client?: string;
    accept?: string;
    signal?: AbortSignal;
  } = {},
): Promise<Response> {
  return fetch(`${server.url}/api/next-token`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-nexttoken-client": client, accept },
    body: JSON.stringify(nextTokenBody(ids)),
    ...(signal && { signal }),
  });
}

/** As {@link post}, the answer read; throws where it is none. */
export async function askServer(
  server: Pick<Server, "url">,
  ids: readonly number[],
  client?: string,
): Promise<Answer> {
  const response = await post(server, ids, client === undefined ? {} : { client });
  if (!response.ok) throw new Error(`The server answered ${response.status}: ${await response.text()}`);
  return await response.json() as Answer;
}

/** One click of the page: the token `id` after `ids`, and the distribution behind it. */
export async function stepServer(
  server: Server,
  ids: readonly number[],
  id: number,
): Promise<Pick<Answer, "timing">> {
  const response = await fetch(`${server.url}/api/step`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(stepBody(ids, id)),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The server answered ${response.status}: ${text}`);
  return JSON.parse(text) as Answer;
}

export async function statusOf(server: Server): Promise<Status> {
  return await (await fetch(`${server.url}/api/model/status`)).json() as Status;
}

/** Asks for another model, which then loads. */
export async function loadModel(server: Server, id: string): Promise<void> {
  const response = await fetch(`${server.url}/api/model/load`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model_id: id }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The server answered ${response.status}: ${text}`);
}

/** Starts a hub that knows the bundled model under `names`. */
export async function hubProcess(names: readonly string[]): Promise<Pick<Server, "url" | "stop">> {
  const args = ["run", "--no-check", "--allow-net", "--allow-read", `${ROOT}/bench/hub_process.ts`, ...names];
  const options = { args, cwd: ROOT, stdin: "piped", stdout: "piped", stderr: "inherit" } as const;
  const child = new Deno.Command(Deno.execPath(), options).spawn();
  const url = await addressFrom(child.stdout, /^(http:\/\/\S+)/);
  if (url === null) {
    throw new Error(`The hub ended with code ${(await child.status).code} before it listened.`);
  }
  const stop = async () => {
    await child.stdin.close();
    await child.status;
  };
  return { url, stop };
}

/** Resident memory of a process in MB (10^6 bytes). Deno itself may not read /proc with named permissions. */
export async function residentMegabytes(pid: number): Promise<number> {
  const [command, args] = Deno.build.os === "linux"
    ? ["cat", [`/proc/${pid}/status`]]
    : ["ps", ["-o", "rss=", "-p", String(pid)]];
  const { stdout } = await new Deno.Command(command, { args }).output();
  const kibibytes = /(?:VmRSS:)?\s*(\d+)(?: kB)?$/m.exec(linesAbout(new TextDecoder().decode(stdout)))?.[1];
  if (kibibytes === undefined) throw new Error(`The memory of process ${pid} is not known here.`);
  return Number(kibibytes) * 1024 / 1e6;
}

function linesAbout(text: string): string {
  return /^VmRSS:.*$/m.exec(text)?.[0] ?? text.trim();
}

/** The two commands of the start task in deno.json, each behind a variable: build the page, serve it. */
async function startCommands(): Promise<{ build: string[]; serve: string[] }> {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`)) as { tasks: { start: string } };
  const [build, serve] = tasks.start.split("&&").map((command) => command.trim().split(/\s+/).slice(1));
  if (build?.[0] !== "deno" || serve?.[0] !== "deno") {
    throw new Error("The start task of deno.json is no longer two commands of Deno: repair bench/server.ts.");
  }
  return { build: build.slice(1), serve: serve.slice(1) };
}

/** The address that the server prints, or null where its output ends first; reads on, so that it never blocks. */
function addressFrom(
  output: ReadableStream<Uint8Array<ArrayBuffer>>,
  address = /at (http:\/\/\S+)/,
): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const read = async () => {
    let text = "";
    for await (const part of output.pipeThrough(new TextDecoderStream())) {
      text = (text + part).slice(-1000);
      const url = address.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    }
    resolve(null);
  };
  read().catch(() => resolve(null));
  return promise;
}
