import assert from "node:assert/strict";
import type { Sandbox } from "../../../lib/sandbox/sandbox.ts";
import { createLanguage } from "../../../lib/worker/opening/language.ts";
import { fakeCodec, fakeLanguage } from "../../fake_language.ts";
import { FAKE_INFO } from "../../fakes.ts";

Deno.test("templates, searches and constraints each wait in a queue of their own", async () => {
  const asked: string[] = [];
  const stuck = (name: string): Sandbox => ({
    run: (kind) => {
      asked.push(`${name} ${kind}`);
      return new Promise(() => {});
    },
    restart: () => {},
    close: () => {},
  });
  const answering: Sandbox = { ...stuck("templates"), run: () => Promise.resolve("rendered" as never) };
  const folder = { tokenizerConfig: {}, chatTemplates: { default: "{{ messages }}" } };
  const sandboxes = { templates: answering, searches: stuck("searches"), constraints: stuck("constraints") };
  const language = createLanguage(FAKE_INFO, folder, fakeCodec, fakeLanguage(FAKE_INFO), sandboxes);
  const { signal } = new AbortController();
  // A search whose pattern runs for ever ...
  const search = language.vocabulary.find({ query: "(a+)+$", mode: "regex" }, signal);
  while (asked.length === 0) await search.next();
  assert.deepEqual(asked, ["searches regex_search"]);
  // ... and a template that is rendered meanwhile.
  const options = {
    addGenerationPrompt: true,
    continueFinalMessage: false,
    template: null,
    variables: {},
    signal,
  };
  assert.equal(await language.chat?.render([{ role: "user", content: "hi" }], options), "rendered");
});
