// The program as `deno task start` runs it: built into few files. Each kind of Worker is started by its URL there, so
// each is asked for something.
import assert from "node:assert/strict";
import { fromFileUrl } from "../paths.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const BUNDLED = "HuggingFaceTB/SmolLM2-135M-Instruct";
const JSON_TYPE = { "content-type": "application/json" };

/** The two commands of the start task: build, serve. */
async function startCommands(): Promise<string[][]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`));
  return tasks.start.split("&&").map((command: string) => command.trim().split(/\s+/).slice(2));
}

/** Serves as the start task does, on a free port, until `use` is done. */
async function whileServed(use: (url: string) => Promise<void>): Promise<void> {
  const [build, serve] = await startCommands();
  const built = await new Deno.Command(Deno.execPath(), { args: build!, cwd: ROOT }).output();
  assert.ok(built.success, new TextDecoder().decode(built.stderr));
  const env = { PORT: "0", HOST: "127.0.0.1", NEXTTOKEN_DEVICE: "cpu", NEXTTOKEN_PREFETCH: "0" };
  const options = { args: serve!, cwd: ROOT, env, stdout: "piped", stderr: "null" } as const;
  const server = new Deno.Command(Deno.execPath(), options).spawn();
  let text = "";
  const address = Promise.withResolvers<string>();
  const write = (part: string) => {
    text += part;
    const url = /at (http:\/\/\S+)/.exec(text)?.[1];
    if (url !== undefined) address.resolve(url);
  };
  const close = () => address.reject(new Error(`The server ended before it listened: ${text}`));
  const reading = server.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
    new WritableStream({ write, close }),
  );
  try {
    await use(await address.promise);
  } finally {
    server.kill("SIGTERM");
    await Promise.all([server.status, reading]);
  }
}

async function post(url: string, body: Record<string, unknown>): Promise<Record<string, unknown>> {
  while (true) {
    const response = await fetch(url, { method: "POST", headers: JSON_TYPE, body: JSON.stringify(body) });
    const answer = await response.json();
    if (response.ok) return answer;
    assert.equal(answer.code, "model_loading", JSON.stringify(answer));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

Deno.test("the built program reads no module of Node that nothing in it uses", async () => {
  const [build] = await startCommands();
  const built = await new Deno.Command(Deno.execPath(), { args: build!, cwd: ROOT }).output();
  assert.ok(built.success, new TextDecoder().decode(built.stderr));
  const wrong: string[] = [];
  for await (const { name, isFile } of Deno.readDir(`${ROOT}/_fresh/app`)) {
    const code = isFile ? await Deno.readTextFile(`${ROOT}/_fresh/app/${name}`) : "";
    for (const [line, local] of code.matchAll(/^import (\w+) from "node:[^"]+";$/gm)) {
      if (code.split(new RegExp(`\\b${local}\\b`)).length === 2) wrong.push(`${name}: ${line}`);
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("the built program serves the page, answers from every Worker and loads another model", async () => {
  await whileServed(async (url) => {
    const page = await fetch(url);
    assert.equal(page.status, 200);
    const html = await page.text();
    const script = await fetch(url + /\/_fresh\/js\/[^"]+\.js/.exec(html)?.[0]);
    assert.equal(script.status, 200);
    await script.body?.cancel();

    const ids = [504, 3575, 282, 4649, 314]; // "The capital of France is"
    const { candidates } = await post(`${url}/api/next-token`, { ids, top_k: 1 });
    assert.equal((candidates as { token: string }[])[0]!.token, " Paris");
    const chat = { messages: [{ role: "user", content: "Say yes." }], use_chat_template: true };
    const constraint = { enabled: true, type: "regex", schema: "(yes|no)" };
    const { dist } = await post(`${url}/api/step`, { ...chat, constraint }); // the sandbox, twice
    assert.equal((dist as { constraint_active: boolean }).constraint_active, true);
    const explained = { prompt_ids: ids, method: "attention", target_token_id: 7042 };
    const { attributions } = await post(`${url}/api/attribution`, explained);
    assert.equal((attributions as number[]).length, ids.length);

    await post(`${url}/api/model/load`, { model_id: BUNDLED }); // beside the one that serves: a background thread
    while (true) {
      const status = await (await fetch(`${url}/api/model/status`)).json();
      assert.equal(status.load_error, null);
      if (!status.loading) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.equal((await post(`${url}/api/next-token`, { ids, top_k: 1 })).model, BUNDLED);
  });
});
