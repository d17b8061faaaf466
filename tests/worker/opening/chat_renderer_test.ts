import assert from "node:assert/strict";
import { createChatRenderer } from "../../../lib/worker/opening/chat_renderer.ts";
import type { JsonObject } from "../../../lib/wire/token.ts";

Deno.test("a text is kept for the same turns and variables only", async () => {
  let rendered = 0;
  const chat = createChatRenderer({
    names: ["default"],
    render: () => Promise.resolve(String(++rendered)),
    findUnread: () => [],
  });
  const signal = new AbortController().signal;
  const render = (variables: JsonObject, more: JsonObject = {}, template: string | null = null) =>
    chat.render([{ role: "user", content: "hi", ...more }], {
      addGenerationPrompt: true,
      continueFinalMessage: false,
      ...{ template, variables, signal },
    });
  const asked: [JsonObject, JsonObject?, string?][] = [
    [{}, {}, "rag"],
    [{ n: { "\u00002": 1, "\u00001": 2 } }],
    [{ n: { "\u00001": 2, "\u00002": 1 } }],
    [{}],
    [{ enable_thinking: false }],
    [{ tools: [{ type: "function" }] }],
    [{ documents: [{ text: "x" }] }],
    [{}, { name: "a" }],
    [{}, { tool_calls: [{ id: "1" }] }],
    [{ n: 1 }],
    [{ n: new Number(1) }],
    [{ n: 1n }],
  ];
  const first: string[] = [];
  for (const one of asked) first.push(await render(...one));
  assert.equal(new Set(first).size, asked.length);
  for (const [i, one] of asked.entries()) assert.equal(await render(...one), first[i]);
});
