import assert from "node:assert/strict";
import { Turns } from "../../lib/basics/turns.ts";
import type { Slices } from "../../lib/basics/slices.ts";
import { detokenize } from "../../lib/decode/read_prompt.ts";
import { FAKE_VOCAB_SIZE } from "../fake_model.ts";
import { fakeCodec, fakeLanguage } from "../fake_language.ts";
import { FAKE_INFO } from "../fakes.ts";
import { finish } from "../finish.ts";

/** Counts the slices of all works. */
class Counted extends Turns {
  slices = 0;

  override finish<T>(work: Slices<T>, signal?: AbortSignal): Promise<T> {
    return super.finish(this.#count(work), signal);
  }

  *#count<T>(work: Slices<T>): Slices<T> {
    for (let step = work.next();; step = work.next()) {
      if (step.done) return step.value;
      this.slices++;
      yield;
    }
  }
}

async function textOf(text: string): Promise<{ answer: unknown; slices: number }> {
  const turns = new Counted();
  const codec = {
    ...fakeCodec,
    *decodeInSlices(): Slices<string> {
      return yield, text;
    },
  };
  const model = { ...fakeLanguage(FAKE_INFO), codec, turns };
  const json = await finish(
    detokenize({ model_key: null, ids: [1, 2] }, model, new AbortController().signal),
  );
  return { answer: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json)), slices: turns.slices };
}

Deno.test("a long text of ids is written in slices, wherever they cut it", async () => {
  for (const before of ["", "a", '"\\\n\u0000']) {
    const text = before + "🦜".repeat(100_000);
    const { answer, slices } = await textOf(text);
    assert.deepEqual(answer, { content: text, prompt: text });
    assert.ok(slices >= 200_000 / 2 ** 16, `${slices} slices`);
  }
  assert.deepEqual((await textOf("")).answer, { content: "", prompt: "" });
});

Deno.test("ids that the model lacks have no text", async () => {
  const ids = [1, FAKE_VOCAB_SIZE];
  const slices = detokenize({ model_key: null, ids }, fakeLanguage(FAKE_INFO), new AbortController().signal);
  await assert.rejects(finish(slices), /tokens\[1\]|token/);
});
