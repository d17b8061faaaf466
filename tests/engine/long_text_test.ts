// A long text in a real worker, which leaves its turn when a message comes.
import assert from "node:assert/strict";
import { specFor } from "./spec.ts";
import { ask, withEngine } from "./real_engine.ts";

Deno.test("others are answered before a long text is, and it ends however many ask", async () => {
  await withEngine(specFor("tiny-gpt2"), async ({ engine }) => {
    const order: string[] = [];
    const options = { client: "long", signal: new AbortController().signal, encoded: true };
    const long = engine.submit("tokenize", { model_key: null, text: "ab".repeat(2 ** 17) }, options)
      .then((json) => {
        order.push("long");
        return JSON.parse(new TextDecoder().decode(json));
      });
    for (let other = 0; other < 5; other++) {
      await ask(engine, { ids: [1, 2, 3 + other] });
      order.push("other");
    }
    const { tokens } = await long;
    assert.equal(order[0], "other", order.join());
    assert.equal(tokens.map(({ text }: { text: string }) => text).join("").length, 2 ** 18);
  });
});
