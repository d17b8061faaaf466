import assert from "node:assert/strict";
import fc from "fast-check";
import type { HintInput } from "../../../lib/explorer/teach/hints.ts";
import {
  countOpenBytes,
  hintsOf,
  isInstructName,
  looksLikeRequest,
} from "../../../lib/explorer/teach/hints.ts";
import { token } from "../builders.ts";

const BARE: HintInput = { mode: "text", prompt: "The sea is", tokens: null, usualIds: null, model: null };

function only(input: Partial<HintInput>) {
  const hints = hintsOf({ ...BARE, ...input });
  assert.equal(hints.length, 1, JSON.stringify(hints));
  return hints[0]!;
}

Deno.test("nothing is said of an ordinary prompt", () => {
  const model = { id: "owner/Small-Instruct", hasChatTemplate: true };
  assert.deepEqual(hintsOf({ ...BARE, model, tokens: [token(1), token(2)], usualIds: [1, 2] }), []);
  assert.deepEqual(hintsOf({ ...BARE, prompt: "   " }), []);
  assert.deepEqual(hintsOf({ ...BARE, prompt: "def f():\n    " }).map(({ kind }) => kind), []);
});

Deno.test("spaces at the end are named, and the fix removes them only", () => {
  const hint = only({ prompt: "The sea is " });
  assert.equal(hint.text, "Ends with a space: the next token is unusual.");
  assert.deepEqual(hint.fix, { kind: "text", text: "The sea is" });
  assert.equal(only({ prompt: "The sea is  " }).fixLabel, "Remove them");
});

Deno.test("bytes of an unfinished character are counted from the end", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme", minLength: 1 }), fc.nat(), (text, cut) => {
    const bytes = [...new TextEncoder().encode(text)];
    const kept = bytes.slice(0, cut % (bytes.length + 1));
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const { open, missing } = countOpenBytes(kept.map((byte) => ({ bytes: [byte], special: false })));
    assert.doesNotThrow(() => decoder.decode(Uint8Array.from(kept.slice(0, kept.length - open))));
    if (open > 0) {
      const whole = bytes.slice(0, kept.length + missing);
      assert.doesNotThrow(() => decoder.decode(Uint8Array.from(whole)));
    }
  }));
  const hint = only({ tokens: [token(1), { ...token(2), bytes: [0xf0, 0x9f] }] });
  assert.equal(hint.text, "Ends inside a character: 2 bytes are open.");
  assert.deepEqual(hint.fix, { kind: "complete", missing: 2 });
});

Deno.test("signs that look like others are replaced; joiners of scripts and emoji stay", () => {
  const hint = only({ prompt: "a\u00A0b\r\nc\uFEFFd" });
  assert.deepEqual(hint.fix, { kind: "text", text: "a b\ncd" });
  assert.match(hint.text, /line ends of Windows and non-breaking spaces and invisible characters/);
  assert.deepEqual(hintsOf({ ...BARE, prompt: "👩\u200D💻 می\u200Cخواهم" }), []);
});

Deno.test("tokens that the tokenizer would not write are told", () => {
  const hint = only({ tokens: [token(1), token(2), token(3)], usualIds: [1, 9] });
  assert.equal(hint.text, "Cut into tokens in an unusual way: 3 of them, usually 2, first at token 2.");
  assert.deepEqual(hint.fix, { kind: "retokenize" });
  assert.match(
    only({ tokens: [token(1), token(2)], usualIds: [1, 9] }).text,
    /^Cut into tokens in an unusual way, first at token 2/,
  );
});

Deno.test("a request to an instruct model without its template is told, a beginning is not", () => {
  const model = { id: "owner/Small-135M-Instruct", hasChatTemplate: true };
  assert.deepEqual(only({ model, prompt: "What is the capital of France?" }).fix, {
    kind: "mode",
    mode: "chat",
  });
  assert.deepEqual(hintsOf({ ...BARE, model, prompt: "The capital of France is" }), []);
  const base = { id: "owner/Small-135M", hasChatTemplate: false };
  assert.deepEqual(hintsOf({ ...BARE, model: base, prompt: "What is that?" }), []);
  const bare = only({ mode: "chat", model: { ...model, hasChatTemplate: false } });
  assert.match(bare.text, /without its chat template/);
  assert.deepEqual(bare.fix, { kind: "mode", mode: "text" });
});

Deno.test("names and sentences are told apart", () => {
  const names = [
    "a/Qwen2.5-0.5B-Instruct",
    "a/gemma-3-1b-it-ONNX",
    "a/tiny-chat",
    "instruct/gpt2",
    "a/bitnet",
  ];
  assert.deepEqual(names.map(isInstructName), [true, true, true, false, false]);
  assert.deepEqual(["Write a poem.", "Write a", "List of rivers", "Is it so?"].map(looksLikeRequest), [
    true,
    false,
    false,
    true,
  ]);
});
