import assert from "node:assert/strict";
import fc from "fast-check";
import { stopReasonOf } from "../../lib/decode/stop.ts";
import { FAKE_EOS_ID, fakeEncode } from "../fake_model.ts";
import { fakeLanguage } from "../fake_language.ts";
import { FAKE_INFO } from "../fakes.ts";

const model = fakeLanguage(FAKE_INFO);
const bytes = (text: string) => [...new TextEncoder().encode(text)];

/** Why a completion ends whose last `count` tokens are new. */
const stop = (prompt: readonly number[], completion: readonly number[], stops: string[], count = 1) =>
  stopReasonOf(
    {
      ids: [...prompt, ...completion],
      promptLength: prompt.length,
      count,
      stopSequences: stops,
      mustEnd: false,
    },
    model,
  );

Deno.test("a stop sequence ends a step with the token that completes it, across token borders", () => {
  const ids = [...fakeEncode(" a cat"), ...bytes("\n\nUser:")];
  for (let length = 1; length <= ids.length; length++) {
    const expected = length === ids.length ? "stop_sequence" : null;
    assert.equal(stop(bytes("x"), ids.slice(0, length), ["\n\nUser:"]), expected);
  }
});

Deno.test("a stop sequence in the middle of a token counts, one completed earlier or in the prompt does not", () => {
  assert.equal(stop([], fakeEncode(" capital"), ["apit"]), "stop_sequence");
  assert.equal(stop([], [...fakeEncode(" capital"), 65], ["apit"]), null);
  assert.equal(stop(fakeEncode(" capital"), [65], ["apit"]), null);
  assert.equal(stop(bytes("ab"), bytes("cd"), ["bc"], 2), null);
});

Deno.test("a stop sequence of characters in several tokens ends with the last byte", () => {
  const ids = bytes("né→");
  const reasons = ids.map((_, at) => stop([], ids.slice(0, at + 1), ["é→"]));
  assert.deepEqual(reasons, [null, null, null, null, null, "stop_sequence"]);
});

Deno.test("the end-of-text token comes before a stop sequence, among several forced tokens too", () => {
  assert.equal(stop([65], [FAKE_EOS_ID], ["<|end|>"]), "eos_token");
  assert.equal(stop([65], [FAKE_EOS_ID, 66, 67], [], 3), "eos_token");
  assert.equal(stop([65], [FAKE_EOS_ID, 66, 67], [], 2), null);
});

Deno.test("however a text is cut into tokens and steps, exactly one step completes the first occurrence", () => {
  const piece = fc.constantFrom(...["a", "b", "é", "→", " a", "cat", "aab"].map(bytes), fakeEncode(" cat"));
  fc.assert(fc.property(
    fc.array(piece, { minLength: 1, maxLength: 12 }),
    fc.array(fc.constantFrom("a", "b", "é", "→"), { minLength: 1, maxLength: 3 }),
    (pieces, letters) => {
      const [ids, wanted] = [pieces.flat(), letters.join("")];
      const text = model.codec.decode(ids);
      const first = ids.findIndex((_, at) => stop([], ids.slice(0, at + 1), [wanted]) === "stop_sequence");
      assert.equal(first >= 0, text.includes(wanted), text);
      if (first < 0) return;
      assert.ok(model.codec.decode(ids.slice(0, first + 1)).includes(wanted));
      assert.ok(!model.codec.decode(ids.slice(0, first)).includes(wanted));
    },
  ));
});
