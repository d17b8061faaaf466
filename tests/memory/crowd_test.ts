// A crowd of clients on the bundled model, through the worker that the product starts: a second session is opened for
// them, its answers are those of a client that is alone, and its memory comes back when the crowd is gone.
import assert from "node:assert/strict";
import { chooseSessionThreads } from "../../lib/ort/threads.ts";
import type { Engine } from "../../lib/engine/types.ts";
import { pathOf } from "../engine/mortal_workers.ts";
import { withEngine } from "../engine/real_engine.ts";
import { FIRST_LOAD, specFor } from "../engine/spec.ts";
import { PATIENCE } from "../patience.ts";
import { footprint } from "./footprint.ts";

/** With room for all texts: one that is computed again in larger pieces is rounded otherwise. */
const SPEC = specFor("HuggingFaceTB/SmolLM2-135M-Instruct", { ...FIRST_LOAD, cacheBytes: 512 * 2 ** 20 });
const [CLIENTS, CLICKS, PROMPT] = [8, 6, 20];
const SESSION_MB = 90; // of the 119 that were measured: at least so much goes
const texts = Array.from({ length: CLIENTS }, (_, client) => pathOf(PROMPT + CLICKS, client, 49_000));

/** The probabilities that a client reads while its text grows by a token a click. */
async function clickThrough(engine: Engine, client: number): Promise<number[][]> {
  const { signal } = new AbortController();
  const found: number[][] = [];
  for (let length = PROMPT; length < PROMPT + CLICKS; length++) {
    const input = { ids: texts[client]!.slice(0, length), text: null, top_k: 20, temperature: 1 };
    const { candidates } = await engine.submit("next_token", input, { client: `client ${client}`, signal });
    found.push(candidates.map(({ prob }) => prob));
  }
  return found;
}

/** Waits until this process has given back so many megabytes of the most it had since the call. Where the system does
 * not say what it has, at once. */
async function giveBack(megabytes: number): Promise<void> {
  let most = 0;
  for (let now = await footprint(); now !== null; now = await footprint()) {
    most = Math.max(most, now.megabytes);
    if (now.megabytes < most - megabytes) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

Deno.test({
  name: "a crowd reads what each reads alone, on a second session whose memory comes back",
  ignore: chooseSessionThreads() === 1, // there they take turns
  ...PATIENCE,
  async fn() {
    const alone: number[][][] = [];
    await withEngine(SPEC, async ({ engine }) => {
      for (let client = 0; client < CLIENTS; client++) alone.push(await clickThrough(engine, client));
    });
    await withEngine(SPEC, async ({ engine }) => {
      const crowd = () => Promise.all(texts.map((_, client) => clickThrough(engine, client)));
      assert.deepEqual(await crowd(), alone);
      await giveBack(SESSION_MB);
      assert.deepEqual(await crowd(), alone, "from the caches");
    });
  },
});
