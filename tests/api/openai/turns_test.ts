// Turns in OpenAI's forms, for templates that know parts and for those that do not.
import assert from "node:assert/strict";
import { readChat, readTurns } from "../../../lib/api/openai/turns.ts";
import { fault, faultOf } from "../../../lib/fault.ts";
import type { ReadPromptInput } from "../../../lib/wire/sample.ts";
import type { ChatMessage } from "../../../lib/wire/token.ts";

const PARTS = [{ role: "user", content: [{ type: "text", text: "a" }, { type: "text", text: "b" }] }];
const CALL = [{ role: "assistant", content: null, tool_calls: [{ id: "1" }] }];
const options = { client: "test", signal: new AbortController().signal };

/** What a template wrote last, and the turns that it got. */
async function rendered(messages: readonly ChatMessage[], write: (content: unknown) => string) {
  const got: unknown[] = [];
  const engine = {
    submit: (_: string, input: ReadPromptInput) => {
      got.push(input.messages!.map(({ content }) => content));
      return Promise.resolve({
        template_text: input.messages!.map(({ content }) => write(content)).join(""),
      });
    },
  };
  const { template_text } = await readChat(engine as never, { messages } as never, options);
  return { template_text, got };
}

const knowsText = (content: unknown) => {
  if (typeof content === "string") return content;
  throw fault("invalid_request", "can only concatenate str", "messages");
};
const knowsParts = (content: unknown) =>
  Array.isArray(content) ? content.map(({ text }) => text).join("") : String(content);
const prints = (content: unknown) =>
  Array.isArray(content) ? `[{'type': 'text', 'text': '${content[0].text}'}]` : String(content);

Deno.test("a template that knows parts gets them; one that does not, or prints them, gets their texts in lines", async () => {
  assert.deepEqual(await rendered(PARTS, knowsParts), { template_text: "ab", got: [[PARTS[0]!.content]] });
  for (const write of [knowsText, prints]) {
    assert.equal((await rendered(PARTS, write)).template_text, "a\nb");
  }
});

Deno.test("a turn without content is empty where a template wants a text", async () => {
  assert.deepEqual((await rendered(CALL, knowsText)).got, [[null], [""]]);
});

Deno.test("what a template refuses as texts too is refused for the turns as they are; other faults are told at once", async () => {
  let asked = 0;
  const engine = (code: "invalid_request" | "context_too_long") => ({
    submit: () => Promise.reject(fault(code, `${++asked}`)),
  });
  const read = (code: "invalid_request" | "context_too_long") =>
    readChat(engine(code) as never, { messages: PARTS } as never, options);
  await assert.rejects(read("invalid_request"), { message: "1" });
  assert.equal(asked, 2);
  await assert.rejects(read("context_too_long"), { message: "3" });
  assert.equal(asked, 3);
});

Deno.test("parts that are no text are refused with their place; the developer's turn is the system's", () => {
  const image = { type: "image_url", image_url: { url: "data:," } };
  const turns = [{ role: "user", content: [{ type: "text", text: "what" }, image] }];
  assert.throws(() => readTurns(turns), (error: Error) => {
    assert.match(
      error.message,
      /^Only text is read here: messages\[0\]\.content\[1\] is of type "image_url"\.$/,
    );
    return faultOf(error)?.field === "messages[0].content[1]";
  });
  assert.deepEqual(readTurns([{ role: "developer", content: "a" }]), [{ role: "system", content: "a" }]);
});

Deno.test("a part whose type or text is an object with a toString that is none is told, not a failure here", async () => {
  const odd = { toString: false };
  assert.throws(() => readTurns([{ role: "user", content: [{ type: odd }] }]), /is of type "object"/);
  const turn = { role: "user", content: [{ type: "text", text: odd }] };
  assert.equal((await rendered([turn], knowsText)).template_text, '{"toString":false}');
});

Deno.test("a part's text that is none is written as JSON, large whole numbers in all their digits", async () => {
  const odd = [12345678901234567890n, { toString: false, n: 2n ** 64n }, [1], null];
  const messages = odd.map((text) => ({ role: "user", content: [{ type: "text", text }] }));
  const { got } = await rendered(messages as never, knowsText);
  assert.deepEqual(got.at(-1), [
    "12345678901234567890",
    '{"toString":false,"n":"18446744073709551616"}',
    "[1]",
    "",
  ]);
});
