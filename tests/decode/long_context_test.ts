// Long conversations and lists of ids hold up nobody, and end where they are too long.
import assert from "node:assert/strict";
import { parseRequest } from "../../lib/api/http/parse.ts";
import { previewRequest } from "../../lib/api/endpoints/preview.ts";
import { Turns } from "../../lib/basics/turns.ts";
import { contextOf } from "../../lib/decode/context.ts";
import type { LanguageModel } from "../../lib/decode/types.ts";
import { faultOf } from "../../lib/fault.ts";
import { fakeLanguage } from "../fake_language.ts";
import { FAKE_CONTEXT_LENGTH, FAKE_VOCAB_SIZE } from "../fake_model.ts";
import { FAKE_INFO } from "../fakes.ts";

const ask = (source: object, model: LanguageModel) =>
  contextOf(parseRequest(previewRequest, source), model, new AbortController().signal);

Deno.test("special tokens are looked for in all turns by one work, which rests between them", async () => {
  let [works, rests] = [0, 0];
  const turns = new Turns();
  const finish: Turns["finish"] = (work, signal) => {
    works++;
    return turns.finish(
      function* () {
        for (let step = work.next();; step = work.next()) {
          if (step.done) return step.value;
          rests++;
          yield;
        }
      }(),
      signal,
    );
  };
  const model = { ...fakeLanguage({ ...FAKE_INFO, hasChatTemplate: true }), turns: { finish } as Turns };
  const spoken = (count: number) => Array.from({ length: count }, () => ({ role: "user", content: "a" }));
  await ask({ messages: spoken(1) }, model);
  const [before, rested] = [works, rests];
  await ask({ messages: spoken(20) }, model);
  assert.equal(works, 2 * before);
  assert.ok(rests - rested >= 20);
});

Deno.test("more ids than a context has are too many, whatever they are", async () => {
  const refusal = (prompt_ids: readonly number[]) =>
    ask({ prompt_ids }, fakeLanguage(FAKE_INFO)).then(() => "read", (error) => faultOf(error)?.code);
  const ids = Array<number>(FAKE_CONTEXT_LENGTH + 1).fill(FAKE_VOCAB_SIZE);
  assert.equal(await refusal(ids), "context_too_long");
  assert.equal(await refusal(ids.slice(1)), "unknown_token");
});
